package unwrap

import (
	"bytes"
	"slices"
)

// percentContext is how much in front of a URL may name what is in it.
const percentContext = 64

// Percent appends src to dst with every %XX replaced by its byte, and returns the
// extended slice. A percent sign without two hexadecimal digits stays, and so does
// a plus sign. The bytes need not be valid UTF-8. No more than len(src) bytes are
// appended; dst may be src[:0].
func Percent(dst, src []byte) []byte {
	dst = slices.Grow(dst, len(src))
	for {
		plain := bytes.IndexByte(src, '%')
		if plain < 0 {
			return append(dst, src...)
		}
		dst = append(dst, src[:plain]...)
		src = src[plain:]
		if width, _ := measurePercent(src); width > 0 {
			dst = append(dst, (hexDigit[src[1]]-1)<<4|(hexDigit[src[2]]-1))
			src = src[width:]
			continue
		}
		dst = append(dst, '%')
		src = src[1:]
	}
}

// PercentSpan returns the span of src that holds bytes start to end of
// Percent(nil, src): replacing src[from:to] replaces exactly those. The replacement
// must not begin with a hexadecimal digit, which could complete a %XX in front of
// it. It takes time linear in len(src).
func PercentSpan(src []byte, start, end int) (from, to int) {
	return sourceSpan(src, '%', measurePercent, start, end)
}

// HasPercent tells whether Percent would change src.
func HasPercent(src []byte) bool {
	at, _ := nextPercent(src, 0)
	return at >= 0
}

// PercentSegments calls yield with the parts of text, in order and apart from each
// other, in which Percent could change what a rule sees: each run of characters that
// a URL may have, with a %XX among them, and the 64 bytes before it. Percent of a
// part gives what Percent of the whole text gives there. It stops when yield
// returns false.
func PercentSegments(text []byte, yield func(start, end int) bool) {
	start, end := -1, 0
	for {
		at, after := nextPercent(text, end)
		if at < 0 {
			break
		}
		runStart := at
		for runStart > 0 && isURL[text[runStart-1]] {
			runStart--
		}
		wide := max(0, runStart-percentContext)
		if start < 0 {
			start = wide
		} else if wide > end {
			if !yield(start, end) {
				return
			}
			start = wide
		}
		for end = after; end < len(text) && isURL[text[end]]; {
			end++
		}
	}
	if start >= 0 {
		yield(start, end)
	}
}

// nextPercent returns the span of the first %XX at or after from, or at = -1.
func nextPercent(text []byte, from int) (at, after int) {
	for {
		plain := bytes.IndexByte(text[from:], '%')
		if plain < 0 {
			return -1, -1
		}
		at = from + plain
		if width, _ := measurePercent(text[at:]); width > 0 {
			return at, at + width
		}
		from = at + 1
	}
}

// measurePercent is a unit: src begins with a percent sign.
func measurePercent(src []byte) (width, size int) {
	if len(src) > 2 && hexDigit[src[1]] != 0 && hexDigit[src[2]] != 0 {
		return 3, 1
	}
	return 0, 0
}

// isURL tells the characters of RFC 3986.
var isURL = byteSet("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:/?#[]@!$&'()*+,;=%")
