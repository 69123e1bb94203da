// Package sqlite reads every row of a SQLite database, and what deleted rows
// left behind, without touching it: no lock, no -shm, no -wal, nothing written.
// It sees what a running program has committed to its write-ahead log, and goes
// on behind a damaged page. It owns the file format
// (https://www.sqlite.org/fileformat2.html) and no more: it runs no SQL, opens
// no file and must not know what the rows mean.
//
// Three methods share out the bytes of the files: [Table.Rows] gives what is
// live, [DB.Free] what lies in the database between and beside the live rows,
// [DB.Superseded] older versions of pages. The rollback journal (-journal) is
// not read: while there is one the database may show rows that were never
// committed.
package sqlite

import "io"

// DefaultMaxRow is [DB.MaxRow] after [Open]: 64 MiB.
const DefaultMaxRow = 64 << 20

// DB is a database that is being read, as of its last commit when [Open] saw
// it. It is not for concurrent use.
type DB struct {
	// MaxRow is how many bytes of one row are held in memory. What a row has
	// beyond it is not read, and a [*RowTooBigError].
	MaxRow int64

	main     io.ReaderAt
	size     int64
	log      writeAheadLog
	pageSize int
	usable   int    // the bytes of a page less those reserved for extensions
	pages    uint32 // the highest number there is
	encoding Encoding
	vacuums  bool // auto_vacuum: some pages hold only back pointers

	schema *schema // nil until it is read
	used   pageSet // pages that the walks through the tables have come by
}

// Open reads the header of a database of size bytes, and which pages its
// write-ahead log of walSize bytes replaces; wal is nil where there is none. A
// log that is stale or damaged counts up to its last valid commit. Both
// readers are used as long as the DB is.
//
// If a program may be writing to the database, take walSize before size: a
// checkpoint between the two then shows as [ErrChanged] and not as rows missing.
// One that also copies a commit made after Open mixes two states, which may go
// unnoticed or look like damage: read again if the files' sizes and times are not
// the same after the walk.
//
// The error is [ErrNotDatabase], a [*CorruptError] for page 1, [ErrChanged] or one
// of the readers. An empty file is a database without tables, as it is for SQLite.
func Open(db io.ReaderAt, size int64, wal io.ReaderAt, walSize int64) (*DB, error) {
	d := &DB{MaxRow: DefaultMaxRow, main: db, size: size, used: pageSet{}}
	if wal != nil {
		log, err := readLog(wal, walSize)
		if err != nil {
			return nil, err
		}
		d.log = log
	}
	if err := d.readHeader(); err != nil {
		return nil, err
	}
	d.pages = uint32(d.mainPages())
	for n := range d.log.frames {
		d.pages = max(d.pages, n)
	}
	return d, nil
}

// Encoding returns how the database stores text. Rows come as UTF-8 whatever it
// is; the bytes of [DB.Free] and [DB.Superseded] come as they are stored.
func (d *DB) Encoding() Encoding { return d.encoding }

// PageSize returns the bytes of a page, 0 for an empty file.
func (d *DB) PageSize() int { return d.pageSize }
