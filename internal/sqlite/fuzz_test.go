package sqlite

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
)

// countingReader counts the reads, which stand for the work.
type countingReader struct {
	*bytes.Reader
	reads *int
}

func (r countingReader) ReadAt(p []byte, offset int64) (int, error) {
	*r.reads++
	return r.Reader.ReadAt(p, offset)
}

// checkRead reads everything there is in any two files. Whatever is in them it
// ends; the work, and what is yielded, is in proportion to their size; a second
// walk gives what the first gave; and errors are of the kinds that hold no content.
func checkRead(t *testing.T, main, wal []byte) {
	t.Helper()
	reads, size := 0, len(main)+len(wal)
	var log io.ReaderAt
	if wal != nil {
		log = countingReader{bytes.NewReader(wal), &reads}
	}
	db, err := Open(countingReader{bytes.NewReader(main), &reads}, int64(len(main)), log, int64(len(wal)))
	if err != nil {
		checkErrors(t, err)
		return
	}
	rows, _, err := countRows(t, db, size)
	checkErrors(t, err)
	again, total, _ := countRows(t, db, size)
	if rows != again {
		t.Errorf("the first walk gives %d rows, the second %d", rows, again)
	}
	if total > 2*size { // UTF-16 grows as it becomes UTF-8
		t.Errorf("Rows gives %d bytes of a file of %d", total, size)
	}
	for name, method := range map[string]func(func(int, []byte) bool) error{"Free": db.Free, "Superseded": db.Superseded} {
		total := 0
		checkErrors(t, method(func(_ int, data []byte) bool {
			total += len(data)
			return true
		}))
		if total > size {
			t.Errorf("%s gives %d bytes of a file of %d", name, total, size)
		}
	}
	if limit := 10*(size/512+1) + 100; reads > limit {
		t.Errorf("%d reads of a file of %d bytes, want at most %d", reads, size, limit)
	}
}

// countRows walks all tables and returns how many rows and bytes they gave.
func countRows(t *testing.T, db *DB, size int) (rows, total int, err error) {
	tables, err := db.Tables()
	for _, table := range tables {
		if len(table.Columns) > maxColumns {
			t.Errorf("%d columns", len(table.Columns))
		}
		err = errors.Join(err, table.Rows(func(row Row) bool {
			rows++
			for _, v := range row.Values {
				if len(v.Bytes) > 2*size {
					t.Errorf("a value of %d bytes in a file of %d", len(v.Bytes), size)
				}
				total += len(v.Bytes)
			}
			return true
		}))
	}
	return rows, total, err
}

// checkErrors fails for an error that is not of this package's own making.
func checkErrors(t *testing.T, err error) {
	t.Helper()
	var corrupt *CorruptError
	var big *RowTooBigError
	joined, isJoined := err.(interface{ Unwrap() []error })
	switch {
	case isJoined:
		for _, err := range joined.Unwrap() {
			checkErrors(t, err)
		}
	case err == nil, errors.As(err, &corrupt), errors.As(err, &big), errors.Is(err, ErrNotDatabase):
	case strings.HasSuffix(err.Error(), " more errors"):
	default:
		t.Errorf("unexpected error: %v", err)
	}
}

// seeds are what the mutations start from.
func seeds(t testing.TB) []*truth {
	return []*truth{build(t, "small"), build(t, "smallutf16"), build(t, "smallwal")}
}

// TestMutations is the fuzzer's property over a fixed series of damages.
func TestMutations(t *testing.T) {
	noise := rand.New(rand.NewPCG(1, 2))
	for _, seed := range seeds(t) {
		for range 500 {
			wal := mutate(noise, seed.wal)
			if len(wal) > logHeaderSize {
				repair(wal)
			}
			checkRead(t, mutate(noise, seed.main), wal)
		}
	}
}

// mutate returns a copy with a few bytes changed, and at times cut.
func mutate(noise *rand.Rand, data []byte) []byte {
	if len(data) == 0 {
		return nil
	}
	data = bytes.Clone(data)
	for range noise.IntN(8) {
		at := noise.IntN(len(data))
		if noise.IntN(2) == 0 { // where the structure is
			at = at/512*512 + noise.IntN(min(16, len(data)-at/512*512))
		}
		data[at] = byte(noise.Uint32())
	}
	if noise.IntN(4) == 0 {
		data = data[:noise.IntN(len(data)+1)]
	}
	return data
}

// FuzzRead changes bytes of a database: edits has 4 bytes for each, three of them
// the offset. Whole files as input would keep the fuzzer busy with shortening them.
func FuzzRead(f *testing.F) {
	seeds := seeds(f)
	for i := range seeds {
		f.Add(uint(i), []byte{0, 0, 56, 2, 0, 2, 8, 255, 0, 0, 100, 5}, uint(0), uint(0))
	}
	f.Fuzz(func(t *testing.T, seed uint, edits []byte, cutMain, cutLog uint) {
		made := seeds[seed%uint(len(seeds))]
		main, wal := bytes.Clone(made.main), bytes.Clone(made.wal)
		for ; len(edits) >= 4; edits = edits[4:] {
			at := (int(edits[0])<<16 | int(edits[1])<<8 | int(edits[2])) % (len(main) + len(wal))
			if at < len(main) {
				main[at] = edits[3]
			} else {
				wal[at-len(main)] = edits[3]
			}
		}
		main = main[:uint(len(main))-cutMain%uint(len(main))]
		if wal != nil {
			repair(wal)
			wal = wal[:uint(len(wal))-cutLog%uint(len(wal))]
		}
		checkRead(t, main, wal)
	})
}

// repair makes the checksums of a log right, as far as it has frames: else every
// change in it would only make it end earlier.
func repair(wal []byte) {
	size := int64(binary.BigEndian.Uint32(wal[8:]))
	if !validPageSize(size) {
		return
	}
	sum := checksum{bigEndian: wal[3]&1 == 1}
	store := func(at []byte) {
		binary.BigEndian.PutUint32(at, sum.a)
		binary.BigEndian.PutUint32(at[4:], sum.b)
	}
	sum.add(wal[:24])
	store(wal[24:])
	for rest := wal[logHeaderSize:]; int64(len(rest)) >= frameHeaderSize+size; rest = rest[frameHeaderSize+size:] {
		sum.add(rest[:8])
		sum.add(rest[frameHeaderSize : frameHeaderSize+size])
		store(rest[16:])
	}
}

// FuzzStoredColumns: any text ends, and gives no more names than it can hold.
func FuzzStoredColumns(f *testing.F) {
	f.Add("CREATE TABLE t(a TEXT, b INT PRIMARY KEY, [c d] AS (a || ')') VIRTUAL, UNIQUE(a, b))", true)
	f.Add("CREATE TABLE \"t\"(a, -- b\n'c', /* d */ PRIMARY KEY(c, a)) WITHOUT ROWID", false)
	f.Fuzz(func(t *testing.T, sql string, withoutRowID bool) {
		names := storedColumns(sql, withoutRowID)
		if total := len(strings.Join(names, ",")); total > len(sql)+2 {
			t.Errorf("%d bytes of names in %d bytes of SQL", total, len(sql))
		}
	})
}
