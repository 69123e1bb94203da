package json5

import (
	"bytes"
	"unicode/utf8"
)

// Position returns the line and column of a byte offset, both from 1. Lines end
// with a line feed; columns count characters, a byte order mark not among them.
// An offset outside of the source counts as its nearest end.
func (d *Document) Position(offset int) (line, column int) {
	return position(d.source, offset)
}

// Positions returns a function that gives what [Document.Position] gives. It goes on
// from where it was asked last, so that all the places of a document, asked for in
// order, cost one pass; for a place before the last one it begins anew. It may not
// be used from several goroutines.
func (d *Document) Positions() func(offset int) (line, column int) {
	at := newPlace()
	return func(offset int) (line, column int) {
		offset = min(max(offset, 0), len(d.source))
		if offset < at.offset {
			at = newPlace()
		}
		at.advance(d.source, offset)
		return at.line, at.column
	}
}

func position(src []byte, offset int) (line, column int) {
	at := newPlace()
	at.advance(src, min(max(offset, 0), len(src)))
	return at.line, at.column
}

// place is an offset with its line and column.
type place struct{ offset, line, column int }

func newPlace() place { return place{line: 1, column: 1} }

// advance moves on to offset, which lies neither before the place nor after the source.
func (p *place) advance(src []byte, offset int) {
	from, between := p.offset, src[p.offset:offset]
	p.offset = offset
	if newline := bytes.LastIndexByte(between, '\n'); newline >= 0 {
		p.line += bytes.Count(between, []byte{'\n'})
		p.column = 1
		from += newline + 1
	}
	p.column += characters(src, from, offset)
}

// characters counts the characters that begin in a part of the source, so that parts
// add up wherever they are cut. A byte order mark is none.
func characters(src []byte, from, to int) int {
	if bytes.HasPrefix(src, []byte(byteOrderMark)) {
		from = max(from, len(byteOrderMark))
	}
	count := 0
	for at := from; at < to; at++ {
		if utf8.RuneStart(src[at]) {
			count++
		}
	}
	return count
}

const byteOrderMark = "\ufeff"
