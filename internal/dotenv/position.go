package dotenv

import (
	"bytes"
	"unicode/utf8"
)

const byteOrderMark = "\ufeff"

// position turns offsets into lines and columns. It moves forward only, so that
// a whole file costs one pass.
type position struct {
	src       []byte
	offset    int
	line      int
	lineStart int
}

func newPosition(src []byte) position {
	p := position{src: src, line: 1}
	if bytes.HasPrefix(src, []byte(byteOrderMark)) {
		p.lineStart = len(byteOrderMark)
	}
	return p
}

// advance moves to offset, which must not lie before the present one.
func (p *position) advance(offset int) {
	for ; p.offset < offset; p.offset++ {
		if endsLine(p.src, p.offset) {
			p.line++
			p.lineStart = p.offset + 1
		}
	}
}

// column returns the 1-based column in characters.
func (p *position) column() int {
	if p.offset < p.lineStart {
		return 1
	}
	return 1 + utf8.RuneCount(p.src[p.lineStart:p.offset])
}

// endsLine reports whether the byte at i is the last of a line end: LF, CRLF or CR.
func endsLine(src []byte, i int) bool {
	switch src[i] {
	case '\n':
		return true
	case '\r':
		return i+1 == len(src) || src[i+1] != '\n'
	}
	return false
}

// locate returns the line and column of one offset.
func locate(src []byte, offset int) (line, column int) {
	p := newPosition(src)
	p.advance(offset)
	return p.line, p.column()
}
