package scancache

import (
	"encoding/binary"
	"io"
	"math/rand/v2"
)

const (
	blockSize = 4 << 10
	samples   = 16 // blocks between the first and the last one
)

// seal is an HMAC of parts of a file, cut to 128 bits.
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

// middle returns blocks between the edges of the prefix of a file: all there is, or
// one at a random place in each of as many equal parts as there are samples. Without
// the key the places cannot be foreseen; with it they are always the same.
func (c *Cache) middle(file stamp, length int64) []block {
	between := length - 2*blockSize
	switch {
	case between <= 0:
		return nil
	case between <= samples*blockSize:
		return []block{{blockSize, between}}
	}
	part := between / samples
	random := rand.New(rand.NewChaCha8(c.placesSeed(file, length)))
	blocks := make([]block, samples)
	for i := range blocks {
		start := blockSize + int64(i)*part
		blocks[i] = block{start + random.Int64N(part-blockSize+1), blockSize}
	}
	return blocks
}

// placesSeed returns the seed of the places to look at.
func (c *Cache) placesSeed(file stamp, length int64) [32]byte {
	name := []byte("places")
	for _, n := range []uint64{file.device, file.inode, uint64(length)} {
		name = binary.BigEndian.AppendUint64(name, n)
	}
	return fromHex(c.key.MAC(name))
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
