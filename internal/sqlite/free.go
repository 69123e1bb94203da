package sqlite

import (
	"bytes"
	"cmp"
	"slices"
)

// Free gives yield the bytes of the database that no table and no index uses,
// with their page, until it returns false: the free pages, and in the pages that
// are in use what is between the rows and behind their ends. Deleted rows lie
// there until they are overwritten, unless the program sets secure_delete. What
// the trees cannot be followed to, because they are damaged, counts as free.
// Data is valid until yield returns; runs of zeros and of fewer than 4 bytes are
// left out. The error is as that of [Table.Rows].
func (d *DB) Free(yield func(page int, data []byte) bool) error {
	_, err := d.Tables()
	w := &freeWalk{walk: d.newWalk(pageSet{}, pageSet{}), yield: yield}
	w.add(err)
	if d.pages == 0 {
		return nil
	}
	for _, root := range d.schema.roots {
		if !w.tree(root, schemaRoot, w.visit) {
			return w.err()
		}
	}
	for n := range d.numbers() {
		if w.used.has(n) || d.holdsNoRows(n) {
			continue
		}
		data, err := d.readRest(n, w.treeBuffer)
		w.add(err)
		if w.give(n, data); w.done {
			break
		}
	}
	return w.err()
}

// freeWalk is a walk that yields what it does not come by.
type freeWalk struct {
	*walk
	yield func(page int, data []byte) bool
	done  bool
	cells []cell // of the page, by where they are
}

// visit yields what is in p beside its cells, and follows these to the end.
func (w *freeWalk) visit(p *treePage) bool {
	w.cells = append(w.cells[:0], p.cells...)
	slices.SortFunc(w.cells, func(a, b cell) int { return cmp.Compare(a.start, b.start) })
	at := p.body
	for _, c := range w.cells {
		w.give(p.number, p.data[at:max(at, c.start)])
		at = max(at, c.end)
	}
	w.give(p.number, p.data[at:])
	for _, c := range w.cells {
		if c.overflow != 0 {
			w.add(w.overflow(c, p.number, c.size-int64(len(c.local)), func(n uint32, _, slack []byte) {
				w.give(n, slack)
			}))
		}
	}
	return !w.done
}

// give yields data that is worth it.
func (w *freeWalk) give(n uint32, data []byte) {
	if !w.done && len(data) >= 4 && len(bytes.TrimLeft(data, "\x00")) > 0 {
		w.done = !w.yield(int(n), data)
	}
}
