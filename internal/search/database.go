package search

import (
	"context"
	"fmt"
	"io"

	"github.com/clawsecrets/clawsecrets/internal/sqlite"
)

// database searches the rows of a SQLite file, and what deleted and changed rows have left
// in it and in its write-ahead log. With an error come the hits among what could be read.
func (t *texts) database(ctx context.Context, file io.ReaderAt, size int64, wal io.ReaderAt, walSize int64) ([]Hit, error) {
	db, err := sqlite.Open(file, size, wal, walSize)
	if err != nil {
		return nil, err
	}
	d := databaseSearch{texts: t, ctx: ctx, live: map[string]bool{}}
	tables, problem := db.Tables()
	for _, table := range tables {
		problem = firstError(problem, table.Rows(func(row sqlite.Row) bool { return d.row(table.Name, row) }))
	}
	for _, remains := range []func(func(int, []byte) bool) error{db.Free, db.Superseded} {
		problem = firstError(problem, remains(d.remains))
	}
	return d.hits, firstError(ctx.Err(), problem)
}

type databaseSearch struct {
	*texts
	ctx  context.Context
	live map[string]bool // values that rows hold
	hits []Hit
}

// row searches a row. It reports whether to go on.
func (d *databaseSearch) row(table string, row sqlite.Row) bool {
	for _, value := range row.Values {
		for _, h := range d.value(value.Bytes) {
			h.Pointer = fmt.Sprintf("%s/%d/%d%s", table, row.RowID, value.Column, h.Pointer)
			d.live[h.Value.Reveal()] = true
			d.hits = append(d.hits, h)
		}
	}
	return d.ctx.Err() == nil
}

// remains searches bytes that no row holds any more. A value that is still in a row is no
// remains.
func (d *databaseSearch) remains(page int, data []byte) bool {
	for _, h := range d.value(data) {
		if d.live[h.Value.Reveal()] {
			continue
		}
		d.live[h.Value.Reveal()] = true
		h.Pointer = fmt.Sprintf("page %d", page)
		h.Deleted = true
		d.hits = append(d.hits, h)
	}
	return d.ctx.Err() == nil
}

// value searches a text from a database. Its hits have no place in the file.
func (t *texts) value(text []byte) []Hit {
	t.hits = t.hits[:0]
	record := isRecord(text)
	if record {
		t.record(text)
	} else {
		t.plain(text)
	}
	hits := distinct(t.hits)
	for i := range hits {
		h := &hits[i]
		if record {
			h.Pointer = discreet(pointer(text, int(h.Start)), hits)
		}
		h.Start, h.End = 0, 0
	}
	return hits
}

func firstError(a, b error) error {
	if a != nil {
		return a
	}
	return b
}
