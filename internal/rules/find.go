package rules

import (
	"cmp"
	"slices"

	"github.com/clawsecrets/clawsecrets/internal/sieve"
)

// Finder finds secrets in one text after another. It keeps the memory that it works
// in, and is for one goroutine.
type Finder struct {
	set     *Set
	scratch sieve.Scratch
}

// Finder returns a finder for the rules of the set.
func (s *Set) Finder() *Finder { return &Finder{set: s} }

// Find returns the secrets in text, as [Set.Find] does. place is where the text comes
// from; nil is nowhere in particular.
func (f *Finder) Find(text []byte, place *Place) []Match {
	s := f.set
	s.setUp()
	if s.err != nil {
		return nil
	}
	candidates, err := s.sieve.Candidates(text, &f.scratch)
	if err != nil {
		s.fail(err)
	}
	if len(candidates) == 0 {
		return nil
	}
	slices.SortStableFunc(candidates, func(a, b sieve.Candidate) int {
		return cmp.Or(cmp.Compare(a.Pattern, b.Pattern), cmp.Compare(a.Start, b.Start), cmp.Compare(a.At, b.At))
	})
	var found []candidate
	for len(candidates) > 0 {
		n := 1
		for n < len(candidates) && candidates[n].Pattern == candidates[0].Pattern {
			n++
		}
		matches, err := s.matches(text, place, candidates[:n])
		if err != nil {
			s.fail(err)
		}
		found = append(found, matches...)
		candidates = candidates[n:]
	}
	return mostSpecific(text, found)
}

// matches returns the matches of the rule whose candidates these are.
func (s *Set) matches(text []byte, place *Place, candidates []sieve.Candidate) ([]candidate, error) {
	number := candidates[0].Pattern
	r := s.rules[number]
	if !place.holds(r) {
		return nil, nil
	}
	global, err := s.library.lists()
	if err != nil {
		return nil, err
	}
	search := search{rule: r, text: text, global: global, path: place.path()}
	return search.all(candidates, s.sieve.Core(number))
}
