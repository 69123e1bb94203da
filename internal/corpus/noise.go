package corpus

import (
	"encoding/base64"
	"encoding/binary"
	"math/bits"
	"math/rand/v2"
)

// noise is a stream of random choices that its seed decides. The generator under it has a
// published definition, and what is drawn from it is written here, so that no release of
// Go changes a corpus.
type noise struct{ *rand.PCG }

func newNoise(seed, stream uint64) noise { return noise{rand.NewPCG(seed, stream)} }

// below returns a number from 0 to n-1.
func (r noise) below(n int) int {
	high, _ := bits.Mul64(r.Uint64(), uint64(n))
	return int(high)
}

// between returns a number from low to high.
func (r noise) between(low, high int) int { return low + r.below(high-low+1) }

// skewed returns a number from low to high, most of them small: each doubling is as
// likely as the next.
func (r noise) skewed(low, high int) int {
	doublings := bits.Len(uint(high/low)) - 1
	n := low << r.below(doublings+1)
	return min(high, n+r.below(n))
}

// percent says yes in so many cases of a hundred.
func (r noise) percent(n int) bool { return r.below(100) < n }

// appendFrom appends n characters of alphabet, which must be 2, 4, 8, … 64 of ASCII.
func (r noise) appendFrom(to []byte, n int, alphabet string) []byte {
	width := bits.Len(uint(len(alphabet) - 1))
	var pool uint64
	for i := range n {
		if i%(64/width) == 0 {
			pool = r.Uint64()
		}
		to = append(to, alphabet[pool&uint64(len(alphabet)-1)])
		pool >>= width
	}
	return to
}

// base64 returns size characters, a multiple of 4, that encode random bytes.
func (r noise) base64(size int) string {
	data := make([]byte, size/4*3+8)
	for at := 0; at < size/4*3; at += 8 {
		binary.LittleEndian.PutUint64(data[at:], r.Uint64())
	}
	return base64.StdEncoding.EncodeToString(data[:size/4*3])
}

const (
	hexDigits   = "0123456789abcdef"
	base64Chars = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
	idChars     = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz123456789012345" // 64, digits twice
)

func (r noise) hex(n int) string { return string(r.appendFrom(nil, n, hexDigits)) }

func (r noise) uuid() string { return string(r.appendUUID(nil)) }

func (r noise) appendUUID(to []byte) []byte {
	for i, n := range []int{8, 4, 4, 4, 12} {
		if i > 0 {
			to = append(to, '-')
		}
		to = r.appendFrom(to, n, hexDigits)
	}
	return to
}
