package search

import (
	"cmp"
	"slices"
)

// distinct returns the hits in the order of their places, without those that another
// one of the same bytes makes superfluous: the same text is looked at in several layers.
// It takes the hits that say most first, and of the others those that repeat none of them.
func distinct(hits []Hit) []Hit {
	if len(hits) == 1 {
		return slices.Clone(hits)
	}
	slices.SortStableFunc(hits, func(a, b Hit) int {
		return cmp.Or(a.compare(&b), cmp.Compare(a.Start, b.Start), cmp.Compare(b.End, a.End), cmp.Compare(a.at, b.at))
	})
	var kept []Hit
	seen := map[extent]bool{}
	taken := map[view]*spans{}
	for _, h := range hits {
		bytes := extent{h.Start, h.End, h.From, h.To}
		if seen[bytes] || h.repeatsOne(taken) {
			continue
		}
		seen[bytes] = true
		kept = append(kept, h)
		v := view{h.Layers, h.Rule, h.rank}
		if taken[v] == nil {
			taken[v] = &spans{}
		}
		taken[v].add(h.Start, h.End)
	}
	slices.SortStableFunc(kept, func(a, b Hit) int {
		return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(b.End, a.End), cmp.Compare(a.at, b.at))
	})
	return kept
}

// compare is below 0 where h says more than other: its rule knows more, else it has seen
// the text with more of its layers off. Hits that are equal in this may be of one view.
func (h *Hit) compare(other *Hit) int {
	return cmp.Or(cmp.Compare(h.rank, other.rank), cmp.Compare(len(other.Layers), len(h.Layers)))
}

// extent is which bytes a hit has.
type extent struct {
	start, end int64
	from, to   int
}

// view is what a hit was seen by.
type view struct {
	layers, rule string
	rank         int
}

// repeatsOne reports whether a hit is a secret that was seen in another layer, too: it
// shares bytes with it, and has the same rule, or one that says something else of them.
func (h *Hit) repeatsOne(taken map[view]*spans) bool {
	for v, s := range taken {
		if v.layers != h.Layers && (v.rule == h.Rule || v.rank != h.rank) && s.overlap(h.Start, h.End) {
			return true
		}
	}
	return false
}

// spans are parts of a text, apart from each other and in order.
type spans []span

type span struct{ start, end int64 }

// add adds a span that begins no earlier than the last one.
func (s *spans) add(start, end int64) {
	if last := len(*s) - 1; last >= 0 && start <= (*s)[last].end {
		(*s)[last].end = max(end, (*s)[last].end)
		return
	}
	*s = append(*s, span{start, end})
}

// overlap reports whether one of the spans has a byte in common with that from start to end.
func (s *spans) overlap(start, end int64) bool {
	i, _ := slices.BinarySearchFunc(*s, start, func(a span, start int64) int {
		if a.end <= start {
			return -1
		}
		return 1
	})
	return i < len(*s) && (*s)[i].start < end
}
