package sqlite

import (
	"bytes"
	"encoding/binary"
	"io"
)

const (
	logHeaderSize   = 32
	frameHeaderSize = 24
	logMagic        = 0x377f0682 // its last bit set: checksums are big-endian
	logVersion      = 3007000
)

// writeAheadLog is a -wal file: a header, then frames of a header and a page.
// The zero value is no log.
type writeAheadLog struct {
	file     io.ReaderAt
	size     int64
	pageSize int    // 0 if the header is not valid
	salts    []byte // 8 bytes that every frame of this round carries
	// frames has the offset of the newest committed frame of a page.
	frames map[uint32]int64
}

// readLog finds the committed frames. The log is valid up to the first frame
// whose salts or checksum are not right: behind it is what an earlier round, a
// crash or a running write left.
func readLog(file io.ReaderAt, size int64) (writeAheadLog, error) {
	log := writeAheadLog{file: file, size: size, frames: map[uint32]int64{}}
	header := make([]byte, logHeaderSize)
	n, err := readAt(file, header, 0)
	if err != nil || n < logHeaderSize || size < logHeaderSize {
		return log, err
	}
	word := func(offset int) uint32 { return binary.BigEndian.Uint32(header[offset:]) }
	sum := checksum{bigEndian: word(0)&1 == 1}
	sum.add(header[:24])
	pageSize := int64(word(8))
	if word(0)&^1 != logMagic || word(4) != logVersion || !validPageSize(pageSize) || !sum.equals(header[24:]) {
		return log, nil
	}
	log.pageSize, log.salts = int(pageSize), header[16:24]
	return log, log.findCommits(sum)
}

// findCommits fills in the frames; sum is that of the header.
func (log *writeAheadLog) findCommits(sum checksum) error {
	frame := make([]byte, frameHeaderSize+log.pageSize)
	step := int64(len(frame))
	pending := map[uint32]int64{} // since the last commit
	for offset := int64(logHeaderSize); offset+step <= log.size; offset += step {
		n, err := readAt(log.file, frame, offset)
		if err != nil {
			return err
		}
		number := binary.BigEndian.Uint32(frame)
		if n < len(frame) || number == 0 || !bytes.Equal(frame[8:16], log.salts) {
			break
		}
		sum.add(frame[:8])
		sum.add(frame[frameHeaderSize:])
		if !sum.equals(frame[16:]) {
			break
		}
		pending[number] = offset
		if commit := binary.BigEndian.Uint32(frame[4:]); commit != 0 {
			for number, offset := range pending {
				log.frames[number] = offset
			}
			clear(pending)
		}
	}
	return nil
}

// readFrame returns the page in the frame at offset. The frame is checked again:
// after a checkpoint the writer starts at the beginning of the log.
func (log *writeAheadLog) readFrame(offset int64, number uint32, buffer []byte) ([]byte, error) {
	frame := buffer[:frameHeaderSize+log.pageSize]
	n, err := readAt(log.file, frame, offset)
	if err != nil {
		return nil, err
	}
	if n < len(frame) || binary.BigEndian.Uint32(frame) != number || !bytes.Equal(frame[8:16], log.salts) {
		return nil, ErrChanged
	}
	return frame[frameHeaderSize:], nil
}

// checksum is the log's running sum over pairs of 32-bit words.
type checksum struct {
	a, b      uint32
	bigEndian bool
}

// add goes on with data, a multiple of 8 bytes.
func (c *checksum) add(data []byte) {
	a, b := c.a, c.b
	if c.bigEndian {
		for ; len(data) >= 8; data = data[8:] {
			a += binary.BigEndian.Uint32(data) + b
			b += binary.BigEndian.Uint32(data[4:]) + a
		}
	} else {
		for ; len(data) >= 8; data = data[8:] {
			a += binary.LittleEndian.Uint32(data) + b
			b += binary.LittleEndian.Uint32(data[4:]) + a
		}
	}
	c.a, c.b = a, b
}

// equals compares with the two stored words, which are always big-endian.
func (c *checksum) equals(stored []byte) bool {
	return binary.BigEndian.Uint32(stored) == c.a && binary.BigEndian.Uint32(stored[4:]) == c.b
}
