package rules

import (
	"cmp"
	"slices"
	"strings"
)

// rank says how much a rule knows about what it matches. Of two matches of the same
// characters the one of the lower rank is kept.
type rank int

const (
	rankKnown    rank = iota // the very value
	rankProvider             // gitleaks names the provider
	rankShape                // we name the provider
	rankContext              // a place where secrets stand: a header, a query, a URL
	rankGeneric              // something with a promising name
)

// gitleaksRank returns the rank of a gitleaks rule. Its two rules for curl commands
// know only the place.
func gitleaksRank(id string) rank {
	switch {
	case strings.Contains(id, "generic"):
		return rankGeneric
	case strings.HasPrefix(id, "curl-"):
		return rankContext
	}
	return rankProvider
}

// mostSpecific returns the matches in order of place, without those that another one
// makes superfluous.
//
// A generic match goes when its text is part of a better match on the same line: so
// gitleaks has it. Gitleaks reports its other rules side by side; beside ours, a match
// goes only when it lies within the better one, so that no byte of a secret is lost.
func mostSpecific(text []byte, found []candidate) []Match {
	if len(found) == 1 {
		return []Match{found[0].Match}
	}
	slices.SortStableFunc(found, func(a, b candidate) int { return cmp.Compare(a.Start, b.Start) })
	better := betterTexts{text: text, found: found}
	superfluous := make([]bool, len(found))
	// Of all matches, and of those of our own rules, up to which byte those reach that
	// begin no later than the present one.
	var all, own reach
	for i := 0; i < len(found); {
		same := i // those that begin at the same place
		for ; i < len(found) && found[i].Start == found[same].Start; i++ {
			all.add(found[i])
			if found[i].Detector != DetectorGitleaks {
				own.add(found[i])
			}
		}
		for k, m := range found[same:i] {
			within := all
			if m.rank != rankGeneric && m.Detector == DetectorGitleaks {
				within = own
			}
			superfluous[same+k] = within.covers(m) || m.rank == rankGeneric && better.holds(m)
		}
	}
	var kept []Match
	for i, m := range found {
		if !superfluous[i] {
			kept = append(kept, m.Match)
		}
	}
	slices.SortFunc(kept, func(a, b Match) int {
		return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.End, b.End), cmp.Compare(a.Rule, b.Rule))
	})
	return slices.Compact(kept)
}

// reach has, by rank, where the last match ends.
type reach [rankGeneric + 1]int

func (r *reach) add(m candidate) { r[m.rank] = max(r[m.rank], m.End) }

// covers reports whether a match of a lower rank reaches to the end of m.
func (r *reach) covers(m candidate) bool { return slices.Max(append(r[:m.rank:m.rank], 0)) >= m.End }
