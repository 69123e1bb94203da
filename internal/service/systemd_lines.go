package service

import (
	"errors"
	"iter"
	"sort"
	"strings"
)

const (
	unitSpace     = " \t\n\r"
	byteOrderMark = "\ufeff"

	// maxUnitLine is LONG_LINE_MAX of systemd: a longer line fails the file.
	maxUnitLine = 1 << 20
)

// unitLine is a logical line: continuations joined, comments left out.
type unitLine struct {
	text   string
	number int // 1-based, of the first physical line
	parts  []linePart
}

// linePart is a physical line of a logical one.
type linePart struct {
	at         int // where it begins in the text of the logical line
	start, end int // in the file, the line end within
}

// partOf returns the index of the physical line that holds text[at].
func (l unitLine) partOf(at int) int {
	after := sort.Search(len(l.parts), func(i int) bool { return l.parts[i].at > at })
	return max(after-1, 0)
}

// offset returns where text[at] stands in the file. The space that a continuation
// becomes stands where its backslash does.
func (l unitLine) offset(at int) int {
	part := l.parts[l.partOf(at)]
	return part.start + at - part.at
}

// span returns the bytes of the file, a comment within the line included.
func (l unitLine) span() (start, end int) {
	return l.parts[0].start, l.parts[len(l.parts)-1].end
}

// unitLines yields the logical lines of a unit file, and an error with the last
// of them where systemd would stop reading. A line that ends in an odd number of
// backslashes goes on in the next; a comment inside a continuation is skipped.
func unitLines(text []byte) iter.Seq2[unitLine, error] {
	return func(yield func(unitLine, error) bool) {
		var joined strings.Builder
		logical := unitLine{}
		rest := strings.TrimPrefix(string(text), byteOrderMark)
		for number := 1; rest != ""; number++ {
			part := linePart{at: joined.Len(), start: len(text) - len(rest)}
			var line string
			line, rest = cutUnitLine(rest)
			part.end = len(text) - len(rest)
			if begin := strings.TrimLeft(line, unitSpace); begin != "" && strings.ContainsRune("#;", rune(begin[0])) {
				continue
			}
			if logical.parts == nil {
				logical.number = number
			}
			logical.parts = append(logical.parts, part)
			if joined.Len()+len(line) > maxUnitLine {
				yield(logical, errors.New("a line is longer than 1 MiB: systemd refuses the file; break it"))
				return
			}
			if continues(line) {
				joined.WriteString(line[:len(line)-1])
				joined.WriteByte(' ')
				continue
			}
			joined.WriteString(line)
			logical.text = joined.String()
			if !yield(logical, nil) {
				return
			}
			joined.Reset()
			logical = unitLine{}
		}
		if logical.parts != nil {
			logical.text = joined.String()
			yield(logical, nil)
		}
	}
}

// cutUnitLine cuts the first line off. LF, CR and NUL end a line; any two
// different ones in a row (CRLF) end it together.
func cutUnitLine(text string) (line, rest string) {
	end := strings.IndexAny(text, "\n\r\x00")
	if end < 0 {
		return text, ""
	}
	next := end + 1
	if text[end] != 0 && next < len(text) && text[next] != text[end] && strings.IndexByte("\n\r\x00", text[next]) >= 0 {
		next++
	}
	return text[:end], text[next:]
}

func continues(line string) bool {
	trailing := len(line) - len(strings.TrimRight(line, `\`))
	return trailing%2 == 1
}
