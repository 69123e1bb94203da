package sieve

import (
	"cmp"
	"regexp"
	"slices"
	"unicode/utf8"
)

// finder finds the matches of one pattern by its candidates, as whoever uses them does.
type finder struct {
	re, core *regexp.Regexp // core is nil where there is none
	text     []byte
	found    [][]int
}

// all returns the matches among the candidates, all of them the pattern's.
func (f *finder) all(candidates []Candidate) [][]int {
	slices.SortStableFunc(candidates, func(a, b Candidate) int {
		return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.At, b.At))
	})
	for len(candidates) > 0 {
		n, start, end, hope := 0, candidates[0].Start, candidates[0].End, false
		for ; n < len(candidates) && candidates[n].Start <= end; n++ {
			end, hope = max(end, candidates[n].End), hope || !candidates[n].Hopeless
		}
		switch {
		case !hope:
		case f.core != nil && candidates[0].At >= 0:
			f.anchored(candidates[:n])
		case !f.window(start, end):
			f.window(start, len(f.text))
			return f.found
		}
		candidates = candidates[n:]
	}
	return f.found
}

// window adds the matches within text[start:end], and a character on either side. It
// reports false, and adds nothing, where one of them reaches the end of that while the
// text goes on: $ matched where the window ends.
func (f *finder) window(start, end int) bool {
	_, before := utf8.DecodeLastRune(f.text[:start])
	_, after := utf8.DecodeRune(f.text[end:])
	from, to := start-before, end+after
	spans := f.re.FindAllIndex(f.text[from:to], -1)
	for _, span := range spans {
		if to < len(f.text) && from+span[1] == to {
			return false
		}
	}
	for _, span := range spans {
		f.found = append(f.found, []int{from + span[0], from + span[1]})
	}
	return true
}

// anchored adds the matches of an expression with a core.
func (f *finder) anchored(candidates []Candidate) {
	last := 0
	for _, c := range candidates {
		if c.At < last {
			continue
		}
		_, after := utf8.DecodeRune(f.text[c.End:])
		span := f.core.FindIndex(f.text[c.At : c.End+after])
		if span != nil && c.At+span[1] == c.End+after {
			span = f.core.FindIndex(f.text[c.At:])
		}
		if span != nil {
			f.found = append(f.found, []int{max(c.Start, last), c.At + span[1]})
			last = c.At + span[1]
		}
	}
}
