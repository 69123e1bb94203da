package unwrap

import "bytes"

// unit measures the encoded character that src begins with: the bytes of src that
// it takes and the bytes that it decodes to. A width of zero means that there is
// none, and that the first byte of src stands for itself.
type unit func(src []byte) (width, size int)

// sourceSpan returns the span of src that decodes to bytes start to end of the
// decoding, lead being the byte that every encoded character begins with.
func sourceSpan(src []byte, lead byte, measure unit, start, end int) (from, to int) {
	from, _ = sourceOf(src, lead, measure, start)
	_, to = sourceOf(src, lead, measure, end)
	return from, to
}

// sourceOf returns where in src the decoded offset lies. Both results are the same,
// unless the offset is inside what one encoded character decodes to: then they are
// the borders of that character. An offset behind the decoding gives the end of src.
func sourceOf(src []byte, lead byte, measure unit, offset int) (before, after int) {
	in, out := 0, 0
	for {
		plain := bytes.IndexByte(src[in:], lead)
		if plain < 0 {
			at := min(in+offset-out, len(src))
			return at, at
		}
		if out+plain >= offset {
			at := in + offset - out
			return at, at
		}
		in, out = in+plain, out+plain
		width, size := measure(src[in:])
		if width == 0 {
			width, size = 1, 1
		}
		in, out = in+width, out+size
		if out > offset {
			return in - width, in
		}
	}
}
