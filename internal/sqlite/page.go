package sqlite

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"maps"
	"math"
	"slices"
)

// lockOffset is where SQLite's locks are taken. The page there holds nothing.
const lockOffset = 1 << 30

// newBuffer returns room for a page wherever it is read from.
func (d *DB) newBuffer() []byte { return make([]byte, frameHeaderSize+d.pageSize) }

// read returns page n, from the log if that has it, in buffer.
func (d *DB) read(n uint32, buffer []byte) ([]byte, error) {
	page, err := d.readRest(n, buffer)
	if err == nil && len(page) < d.pageSize {
		return nil, corrupt(n, "is cut off: the file ends in it")
	}
	return page, err
}

// readRest is [DB.read] for a page that the end of the file may cut.
func (d *DB) readRest(n uint32, buffer []byte) ([]byte, error) {
	if offset, logged := d.log.frames[n]; logged {
		return d.log.readFrame(offset, n, buffer)
	}
	return d.readMain(n, buffer)
}

// readMain reads page n of the database file, whatever the log says.
func (d *DB) readMain(n uint32, buffer []byte) ([]byte, error) {
	offset := (int64(n) - 1) * int64(d.pageSize)
	if n == 0 || offset >= d.size {
		return nil, corrupt(n, "is not there: the file ends before it")
	}
	page := buffer[:min(int64(d.pageSize), d.size-offset)]
	count, err := readAt(d.main, page, offset)
	return page[:count], err
}

// numbers gives the numbers of the pages that are in one of the files. Those of
// the log may be far behind the end of the database.
func (d *DB) numbers() iter.Seq[uint32] {
	return func(yield func(uint32) bool) {
		end := d.mainPages()
		for n := int64(1); n <= end; n++ {
			if !yield(uint32(n)) {
				return
			}
		}
		for _, n := range slices.Sorted(maps.Keys(d.log.frames)) {
			if int64(n) > end && !yield(n) {
				return
			}
		}
	}
}

// mainPages returns how many pages the database file has, a cut one too.
func (d *DB) mainPages() int64 {
	if d.pageSize == 0 {
		return 0
	}
	size := int64(d.pageSize)
	return min(math.MaxUint32, (d.size+size-1)/size)
}

// holdsNoRows reports whether page n can never hold a part of a row: the page of
// the locks and, with auto_vacuum, the ones with back pointers.
func (d *DB) holdsNoRows(n uint32) bool {
	lockPage := uint32(lockOffset/d.pageSize) + 1
	if n == lockPage {
		return true
	}
	if !d.vacuums || n < 2 {
		return false
	}
	// Each is followed by as many pages as it has pointers, of 5 bytes each.
	group := uint32(d.usable/5) + 1
	pointers := (n-2)/group*group + 2
	if pointers == lockPage {
		pointers++
	}
	return n == pointers
}

// readAt fills buffer as far as the file goes.
func readAt(file io.ReaderAt, buffer []byte, offset int64) (int, error) {
	n, err := file.ReadAt(buffer, offset)
	if n == len(buffer) || errors.Is(err, io.EOF) {
		return n, nil
	}
	if err == nil {
		err = io.ErrNoProgress
	}
	return n, fmt.Errorf("read SQLite database: %w", err)
}
