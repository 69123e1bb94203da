package sqlite

import (
	"bytes"
	"encoding/binary"
	"maps"
	"slices"
)

// Superseded gives yield whole pages as they are no longer, until it returns
// false: the pages of the database file that the write-ahead log replaces, and
// those in the log that a later commit replaced, that were never committed or
// that an earlier round of the log left. They hold deleted and changed rows, and
// many that are still live. Data is valid until yield returns. The page is the
// number that the log gives, which in a damaged log may be any.
func (d *DB) Superseded(yield func(page int, data []byte) bool) error {
	var found problems
	old, live := d.newBuffer(), d.newBuffer()
	for _, n := range slices.Sorted(maps.Keys(d.log.frames)) {
		if (int64(n)-1)*int64(d.pageSize) >= d.size {
			break
		}
		was, err := d.readMain(n, old)
		found.add(err)
		is, err := d.read(n, live)
		found.add(err)
		if err == nil && bytes.Equal(was, is) { // a checkpoint has copied it
			continue
		}
		if !yield(int(n), was) {
			return found.err()
		}
	}
	found.add(d.log.superseded(d.pageSize, yield))
	return found.err()
}

// superseded yields the pages of the frames that are not live. A log whose header
// is not valid is taken to have frames of pageSize.
func (log *writeAheadLog) superseded(pageSize int, yield func(page int, data []byte) bool) error {
	if log.size == 0 {
		return nil
	}
	if log.pageSize != 0 {
		pageSize = log.pageSize
	}
	if pageSize == 0 {
		return corrupt(0, "neither its header nor the database gives the size of a page")
	}
	live := map[int64]bool{}
	for _, offset := range log.frames {
		live[offset] = true
	}
	frame := make([]byte, frameHeaderSize+pageSize)
	for offset := int64(logHeaderSize); offset < log.size; offset += int64(len(frame)) {
		if live[offset] {
			continue
		}
		n, err := readAt(log.file, frame[:min(int64(len(frame)), log.size-offset)], offset)
		if err != nil {
			return err
		}
		if n <= frameHeaderSize {
			continue
		}
		if !yield(int(binary.BigEndian.Uint32(frame)), frame[frameHeaderSize:n]) {
			break
		}
	}
	return nil
}
