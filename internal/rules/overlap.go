package rules

import (
	"bytes"
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
func mostSpecific(text []byte, found []candidate) []Match {
	var kept []Match
	for i, m := range found {
		superfluous := slices.ContainsFunc(found, func(other candidate) bool {
			return other.rank < m.rank && other.covers(text, found[i])
		})
		if !superfluous {
			kept = append(kept, m.Match)
		}
	}
	slices.SortFunc(kept, func(a, b Match) int {
		return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.End, b.End), cmp.Compare(a.Rule, b.Rule))
	})
	return slices.Compact(kept)
}

// covers reports whether m makes other, of a higher rank, superfluous. A generic
// match goes when its text is part of a better match on the same line: so gitleaks
// has it. Gitleaks reports its other rules side by side; beside ours, a match goes
// only when it lies within the better one, so that no byte of a secret is lost.
func (m candidate) covers(text []byte, other candidate) bool {
	within := m.Start <= other.Start && other.End <= m.End
	if other.rank == rankGeneric {
		return within || sameLine(text, m.matchStart, other.matchStart) &&
			bytes.Contains(text[m.Start:m.End], text[other.Start:other.End])
	}
	return within && (m.Detector != DetectorGitleaks || other.Detector != DetectorGitleaks)
}

// sameLine reports whether two offsets are on one line of text; a newline belongs
// to the line that it opens.
func sameLine(text []byte, a, b int) bool {
	return bytes.IndexByte(text[min(a, b)+1:max(a, b)+1], '\n') < 0
}
