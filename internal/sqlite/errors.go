package sqlite

import (
	"errors"
	"fmt"
)

// ErrNotDatabase is what [Open] returns for a file without SQLite's header.
var ErrNotDatabase = errors.New("encrypted or not a SQLite database")

// ErrChanged means that a program overwrote the write-ahead log during the
// walk. What was read is a mixture of two states: open the database again.
var ErrChanged = errors.New("the SQLite database was written while it was read: read it again")

// CorruptError is a place where a file is not what the format asks for. It
// holds numbers only, nothing of the file's content.
type CorruptError struct {
	Page int    // from 1; 0 for the header of the write-ahead log
	What string // what is wrong, as the rest of a sentence about the page
}

func (e *CorruptError) Error() string {
	if e.Page == 0 {
		return "SQLite write-ahead log is damaged: " + e.What
	}
	return fmt.Sprintf("SQLite database is damaged: page %d %s", e.Page, e.What)
}

// corrupt returns a [*CorruptError].
func corrupt(page uint32, format string, arguments ...any) error {
	return &CorruptError{Page: int(page), What: fmt.Sprintf(format, arguments...)}
}

// RowTooBigError is a row of which only the first Limit bytes were read.
type RowTooBigError struct {
	Page  int   // where the row begins
	RowID int64 // 0 in a table WITHOUT ROWID
	Size  int64 // in bytes
	Limit int64 // in bytes
}

func (e *RowTooBigError) Error() string {
	return fmt.Sprintf("SQLite row %d on page %d has %d bytes, of which the first %d were read",
		e.RowID, e.Page, e.Size, e.Limit)
}

// maxProblems bounds the errors that one walk keeps: a damaged file has one a page.
const maxProblems = 16

// problems collects the errors of a walk that goes on.
type problems struct {
	kept    []error
	dropped int
}

func (p *problems) add(err error) {
	switch {
	case err == nil:
	case len(p.kept) < maxProblems:
		p.kept = append(p.kept, err)
	default:
		p.dropped++
	}
}

// err returns all of them joined, nil if there are none.
func (p *problems) err() error {
	if p.dropped == 0 {
		return errors.Join(p.kept...)
	}
	return errors.Join(append(p.kept[:len(p.kept):len(p.kept)], fmt.Errorf("and %d more errors", p.dropped))...)
}
