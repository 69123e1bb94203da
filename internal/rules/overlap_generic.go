package rules

import (
	"bytes"
	"cmp"
	"index/suffixarray"
	"slices"
)

// betterTexts finds out whether a match that is not generic holds the text of a generic
// one on the same line, in a time that does not depend on how many there are.
type betterTexts struct {
	text  []byte
	found []candidate

	feeds   []int                      // where the line feeds are that matter
	lines   map[int]*suffixarray.Index // the texts of a line, by its number
	divided bool                       // feeds are known
}

// few is how many matches are compared one by one.
const few = 32

// holds reports whether a better match on the line of m, which is generic, has its text.
func (b *betterTexts) holds(m candidate) bool {
	if !b.divided {
		b.feeds, b.divided = lineFeeds(b.text, b.found), true
	}
	secret := b.text[m.Start:m.End]
	if len(b.found) <= few || bytes.IndexByte(secret, '\n') >= 0 {
		return b.holdsByPairs(m, secret)
	}
	if b.lines == nil {
		b.index()
	}
	line := b.lines[b.line(m)]
	return line != nil && len(line.Lookup(secret, 1)) > 0
}

// holdsByPairs is holds for few matches, and for a text with line feeds, which hardly a
// generic rule matches.
func (b *betterTexts) holdsByPairs(m candidate, secret []byte) bool {
	return slices.ContainsFunc(b.found, func(other candidate) bool {
		return other.rank < m.rank && b.line(other) == b.line(m) && bytes.Contains(b.text[other.Start:other.End], secret)
	})
}

// index collects the texts of the better matches by their lines.
func (b *betterTexts) index() {
	b.lines = map[int]*suffixarray.Index{}
	texts := map[int][]byte{}
	for _, m := range b.found {
		if m.rank == rankGeneric {
			continue
		}
		line := b.line(m)
		texts[line] = append(append(texts[line], b.text[m.Start:m.End]...), '\n')
	}
	for line, text := range texts {
		b.lines[line] = suffixarray.New(text)
	}
}

// line returns a number for the line that a match begins on; a line feed belongs to the
// line that it opens.
func (b *betterTexts) line(m candidate) int {
	line, at := slices.BinarySearch(b.feeds, m.matchStart)
	if at {
		line++
	}
	return line
}

// lineFeeds returns, for every two neighbours among the matches that are on two lines, the
// place of a line feed between them.
func lineFeeds(text []byte, found []candidate) []int {
	starts := make([]int, len(found))
	for i, m := range found {
		starts[i] = m.matchStart
	}
	slices.SortFunc(starts, cmp.Compare[int])
	var feeds []int
	for i := 1; i < len(starts); i++ {
		if at := bytes.IndexByte(text[starts[i-1]+1:starts[i]+1], '\n'); starts[i] > starts[i-1] && at >= 0 {
			feeds = append(feeds, starts[i-1]+1+at)
		}
	}
	return feeds
}
