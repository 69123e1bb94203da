package sqlite

import "encoding/binary"

// The kinds of b-tree pages. A table's tree is of the table kinds; that of an
// index, and of a table WITHOUT ROWID, of the index kinds.
const (
	interiorIndex = 2
	interiorTable = 5
	leafIndex     = 10
	leafTable     = 13
)

// treePage is one page of a b-tree.
type treePage struct {
	number   uint32
	data     []byte // without the reserved bytes
	kind     byte
	cells    []cell
	children []uint32 // in order, the right-most one last
	body     int      // where the header and the cell pointers end
}

// cell is an entry of a page: a row, or a key, or in an interior page of a table
// only a child.
type cell struct {
	start, end int // in the page
	rowID      int64
	size       int64  // of the whole payload
	local      []byte // the payload's beginning, in the page
	overflow   uint32 // the first page of the rest, 0 if local is all
}

func (p *treePage) isIndex() bool { return p.kind == interiorIndex || p.kind == leafIndex }

func (p *treePage) isInterior() bool { return p.kind == interiorIndex || p.kind == interiorTable }

// parse reads the page in data. Cells that are damaged are left out and added to
// found; the error is for a page that is no b-tree page at all.
func (p *treePage) parse(number uint32, data []byte, found *problems) error {
	*p = treePage{number: number, data: data, cells: p.cells[:0], children: p.children[:0]}
	header := 0
	if number == 1 {
		header = headerSize
	}
	p.kind = data[header]
	switch p.kind {
	case interiorIndex, interiorTable, leafIndex, leafTable:
	default:
		return corrupt(number, "is not a b-tree page: it is of kind %d", p.kind)
	}
	pointers := header + 8
	if p.isInterior() {
		pointers += 4
	}
	count := int(binary.BigEndian.Uint16(data[header+3:]))
	p.body = pointers + 2*count
	if p.body > len(data) {
		return corrupt(number, "claims %d cells, which do not fit", count)
	}
	p.parseCells(data[pointers:p.body], found)
	if p.isInterior() {
		p.children = append(p.children, binary.BigEndian.Uint32(data[header+8:]))
	}
	return nil
}

// parseCells reads the cells that pointers point to.
func (p *treePage) parseCells(pointers []byte, found *problems) {
	total := 0
	for i := 0; i < len(pointers); i += 2 {
		c, ok := p.parseCell(int(binary.BigEndian.Uint16(pointers[i:])))
		if !ok {
			found.add(corrupt(p.number, "has a cell, number %d, that is not within it", i/2+1))
			continue
		}
		// Cells that share bytes would make a small file endless to read.
		if total += c.end - c.start; total > len(p.data) {
			found.add(corrupt(p.number, "has cells that overlap, from number %d on", i/2+1))
			return
		}
		p.cells = append(p.cells, c)
	}
}

// parseCell reads the cell at start; false if it does not lie within the page.
func (p *treePage) parseCell(start int) (cell, bool) {
	c := cell{start: start}
	if start < p.body {
		return c, false
	}
	r := reader{data: p.data, at: start}
	if p.isInterior() {
		child := r.uint32()
		if !r.failed {
			p.children = append(p.children, child)
		}
	}
	if p.kind != interiorTable {
		c.size = int64(r.varint())
	}
	if !p.isIndex() {
		c.rowID = int64(r.varint())
	}
	if c.size < 0 {
		return c, false
	}
	c.local = r.bytes(localSize(c.size, len(p.data), p.isIndex()))
	if int64(len(c.local)) < c.size {
		c.overflow = r.uint32()
	}
	c.end = max(r.at, start+4) // SQLite makes no cell smaller than a free block
	return c, !r.failed && c.end <= len(p.data)
}

// localSize returns how many bytes of a payload of size bytes are in the page.
func localSize(size int64, usable int, index bool) int {
	most := usable - 35
	if index {
		most = (usable-12)*64/255 - 23
	}
	if size <= int64(most) {
		return int(size)
	}
	least := (usable-12)*32/255 - 23
	local := least + int((size-int64(least))%int64(usable-4))
	if local > most {
		return least
	}
	return local
}
