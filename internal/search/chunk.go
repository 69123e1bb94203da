package search

import (
	"bytes"
	"errors"
	"io"
)

// chunk reads the blocks of one chunk of a file.
type chunk struct {
	sizes
	file       io.ReaderAt
	start, end int64 // the lines that begin in here
	size       int64 // of the file
	buffer     []byte
}

// errShrank says that a file is shorter than it was when its scan began.
var errShrank = errors.New("it became shorter while it was read: scan again")

// each calls yield with the blocks of the chunk, until that returns false. What could be
// read before an error has been yielded.
func (c *chunk) each(yield func(block) bool) error {
	// The line feed before start tells whether a line begins there.
	before := max(c.start-1, 0)
	b := block{offset: max(before-int64(c.around), 0)}
	c.buffer = c.buffer[:0]
	err := c.fill(b.offset, min(c.end, c.size))
	if b.lead = int(before - b.offset); c.start > 0 {
		at := -1
		if b.lead < len(c.buffer) {
			at = bytes.IndexByte(c.buffer[b.lead:], '\n')
		}
		if at < 0 {
			return err // all of it is a line that began before
		}
		b.lead += at + 1
	}
	if b.lead >= len(c.buffer) {
		return err
	}
	b.own = len(c.buffer)
	lastBegins := len(c.buffer) - len(lastLine(c.buffer))
	for found := c.buffer[b.own-1] == '\n'; !found && err == nil && c.at(b) < c.size; {
		if len(c.buffer)-max(lastBegins, b.lead) > max(c.longest, c.overlap) {
			return c.pieces(b, yield)
		}
		have := len(c.buffer)
		err = c.fill(b.offset, min(c.at(b)+int64(c.readOn), c.size))
		b.own = len(c.buffer)
		if at := bytes.IndexByte(c.buffer[have:], '\n'); at >= 0 {
			b.own, found = have+at+1, true
		}
	}
	if err == nil {
		err = c.lookAround(&b, !isRecord(lastLine(c.buffer[b.lead:b.own])))
	}
	b.data = c.buffer
	if !yield(b) {
		return nil
	}
	return err
}

// pieces yields what is read, and goes on with the rest of a very long line piece by piece.
func (c *chunk) pieces(b block, yield func(block) bool) error {
	var err error
	for last := false; !last; {
		at := -1
		if b.middle {
			at = bytes.IndexByte(c.buffer[b.lead:], '\n')
		}
		last = true
		switch {
		case at >= 0:
			b.own = b.lead + at + 1
			if err == nil {
				err = c.lookAround(&b, !b.record)
			}
		case err != nil || c.at(b) == c.size:
			b.own = len(c.buffer)
		default:
			b.own, b.cut, last = wholeCharacter(c.buffer, len(c.buffer)-c.overlap), true, false
		}
		b.data = c.buffer
		if !yield(b) {
			return nil
		}
		if !last {
			b = b.following(c.around)
			c.buffer = c.buffer[:copy(c.buffer, b.data)]
			err = c.fill(b.offset, min(c.at(b)+int64(c.longest), c.size))
		}
	}
	return err
}

// at returns up to where the file has been read.
func (c *chunk) at(b block) int64 { return b.offset + int64(len(c.buffer)) }

// lookAround reads the text behind a block, or leaves out what has been read of it where
// the block ends with a line of JSON.
func (c *chunk) lookAround(b *block, text bool) error {
	if !text {
		c.buffer = c.buffer[:b.own]
		return nil
	}
	var err error
	if end := min(b.offset+int64(b.own+c.around), c.size); c.at(*b) < end {
		err = c.fill(b.offset, end)
	}
	b.cut = c.at(*b) < c.size && c.buffer[len(c.buffer)-1] != '\n'
	return err
}

// fill reads on up to the byte at end, given that the buffer begins at offset.
func (c *chunk) fill(offset, end int64) error {
	have, need := len(c.buffer), int(end-offset)
	if cap(c.buffer) < need {
		grown := make([]byte, have, max(need, c.chunk+2*c.around+1))
		copy(grown, c.buffer)
		c.buffer = grown
	}
	c.buffer = c.buffer[:need]
	n, err := c.file.ReadAt(c.buffer[have:], offset+int64(have))
	if have+n == need {
		return nil
	}
	c.buffer = c.buffer[:have+n]
	if err == nil || errors.Is(err, io.EOF) {
		return errShrank
	}
	return err
}
