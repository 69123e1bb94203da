package scan

import (
	"cmp"
	"slices"

	"github.com/clawsecrets/clawsecrets/internal/gateway"
)

// standing is what was found in a file, by value and as a whole.
type standing struct {
	values map[string]*spans
	all    spans
}

// standing returns what was found in each file, also what the options leave out.
func (p *places) standing() map[*gateway.File]*standing {
	byFile := map[*gateway.File]*standing{}
	for _, f := range slices.Concat(p.result.Findings, p.result.LeftOut) {
		s := byFile[f.File]
		if s == nil {
			s = &standing{values: map[string]*spans{}}
			byFile[f.File] = s
		}
		value := f.Value.Reveal()
		if s.values[value] == nil {
			s.values[value] = &spans{}
		}
		s.values[value].add(f.Start, f.End)
		s.all.add(f.Start, f.End)
	}
	for _, s := range byFile {
		s.all.sort()
		for _, of := range s.values {
			of.sort()
		}
	}
	return byFile
}

// has reports whether a value was found in a part of these bytes.
func (s *standing) has(value string, start, end int) bool {
	return s != nil && s.values[value] != nil && s.values[value].overlaps(start, end)
}

// covers reports whether all of these bytes belong to something that was found.
func (s *standing) covers(start, end int) bool { return s != nil && s.all.covers(start, end) }

// spans are parts of a file. Once they are sorted, those that touch are one.
type spans []span

type span struct{ start, end int }

func (s *spans) add(start, end int) { *s = append(*s, span{start, end}) }

func (s *spans) sort() {
	slices.SortFunc(*s, func(a, b span) int { return cmp.Or(a.start-b.start, a.end-b.end) })
	merged := (*s)[:0]
	for _, next := range *s {
		if last := len(merged) - 1; last >= 0 && next.start <= merged[last].end {
			merged[last].end = max(merged[last].end, next.end)
			continue
		}
		merged = append(merged, next)
	}
	*s = merged
}

// behind returns the first span that ends behind a place.
func (s spans) behind(at int) (span, bool) {
	i, _ := slices.BinarySearchFunc(s, at, func(a span, at int) int {
		if a.end <= at {
			return -1
		}
		return 1
	})
	if i == len(s) {
		return span{}, false
	}
	return s[i], true
}

func (s spans) overlaps(start, end int) bool {
	next, ok := s.behind(start)
	return ok && next.start < end
}

func (s spans) covers(start, end int) bool {
	next, ok := s.behind(start)
	return ok && next.start <= start && end <= next.end
}
