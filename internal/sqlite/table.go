package sqlite

import "strings"

// schemaRoot is the page where sqlite_schema begins, the table of the others.
const schemaRoot = 1

// Table is a table that has rows in the file: no view, no virtual table (what a
// virtual table stores is in tables of its own).
type Table struct {
	Name string
	// Columns has the names in the order in which the file stores the values,
	// which is not that of the declaration in a table WITHOUT ROWID. Nil if
	// the declaration was not understood.
	Columns      []string
	WithoutRowID bool

	db    *DB
	root  uint32
	pages pageSet // of the last walk
}

// schema is what sqlite_schema says.
type schema struct {
	tables []*Table
	roots  []uint32 // of all b-trees, those of indexes too
	err    error
}

// Tables returns the tables, sqlite_schema first, then in its order. With an
// error, as [Table.Rows] has it, come the tables that could be read.
func (d *DB) Tables() ([]*Table, error) {
	if d.schema == nil {
		d.schema = d.readSchema()
	}
	return d.schema.tables, d.schema.err
}

func (d *DB) readSchema() *schema {
	if d.pages == 0 {
		return &schema{}
	}
	first := &Table{
		Name: "sqlite_schema", Columns: []string{"type", "name", "tbl_name", "rootpage", "sql"},
		db: d, root: schemaRoot, pages: pageSet{},
	}
	s := &schema{tables: []*Table{first}, roots: []uint32{schemaRoot}}
	w := &rowWalk{walk: d.newWalk(pageSet{}, pageSet{})}
	taken := pageSet{} // so that one page is not the root of a million tables
	taken.add(schemaRoot)
	w.tree(schemaRoot, schemaRoot, func(p *treePage) bool {
		if p.kind != leafTable {
			return true
		}
		for _, c := range p.cells {
			entry := d.parseEntry(w.record(p.number, c))
			switch {
			case entry.root == 0:
				continue
			case entry.root < 0 || entry.root > int64(d.pages):
				w.add(corrupt(p.number, "puts a table or index at page %d of %d", entry.root, d.pages))
				continue
			case !taken.add(uint32(entry.root)):
				w.add(corrupt(p.number, "puts two tables or indexes at page %d", entry.root))
				continue
			}
			s.roots = append(s.roots, uint32(entry.root))
			if entry.kind == "table" {
				s.tables = append(s.tables, d.newTable(entry))
			}
		}
		return true
	})
	s.err = w.err()
	return s
}

// schemaEntry is a row of sqlite_schema.
type schemaEntry struct {
	kind, name, sql string
	root            int64 // 0 for views, triggers and virtual tables
}

// parseEntry needs no error for a damaged row: that is one when sqlite_schema is
// read as a table.
func (d *DB) parseEntry(record []byte) schemaEntry {
	var e schemaEntry
	fields(record, func(column int, serial uint64, content []byte) {
		if column == 3 {
			e.root = integer(serial, content)
			return
		}
		text := string(appendUTF8(nil, content, d.encoding))
		switch column {
		case 0:
			e.kind = text
		case 1:
			e.name = text
		case 4:
			e.sql = text
		}
	})
	return e
}

// newTable makes the table of an entry. What its root page is decides whether
// there are rowids: the tree is read by that too.
func (d *DB) newTable(e schemaEntry) *Table {
	t := &Table{Name: strings.ToValidUTF8(e.name, "\uFFFD"), db: d, root: uint32(e.root), pages: pageSet{}}
	if page, err := d.read(t.root, d.newBuffer()); err == nil {
		kind := page[0]
		t.WithoutRowID = kind == leafIndex || kind == interiorIndex
	}
	t.Columns = storedColumns(e.sql, t.WithoutRowID)
	return t
}
