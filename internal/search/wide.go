package search

import (
	"unicode/utf16"
	"unicode/utf8"
)

// narrow returns UTF-16 text as UTF-8; big says that the high byte of a unit is first.
// A unit that is no character becomes U+FFFD, and an odd byte at the end is left out.
func narrow(text []byte, big bool) []byte {
	unit := func(i int) rune {
		if i+1 >= len(text) {
			return 0
		}
		if big {
			return rune(text[i])<<8 | rune(text[i+1])
		}
		return rune(text[i]) | rune(text[i+1])<<8
	}
	narrowed := make([]byte, 0, len(text)/2+len(text)/8)
	for i := 0; i+1 < len(text); i += 2 {
		char := unit(i)
		if utf16.IsSurrogate(char) {
			if char = utf16.DecodeRune(char, unit(i+2)); char != utf8.RuneError {
				i += 2
			}
		}
		narrowed = utf8.AppendRune(narrowed, char)
	}
	return narrowed
}

// wideOffsets tells where in a text of UTF-16 a byte of its UTF-8 form stands. It goes
// forward only.
type wideOffsets struct {
	text []byte // UTF-8
	at   int
	wide int64 // the place in UTF-16
}

func (o *wideOffsets) advance(at int) {
	for o.at < at {
		char, size := utf8.DecodeRune(o.text[o.at:])
		o.wide += 2 * int64(utf16.RuneLen(char))
		o.at += size
	}
}
