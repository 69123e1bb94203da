package unwrap

import "bytes"

const (
	// escapeContext is how far around an escape a rule may look for its keyword.
	escapeContext = 320
	// longestToken bounds the widening over one token. Anything longer is data,
	// such as an image, and must not be decoded because an escape stands beside it.
	longestToken = 8 << 10
)

// Segments calls yield with the parts of text, in order and apart from each other,
// in which Unescape could change what a rule sees: 320 bytes around every escape,
// and on to the end of the token there (at most 8 KiB of it). Unescape of a part
// gives what Unescape of the whole text gives there. It stops when yield returns false.
func Segments(text []byte, yield func(start, end int) bool) {
	at, after := nextEscape(text, 0)
	if at < 0 {
		return
	}
	start := tokenStart(text, at-escapeContext, 0)
	for {
		after = lastEscape(text, after)
		end := tokenEnd(text, after+escapeContext)
		if at, after = nextEscape(text, after); at < 0 {
			yield(start, end)
			return
		}
		if next := tokenStart(text, at-escapeContext, end); next > end {
			if !yield(start, end) {
				return
			}
			start = next
		}
	}
}

// nextEscape returns the span of the first escape at or after from, or at = -1.
func nextEscape(text []byte, from int) (at, after int) {
	for {
		plain := bytes.IndexByte(text[from:], '\\')
		if plain < 0 {
			return -1, -1
		}
		at = from + plain
		if width, _ := measureEscape(text[at:]); width > 0 {
			return at, at + width
		}
		from = at + 1
	}
}

// lastEscape goes on from one escape to the next, after being where the present one
// ends, for as long as they are near enough to share a segment, and returns where the
// last one ends. It looks at few of them, by searching from the far end.
func lastEscape(text []byte, after int) int {
	for {
		near := min(len(text), after+2*escapeContext+1)
		end, ok := lastEscapeIn(text, after, near)
		if !ok {
			return after
		}
		after = end
	}
}

// lastEscapeIn returns where the last escape ends that begins in text[from:to].
func lastEscapeIn(text []byte, from, to int) (end int, ok bool) {
	for {
		last := bytes.LastIndexByte(text[from:to], '\\')
		if last < 0 {
			return 0, false
		}
		at := from + last
		to = at
		for to > from && text[to-1] == '\\' {
			to--
		}
		// Backslashes in a row pair up from the left.
		if unpaired := (at-to)%2 == 0; !unpaired {
			return at + 1, true
		}
		if width, _ := measureEscape(text[at:]); width > 0 {
			return at + width, true
		}
		if to < at {
			return at, true
		}
	}
}

// tokenStart goes back from at to the start of the token there, not before floor.
func tokenStart(text []byte, at, floor int) int {
	floor = max(floor, at-longestToken)
	for at > floor && isToken[text[at-1]] {
		at--
	}
	return max(at, floor)
}

// tokenEnd goes on from at to the end of the token there.
func tokenEnd(text []byte, at int) int {
	limit := min(len(text), at+longestToken)
	for at < limit && isToken[text[at]] {
		at++
	}
	return min(at, limit)
}

// isToken tells the bytes that tokens and base64 are made of.
var isToken = byteSet("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=_.~-")

func byteSet(members string) (set [256]bool) {
	for i := range len(members) {
		set[members[i]] = true
	}
	return set
}
