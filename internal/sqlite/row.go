package sqlite

// Row is what a row has of text and blobs. It is valid until yield returns.
type Row struct {
	RowID  int64 // 0 in a table WITHOUT ROWID
	Values []Value
}

// Value is a text or a blob.
type Value struct {
	Column int    // from 0, in the order of [Table.Columns]
	Text   bool   // else a blob
	Bytes  []byte // text is UTF-8, if the program that stored it kept to its encoding
}

// Rows gives yield every row of the table until it returns false. Rows with
// rowids come in their order. Numbers and NULL are left out of a row.
//
// Damage does not end it: what can be read is yielded, a row that is cut as far
// as it goes. What could not be read is the error, [*CorruptError],
// [*RowTooBigError], [ErrChanged] and errors of the reader joined. yield may
// walk other tables, not this one.
func (t *Table) Rows(yield func(Row) bool) error {
	t.db.used.removeAll(t.pages)
	t.pages = pageSet{}
	w := &rowWalk{walk: t.db.newWalk(t.db.used, t.pages)}
	w.tree(t.root, 1, func(p *treePage) bool {
		if p.kind == interiorTable {
			return true
		}
		for _, c := range p.cells {
			record := w.record(p.number, c)
			if !yield(w.row(p.number, c.rowID, record)) {
				return false
			}
		}
		return true
	})
	return w.err()
}

// rowWalk is a walk that puts rows together. Its memory is that of one row.
type rowWalk struct {
	*walk
	joined []byte  // a payload that is not all in one page
	values []Value // of the row
	text   []byte  // of the row, converted
	broken bool    // the record is cut, and that is said
}

// record returns the payload of c in page n, up to the limit and the damage.
func (w *rowWalk) record(n uint32, c cell) []byte {
	w.broken = false
	if c.overflow == 0 {
		return c.local
	}
	size := min(c.size, max(w.db.MaxRow, int64(len(c.local))))
	w.joined = append(w.joined[:0], c.local...)
	err := w.overflow(c, n, size-int64(len(c.local)), func(_ uint32, content, _ []byte) {
		w.joined = append(w.joined, content...)
	})
	if err == nil && size < c.size {
		err = &RowTooBigError{Page: int(n), RowID: c.rowID, Size: c.size, Limit: size}
	}
	w.broken = err != nil
	w.add(err)
	return w.joined
}

// row takes the text and the blobs out of a record.
func (w *rowWalk) row(n uint32, rowID int64, record []byte) Row {
	w.values, w.text = w.values[:0], w.text[:0]
	wrong := fields(record, func(column int, serial uint64, content []byte) {
		if !isText(serial) && !isBlob(serial) {
			return
		}
		v := Value{Column: column, Text: isText(serial), Bytes: content}
		if v.Text && w.db.encoding != UTF8 {
			start := len(w.text)
			w.text = appendUTF8(w.text, content, w.db.encoding)
			v.Bytes = w.text[start:]
		}
		w.values = append(w.values, v)
	})
	if wrong != "" && !w.broken {
		w.add(corrupt(n, "%s", wrong))
	}
	return Row{RowID: rowID, Values: w.values}
}
