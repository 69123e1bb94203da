package search

import (
	"bytes"
	"errors"
	"io"
)

const (
	// chunkSize is how much of a file one task covers: the lines that begin in it.
	chunkSize = 1 << 20
	// longestLine is from where on a line is searched in pieces, which overlap.
	longestLine = 4 << 20
	overlap     = 64 << 10
	// lookahead is how far a search goes on behind a chunk of text that is no JSON: a
	// secret of several lines may end there.
	lookahead = 16 << 10
)

// block is a part of a file, of whole lines unless a line is too long for one block.
type block struct {
	data   []byte
	offset int64 // of data in the file
	own    int   // a secret that begins behind data[:own] is the next block's
	lines  int   // line feeds before the block within its chunk
	// middle is set where the block begins within a line, and column then holds how many
	// characters of that line are before it.
	middle bool
	column int
}

// chunk reads the blocks of one chunk of a file.
type chunk struct {
	file       io.ReaderAt
	start, end int64 // the lines that begin in here
	size       int64 // of the file
	buffer     []byte
}

// errShrank says that a file is shorter than it was when its scan began.
var errShrank = errors.New("it became shorter while it was read: scan again")

// fill reads the bytes of the file from from to to into the buffer, from keep bytes on.
func (c *chunk) fill(keep int, from, to int64) error {
	need := keep + int(to-from)
	if cap(c.buffer) < need {
		grown := make([]byte, need, max(need, chunkSize+lookahead+1))
		copy(grown, c.buffer[:keep])
		c.buffer = grown
	}
	c.buffer = c.buffer[:need]
	n, err := c.file.ReadAt(c.buffer[keep:], from)
	if n < int(to-from) {
		c.buffer = c.buffer[:keep+n]
		if err == nil || errors.Is(err, io.EOF) {
			return errShrank
		}
		return err
	}
	return nil
}

// each calls yield with the blocks of the chunk, until that returns false. What could be
// read before an error has been yielded.
func (c *chunk) each(yield func(block) bool) error {
	from := max(c.start-1, 0) // to see whether a line begins at start
	err := c.fill(0, from, min(c.end, c.size))
	data := c.buffer
	first := 0
	if c.start > 0 {
		at := bytes.IndexByte(data, '\n')
		if at < 0 {
			return err // within a line that began before
		}
		first = at + 1
	}
	if first == len(data) {
		return err
	}
	offset := from + int64(first)
	end := from + int64(len(data))
	if err == nil && end < c.size && data[len(data)-1] != '\n' {
		return c.lastLine(first, offset, end, yield)
	}
	own := len(data) - first
	if err == nil && end < c.size && !isRecord(lastLine(data)) {
		err = c.fill(len(data), end, min(end+lookahead, c.size))
	}
	if !yield(block{data: c.buffer[first:], offset: offset, own: own}) {
		return nil
	}
	return err
}

// lastLine goes on reading until the line that is begun ends.
func (c *chunk) lastLine(first int, offset, end int64, yield func(block) bool) error {
	for end < c.size {
		more := min(end+256<<10, c.size)
		have := len(c.buffer)
		err := c.fill(have, end, more)
		at := bytes.IndexByte(c.buffer[have:], '\n')
		if at >= 0 {
			own := have + at + 1 - first
			if isRecord(lastLine(c.buffer[:have+at+1])) {
				c.buffer = c.buffer[:have+at+1]
			}
			yield(block{data: c.buffer[first:], offset: offset, own: own})
			return err
		}
		end = more
		if err != nil {
			yield(block{data: c.buffer[first:], offset: offset, own: len(c.buffer) - first})
			return err
		}
		if len(c.buffer)-first > longestLine {
			return c.pieces(first, offset, end, yield)
		}
	}
	yield(block{data: c.buffer[first:], offset: offset, own: len(c.buffer) - first})
	return nil
}

// pieces yields what is read, and goes on with the rest of a very long line piece by piece.
func (c *chunk) pieces(first int, offset, end int64, yield func(block) bool) error {
	b := block{data: c.buffer[first:], offset: offset}
	for {
		at := -1
		if b.middle {
			at = bytes.IndexByte(b.data, '\n')
		}
		last := end == c.size || at >= 0
		b.own = len(b.data)
		if at >= 0 {
			b.data, b.own = b.data[:at+1], at+1
		} else if !last {
			b.own -= overlap
		}
		if !yield(b) || last {
			return nil
		}
		b = c.following(b)
		keep := copy(c.buffer, b.data)
		more := min(end+longestLine, c.size)
		err := c.fill(keep, end, more)
		end = more
		b.data = c.buffer
		if err != nil {
			b.own = len(b.data)
			yield(b)
			return err
		}
	}
}

// following returns the piece behind a block: it begins with the overlap, and not within
// an escape.
func (c *chunk) following(b block) block {
	cut := b.own
	for cut < len(b.data)-1 && (b.data[cut-1] == '\\' || b.data[cut] == '\\' || b.data[cut]&0xc0 == 0x80) {
		cut++
	}
	lines, column := bytes.Count(b.data[:cut], []byte("\n")), b.column
	if lines > 0 {
		column = 0
	}
	return block{
		data: b.data[cut:], offset: b.offset + int64(cut), lines: b.lines + lines, middle: true,
		column: column + characters(b.data[bytes.LastIndexByte(b.data[:cut], '\n')+1:cut]),
	}
}

func lastLine(data []byte) []byte {
	data = bytes.TrimRight(data, "\r\n")
	return data[bytes.LastIndexByte(data, '\n')+1:]
}

// isRecord reports whether a line is to be read as JSON: an object or a list.
func isRecord(line []byte) bool {
	line = bytes.TrimSpace(line)
	if len(line) < 2 {
		return false
	}
	first, last := line[0], line[len(line)-1]
	return first == '{' && last == '}' || first == '[' && last == ']'
}
