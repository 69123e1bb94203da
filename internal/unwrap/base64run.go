package unwrap

import "math/bits"

// finder decodes runs of base64 around samples.
type finder struct {
	source []byte
	// floor is where the last run ended: what is before it is done with, which
	// is what keeps the search linear however long the runs are.
	floor int
	// decoded is the decoding of the last run, in a buffer that they share.
	decoded []byte
}

// runAt finds the run of base64 text that takes in the sample at p, given the
// alignments that are possible there, and decodes it.
func (f *finder) runAt(p int, alignments uint8) (start, end int, ok bool) {
	for ; alignments != 0; alignments &= alignments - 1 {
		quad := p + bits.TrailingZeros8(alignments)
		first, ok := f.seed(quad)
		if !ok {
			continue
		}
		start, end := f.decodeRun(first)
		f.floor = end
		return start, end, true
	}
	return 0, 0, false
}

// seed tells whether quad, the start of one, is among enough quads in a row that
// decode to ASCII text, and returns the first of them.
func (f *finder) seed(quad int) (first int, ok bool) {
	// One of these two is among them; in random base64 both seldom are text.
	if !f.isASCII(quad+8) && !f.isASCII(quad-8) {
		return 0, false
	}
	for first = quad; f.isASCII(first - 4); {
		first -= 4
	}
	for after := quad; after-first < 4*seedQuads; after += 4 {
		if !f.isASCII(after) {
			return 0, false
		}
	}
	return first, true
}

// isASCII tells whether the four characters at i decode to ASCII text.
func (f *finder) isASCII(i int) bool {
	if i < f.floor || i+4 > len(f.source) {
		return false
	}
	group, ok := quadAt(f.source[i:])
	return ok && isText[uint8(group>>16)] && isText[uint8(group>>8)] && isText[uint8(group)]
}

// quadAt returns the 24 bits of the four characters that s begins with.
func quadAt(s []byte) (group uint32, ok bool) {
	a, b, c, d := sextet[s[0]], sextet[s[1]], sextet[s[2]], sextet[s[3]]
	return uint32(a)<<18 | uint32(b)<<12 | uint32(c)<<6 | uint32(d), a|b|c|d != noSextet
}

// decodeRun decodes the run that the quads from first on are in. It starts where the
// base64 around them does, if it is text from there on, ASCII or not; else at first.
func (f *finder) decodeRun(first int) (start, end int) {
	border, limit := first, max(f.floor, first-longestLead)
	for border > limit && sextet[f.source[border-1]] != noSextet {
		border--
	}
	if border < first && (first-border)%4 == 0 {
		if end := f.decode(border); end > first {
			return border, end
		}
	}
	return first, f.decode(first)
}

// decode decodes the base64 text that begins at start, and returns where it ends.
func (f *finder) decode(start int) (end int) {
	b := textBuffer{out: f.decoded[:0]}
	i, lineStart, width := start, start, 0
	for {
		for i+4 <= len(f.source) {
			group, ok := quadAt(f.source[i:])
			if !ok {
				break
			}
			if !b.addQuad(byte(group>>16), byte(group>>8), byte(group)) {
				return f.cut(start, b.text())
			}
			i += 4
		}
		next, ok := nextLine(f.source, lineStart, i, width)
		if !ok {
			break
		}
		width = i - lineStart
		i, lineStart = next, next
	}
	i, ok := f.decodeTail(&b, i)
	if !ok || len(b.text()) < len(b.out) {
		return f.cut(start, b.text())
	}
	f.decoded = b.out
	return i
}

// decodeTail decodes the two or three characters of an unfinished quad at i, and
// returns where they and their padding end. A single one holds no byte and is left.
func (f *finder) decodeTail(b *textBuffer, i int) (end int, ok bool) {
	tail, group := 0, uint32(0)
	for tail < 3 && i+tail < len(f.source) && sextet[f.source[i+tail]] != noSextet {
		group = group<<6 | uint32(sextet[f.source[i+tail]])
		tail++
	}
	switch tail {
	case 2:
		ok = b.add(byte(group >> 4))
	case 3:
		ok = b.add(byte(group>>10), byte(group>>2))
	default:
		return i, true
	}
	end = i + tail
	for padding := tail; padding < 4 && end < len(f.source) && f.source[end] == '='; padding++ {
		end++
	}
	return end, ok
}

// cut ends the run that begins at start after the given text, the valid part of its
// decoding.
func (f *finder) cut(start int, text []byte) (end int) {
	f.decoded = text
	_, end = Base64Span(f.source[start:], 0, len(text))
	return start + end
}
