package search

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/clawsecrets/clawsecrets/internal/sqlite"
)

// attempts is how often a database is read that is written meanwhile.
const attempts = 4

var errWritten = errors.New("it was written while it was read: stop the program that writes it, or scan again")

// searchDatabase searches a SQLite file together with its write-ahead log.
func (s *fileState) searchDatabase(r *run, t *texts) ([]Hit, error) {
	return untilQuiet(r.ctx, func() ([]Hit, bool, error) { return s.readDatabase(r.ctx, t) })
}

// untilQuiet reads a database again, a few times, as long as that fails and the database was
// written meanwhile: a mixture of two states looks like damage.
func untilQuiet(ctx context.Context, read func() (hits []Hit, written bool, err error)) ([]Hit, error) {
	for attempt := 1; ; attempt++ {
		hits, written, err := read()
		switch {
		case err == nil || !written || ctx.Err() != nil:
			return hits, err
		case attempt == attempts:
			return hits, errWritten
		}
	}
}

// readDatabase searches the database as it is now. It reports whether it was written
// meanwhile.
func (s *fileState) readDatabase(ctx context.Context, t *texts) (hits []Hit, written bool, err error) {
	name := s.file.Path + logOf
	// The log's size first: see [sqlite.Open].
	before := statOf(name)
	var log io.ReaderAt
	var logSize int64
	if before != nil {
		file, info, problem := opened(name)
		if problem != "" {
			return nil, statOf(name) == nil, errors.New("its write-ahead log: " + problem)
		}
		defer func() { _ = file.Close() }()
		log, logSize = file, info.Size()
	}
	info, err := s.handle.Stat()
	if err != nil {
		return nil, false, err
	}
	hits, err = t.database(ctx, s.handle, info.Size(), log, logSize)
	now, statErr := s.handle.Stat()
	written = errors.Is(err, sqlite.ErrChanged) || statErr != nil || changed(info, now) || changed(before, statOf(name))
	return hits, written, err
}

// statOf returns what the system says about a file, nil where there is none.
func statOf(name string) fs.FileInfo {
	info, err := os.Lstat(name)
	if err != nil {
		return nil
	}
	return info
}

// changed reports whether a file is not what it was.
func changed(was, now fs.FileInfo) bool {
	if was == nil || now == nil {
		return (was == nil) != (now == nil)
	}
	return !os.SameFile(was, now) || was.Size() != now.Size() || !was.ModTime().Equal(now.ModTime())
}

// database searches the rows of a SQLite file, and what deleted and changed rows have left
// in it and in its write-ahead log. With an error come the hits among what could be read.
func (t *texts) database(ctx context.Context, file io.ReaderAt, size int64, wal io.ReaderAt, walSize int64) ([]Hit, error) {
	db, err := sqlite.Open(file, size, wal, walSize)
	if err != nil {
		return nil, err
	}
	d := databaseSearch{texts: t, ctx: ctx, live: map[string]bool{}, encoding: db.Encoding()}
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

	encoding sqlite.Encoding
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

// remains searches bytes that no row holds any more.
func (d *databaseSearch) remains(page int, data []byte) bool {
	d.deleted(page, d.value(data))
	if d.encoding == sqlite.UTF16LE || d.encoding == sqlite.UTF16BE {
		// A text may begin at any byte.
		for odd := range min(2, len(data)) {
			d.deleted(page, d.value(narrow(data[odd:], d.encoding == sqlite.UTF16BE)))
		}
	}
	return d.ctx.Err() == nil
}

// deleted records what was found in remains. A value that is still in a row is none.
func (d *databaseSearch) deleted(page int, hits []Hit) {
	for _, h := range hits {
		if d.live[h.Value.Reveal()] {
			continue
		}
		d.live[h.Value.Reveal()] = true
		h.Pointer = fmt.Sprintf("page %d", page)
		h.Deleted = true
		d.hits = append(d.hits, h)
	}
}

// value searches a text from a database. Its hits have no place in the file.
func (t *texts) value(text []byte) []Hit {
	record := isRecord(bytes.TrimSpace(text))
	hits := t.part(text, record, record)
	for i := range hits {
		hits[i].Start, hits[i].End = 0, 0
	}
	return hits
}

func firstError(a, b error) error {
	if a != nil {
		return a
	}
	return b
}
