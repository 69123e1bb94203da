package search

import (
	"bytes"
	"unicode/utf8"
)

// sizes say into what parts files are cut. They are the same in every search save those of
// tests, which make them small.
type sizes struct {
	// chunk is how much of a file one task covers: the lines that begin in it.
	chunk int
	// readOn is how much is read at once of a line that goes on behind its chunk.
	readOn int
	// longest is from where on a line is searched in pieces.
	longest int
	// overlap is how far a piece goes on behind its own part: a secret may end there.
	overlap int
	// around is how far a search of text looks around a block for the names and the ends
	// of its secrets, which may be on other lines.
	around int
}

func usualSizes() sizes {
	return sizes{chunk: 1 << 20, readOn: 256 << 10, longest: 4 << 20, overlap: 64 << 10, around: 16 << 10}
}

// block is a part of a file: whole lines, unless a line is too long for one block, and
// some text around them.
type block struct {
	data   []byte
	offset int64 // of data in the file
	// data[lead:own] is the block's own. What is around it is context: a secret that
	// begins there is another block's.
	lead, own int
	// lines and column count the line feeds in the chunk, and the characters on the line,
	// that are before the block's own.
	lines, column int
	// middle is set where the block's own begins within a line, and record where that line
	// is one of JSON.
	middle, record bool
	// cut is set where data ends within a line.
	cut bool
}

// nextPart returns where the part that begins at start ends: one line of JSON, or all
// lines up to the next that is JSON.
func (b *block) nextPart(start int) (end int, record bool) {
	for at := start; at < len(b.data); at = end {
		end = lineEnd(b.data, at)
		if !b.isRecord(at, end) {
			continue
		}
		if at == start {
			return end, true
		}
		return at, false
	}
	return len(b.data), false
}

// isRecord reports whether the line data[at:end] is to be read as JSON. Of one whose end is
// not to be seen the beginning decides.
func (b *block) isRecord(at, end int) bool {
	switch {
	case at == b.lead && b.middle:
		return b.record
	case b.cut && end == len(b.data):
		return promisesRecord(b.data[at:end])
	}
	return isRecord(b.data[at:end])
}

// context returns where in the lead the text begins that a search of the block's first
// part has to see: behind the last line that is searched by itself.
func (b *block) context(record bool) int {
	start := 0
	for at := 0; at < b.lead; {
		end := lineEnd(b.data[:b.lead], at)
		if b.data[end-1] != '\n' {
			break
		}
		partial := at == 0 && b.offset > 0
		if record || isRecord(b.data[at:end]) || partial && closesRecord(b.data[at:end]) {
			start = end
		}
		at = end
	}
	return start
}

// following returns the block behind this one, as far as its data has been read.
func (b *block) following(around int) block {
	from := max(0, b.own-around)
	next := block{
		data: b.data[from:], offset: b.offset + int64(from), lead: b.own - from,
		lines: b.lines, column: b.column, middle: b.data[b.own-1] != '\n', record: b.record,
	}
	mine := b.data[b.lead:b.own]
	begin := bytes.LastIndexByte(mine, '\n') + 1
	if begin > 0 {
		next.lines += bytes.Count(mine, []byte("\n"))
		next.column = 0
	}
	if begin > 0 || !b.middle {
		next.record = promisesRecord(mine[begin:])
	}
	if next.middle {
		next.column += utf8.RuneCount(mine[begin:])
	}
	return next
}

// wholeCharacter returns the first place from at on, near by, where a character begins.
func wholeCharacter(data []byte, at int) int {
	for limit := min(at+utf8.UTFMax-1, len(data)-1); at < limit && !utf8.RuneStart(data[at]); {
		at++
	}
	return at
}

// lineEnd returns where the line that begins at start ends, its line feed included.
func lineEnd(data []byte, start int) int {
	at := bytes.IndexByte(data[start:], '\n')
	if at < 0 {
		return len(data)
	}
	return start + at + 1
}

// lastLine returns the last line of data, its line feed included.
func lastLine(data []byte) []byte {
	return data[bytes.LastIndexByte(data[:max(0, len(data)-1)], '\n')+1:]
}

// isRecord reports whether a line is to be read as JSON: an object or a list.
func isRecord(line []byte) bool {
	if !opensRecord(line) {
		return false
	}
	line = bytes.TrimRight(line, " \t\r\n")
	return len(line) > 1 && line[len(line)-1] == line[0]+2 // } is { + 2, and so with [ and ]
}

func opensRecord(line []byte) bool { return len(line) > 0 && (line[0] == '{' || line[0] == '[') }

// promisesRecord reports whether a line of which only the beginning is seen will be one of
// JSON: a log may begin its lines with a time in brackets.
func promisesRecord(line []byte) bool {
	if !opensRecord(line) {
		return false
	}
	rest := bytes.TrimLeft(line[1:], " \t")
	switch {
	case len(rest) == 0:
		return true
	case line[0] == '{':
		return rest[0] == '"'
	}
	return rest[0] == '"' || rest[0] == '{' || rest[0] == '['
}

func closesRecord(line []byte) bool {
	line = bytes.TrimRight(line, " \t\r\n")
	return len(line) > 0 && (line[len(line)-1] == '}' || line[len(line)-1] == ']')
}
