package scancache

import (
	"encoding/binary"
	"io"
)

const blockSize = 4 << 10

// seal is a keyed digest of a file or of parts of it, of 128 bits.
type seal [16]byte

// block is a run of bytes of a file.
type block struct {
	offset, size int64
}

// edges returns the first and the last block of a prefix, which may be one.
func edges(length int64) []block {
	if length <= 2*blockSize {
		return []block{{0, length}}
	}
	return []block{{0, blockSize}, {length - blockSize, blockSize}}
}

// sealOf returns the seal of blocks of a file, and whether they could be read.
func (c *Cache) sealOf(file io.ReaderAt, blocks []block) (sealed seal, ok bool) {
	buffer, _ := c.buffers.Get().(*[]byte)
	if buffer == nil {
		buffer = new([]byte)
	}
	defer c.buffers.Put(buffer)
	data := append((*buffer)[:0], "seal"...)
	for _, b := range blocks {
		data = binary.BigEndian.AppendUint64(data, uint64(b.offset))
		data = binary.BigEndian.AppendUint64(data, uint64(b.size))
	}
	for _, b := range blocks {
		start := len(data)
		data = append(data, make([]byte, b.size)...)
		if n, _ := file.ReadAt(data[start:], b.offset); int64(n) != b.size {
			return seal{}, false
		}
	}
	*buffer = data
	mac := fromHex(c.key.MAC(data))
	return seal(mac[:len(sealed)]), true
}
