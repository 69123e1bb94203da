package unwrap

import (
	"encoding/binary"
	"math/bits"
	"slices"
	"unicode/utf16"
	"unicode/utf8"
)

// Unescape appends src to dst with every JSON string escape replaced by what it
// stands for, and returns the extended slice. src is any text, such as a whole
// line of JSON with its structure, or a piece of one: what is no escape (\d, \u12,
// a backslash at the end) stays as it is. A surrogate without its partner becomes
// U+FFFD. No more than len(src) bytes are appended. The two must not overlap.
func Unescape(dst, src []byte) []byte {
	start := len(dst)
	dst = slices.Grow(dst, len(src))
	out := dst[start : start+len(src)]
	n := 0
	for {
		in, done := unescapeBlocks(out[n:], src)
		src, n = src[in:], n+done
		if len(src) == 0 {
			return dst[:start+n]
		}
		width, size := unescapeOne(out[n:], src)
		src, n = src[width:], n+size
	}
}

// unescapeBlocks decodes src into out, which is no shorter, for as long as it meets
// no escapes but those of one letter, save the last few bytes. It returns how
// much of either it is done with; what it leaves in out behind that is undefined.
//
// Escapes come so often in transcripts, and so irregularly, that the processor would
// guess most branches on them wrong. So there is none: each round copies a
// whole block, and goes on behind its first escape, or behind the block.
func unescapeBlocks(out, src []byte) (in, n int) {
	for in+blockSize+2 <= len(src) {
		block, to := src[in:in+blockSize+2], out[n:n+blockSize+1]
		a, b := binary.LittleEndian.Uint64(block), binary.LittleEndian.Uint64(block[8:])
		c, d := binary.LittleEndian.Uint64(block[16:]), binary.LittleEndian.Uint64(block[24:])
		binary.LittleEndian.PutUint64(to, a)
		binary.LittleEndian.PutUint64(to[8:], b)
		binary.LittleEndian.PutUint64(to[16:], c)
		binary.LittleEndian.PutUint64(to[24:], d)

		found := backslashes(a) | backslashes(b)<<8 | backslashes(c)<<16 | backslashes(d)<<24
		none := int((found - 1) >> 63) // 1 without a backslash in the block, else 0
		plain := bits.TrailingZeros64(found | 1<<blockSize)
		letter := oneLetter[block[plain+1]]
		if none|int(letter) == 0 {
			return in + plain, n + plain
		}
		to[plain] = letter
		in += 2 - 2*none + plain
		n += 1 - none + plain
	}
	return in, n
}

// blockSize is how many bytes unescapeBlocks copies at a time.
const blockSize = 32

// backslashes returns eight bits, the lowest one set being that of the first backslash
// among the eight bytes; those above it mean nothing.
func backslashes(word uint64) uint64 {
	const ones = 0x0101010101010101
	word ^= '\\' * ones
	return ((word - ones) &^ word & (0x80 * ones)) * 0x0002040810204081 >> 56
}

// unescapeOne decodes the character or escape that src begins with into dst.
func unescapeOne(dst, src []byte) (width, size int) {
	if src[0] == '\\' {
		if len(src) > 1 && oneLetter[src[1]] != 0 {
			dst[0] = oneLetter[src[1]]
			return 2, 1
		}
		if char, width := unicodeEscape(src); width > 0 {
			return width, utf8.EncodeRune(dst, char)
		}
	}
	dst[0] = src[0]
	return 1, 1
}

// UnescapeSpan returns the span of src that holds bytes start to end of
// Unescape(nil, src): replacing src[from:to] replaces exactly those. Where start or
// end is inside what one escape decodes to, the span takes in the whole escape. The
// replacement must not begin with what could continue an unfinished escape in front
// of it: a letter, digit, quote, slash or backslash. It takes time linear in len(src).
func UnescapeSpan(src []byte, start, end int) (from, to int) {
	return sourceSpan(src, '\\', measureEscape, start, end)
}

// oneLetter has what a backslash and the letter stand for, zero for no escape.
var oneLetter = [256]byte{
	'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t',
}

// measureEscape is a unit: src begins with a backslash.
func measureEscape(src []byte) (width, size int) {
	if len(src) > 1 && oneLetter[src[1]] != 0 {
		return 2, 1
	}
	char, width := unicodeEscape(src)
	return width, utf8.RuneLen(char)
}

// unicodeEscape returns the character of the \uXXXX, or pair of them, that src
// begins with, and its width in src: zero if there is none.
func unicodeEscape(src []byte) (char rune, width int) {
	first, ok := utf16Unit(src)
	if !ok {
		return 0, 0
	}
	if !utf16.IsSurrogate(first) {
		return first, 6
	}
	if second, ok := utf16Unit(src[6:]); ok {
		if char := utf16.DecodeRune(first, second); char != utf8.RuneError {
			return char, 12
		}
	}
	return utf8.RuneError, 6
}

// utf16Unit returns the number in the \uXXXX that src begins with.
func utf16Unit(src []byte) (number rune, ok bool) {
	if len(src) < 6 || src[0] != '\\' || src[1] != 'u' {
		return 0, false
	}
	for _, c := range src[2:6] {
		digit := hexDigit[c]
		if digit == 0 {
			return 0, false
		}
		number = number<<4 | rune(digit-1)
	}
	return number, true
}

// hexDigit has the value of each hexadecimal digit plus one, zero for other bytes.
var hexDigit = [256]byte{
	'0': 1, '1': 2, '2': 3, '3': 4, '4': 5, '5': 6, '6': 7, '7': 8, '8': 9, '9': 10,
	'a': 11, 'b': 12, 'c': 13, 'd': 14, 'e': 15, 'f': 16,
	'A': 11, 'B': 12, 'C': 13, 'D': 14, 'E': 15, 'F': 16,
}
