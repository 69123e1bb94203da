package sqlite

import (
	"bytes"
	"encoding/binary"
)

// Encoding is how a database stores text.
type Encoding int

// The encodings, with the numbers that the format gives them.
const (
	UTF8 Encoding = 1 + iota
	UTF16LE
	UTF16BE
)

// String returns SQLite's name of the encoding.
func (e Encoding) String() string {
	switch e {
	case UTF8:
		return "UTF-8"
	case UTF16LE:
		return "UTF-16le"
	case UTF16BE:
		return "UTF-16be"
	}
	return "unknown"
}

const (
	magic      = "SQLite format 3\x00"
	headerSize = 100
)

// readHeader sets what the header decides. The log has the say: in a database
// that has never been checkpointed page 1 is there only.
func (d *DB) readHeader() error {
	offset, logged := d.log.frames[1]
	if logged {
		page, err := d.log.readFrame(offset, 1, make([]byte, frameHeaderSize+d.log.pageSize))
		if err != nil {
			return err
		}
		return d.parseHeader(page)
	}
	header := make([]byte, min(d.size, headerSize))
	n, err := readAt(d.main, header, 0)
	if err != nil {
		return err
	}
	if n == 0 {
		d.log.frames = nil // without page 1 they are of no use
		return nil
	}
	return d.parseHeader(header[:n])
}

func (d *DB) parseHeader(header []byte) error {
	if !bytes.HasPrefix(header, []byte(magic)) {
		return ErrNotDatabase
	}
	if len(header) < headerSize {
		return corrupt(1, "ends before its header does")
	}
	// 1 stands for 65536, which does not fit.
	pageSize := int(binary.BigEndian.Uint16(header[16:]))
	if pageSize == 1 {
		pageSize = 65536
	}
	usable := pageSize - int(header[20])
	readVersion := header[19]
	encoding := binary.BigEndian.Uint32(header[56:])
	switch {
	case !validPageSize(int64(pageSize)) || usable < 480:
		return corrupt(1, "gives a page size of %d bytes, %d of them reserved", pageSize, header[20])
	case readVersion > 2:
		return corrupt(1, "asks for version %d of the format, this reads 1 and 2", readVersion)
	case encoding > uint32(UTF16BE):
		return corrupt(1, "gives text encoding %d, there are 1 to 3", encoding)
	}
	if len(d.log.frames) > 0 && d.log.pageSize != pageSize {
		if _, logged := d.log.frames[1]; logged {
			return corrupt(1, "gives a page size of %d bytes, the write-ahead log %d", pageSize, d.log.pageSize)
		}
		d.log.frames = nil // the log of another database
	}
	d.pageSize, d.usable = pageSize, usable
	d.encoding = max(UTF8, Encoding(encoding)) // 0 before the first table
	d.vacuums = binary.BigEndian.Uint32(header[52:]) != 0
	return nil
}

// validPageSize reports whether size is one that the format allows.
func validPageSize(size int64) bool {
	return size >= 512 && size <= 65536 && size&(size-1) == 0
}
