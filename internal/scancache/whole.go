package scancache

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/binary"
	"io"
)

// pieceSize is how much of a file is read at a time for its whole seal.
const pieceSize = 256 << 10

// wholeSeal returns the seal of a file's first length bytes, and whether they could be
// read. It looks at every byte: each piece gets a tag of GMAC, which is as quick as
// reading, and the tags are sealed together.
func (c *Cache) wholeSeal(file io.ReaderAt, length int64) (sealed seal, ok bool) {
	gcm, err := c.gmac()
	if err != nil {
		return seal{}, false
	}
	piece, _ := c.pieces.Get().(*[]byte)
	if piece == nil {
		piece = new([]byte)
		*piece = make([]byte, pieceSize)
	}
	defer c.pieces.Put(piece)
	tags := binary.BigEndian.AppendUint64([]byte("whole"), uint64(length))
	nonce := make([]byte, gcm.NonceSize())
	for offset := int64(0); offset < length; offset += pieceSize {
		part := (*piece)[:min(pieceSize, length-offset)]
		if n, _ := file.ReadAt(part, offset); n != len(part) {
			return seal{}, false
		}
		binary.BigEndian.PutUint64(nonce, uint64(offset))
		tags = gcm.Seal(tags, nonce, nil, part)
	}
	mac := fromHex(c.key.MAC(tags))
	return seal(mac[:len(sealed)]), true
}

// gmac returns the cipher whose tags seal pieces, under a key of their own.
func (c *Cache) gmac() (cipher.AEAD, error) {
	key := fromHex(c.key.MAC([]byte("pieces of whole files")))
	block, err := aes.NewCipher(key[:])
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}
