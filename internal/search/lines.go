package search

import (
	"bytes"
	"unicode/utf8"
)

// block searches a block and returns its hits, with their places in the file; lines are
// counted from the beginning of the chunk. stop is asked between the parts of the block.
func (t *texts) block(b block, stop func() bool) []Hit {
	var hits []Hit
	lines := b.lines // line feeds before the part
	for start := b.lead; start < b.own && !stop(); {
		end, record := b.nextPart(start)
		from, at := start, cursor{at: start, lines: lines}
		begins := start > b.lead || !b.middle // a line does at start
		if start == b.lead {
			at.column = b.column
		}
		if start == b.lead && !(record && begins) {
			from = b.context(record)
		}
		found := t.part(b.data[from:end], record, record && begins)
		for _, h := range found {
			if place := from + h.at; place < start || place >= b.own {
				continue // another block's
			}
			at.advance(b.data, from+int(h.Start))
			h.Line, h.Column = at.lines+1, at.column+1
			h.Start += b.offset + int64(from)
			h.End += b.offset + int64(from)
			hits = append(hits, h)
		}
		lines += bytes.Count(b.data[start:end], []byte("\n"))
		start = end
	}
	return hits
}

// part returns the secrets in a text, in the order of their places in it. With record it is
// read as JSON, and with pointers they get a Pointer, too.
func (t *texts) part(text []byte, record, pointers bool) []Hit {
	t.hits = t.hits[:0]
	if record {
		t.record(text)
	} else {
		t.plain(text)
	}
	if len(t.hits) == 0 {
		return nil
	}
	found := distinct(t.hits)
	if pointers {
		point(text, found)
	}
	return found
}

// cursor is a place in a text that goes forward only: however many places there are, the
// text is counted once.
type cursor struct {
	at            int
	lines, column int // before at: line feeds, and characters on the line
}

// advance goes on to the byte at, unless the cursor is behind it already.
func (c *cursor) advance(text []byte, at int) {
	if at <= c.at {
		return
	}
	passed := text[c.at:at]
	if begin := bytes.LastIndexByte(passed, '\n') + 1; begin > 0 {
		c.lines += bytes.Count(passed, []byte("\n"))
		c.column = 0
		passed = passed[begin:]
	}
	c.column += utf8.RuneCount(passed)
	c.at = at
}
