package sieve

import (
	"regexp/syntax"
	"sort"
)

// tail is the automaton for what follows a head.
type tail struct {
	*dfa
	// partial is set where the automaton knows the beginning of the tail only: where a
	// match ends is then unknown.
	partial      bool
	parts, limit int // how many parts of the tail it knows, and how far it counts
}

// precision says how exact an automaton counts, and how many states that may cost when it
// is made deterministic.
type precision struct{ limit, states int }

// mostStates is how many any of them may have.
const mostStates = 2000

// precisions are tried in order. The first is for plain tokens, which need no more states
// than they have characters.
var precisions = [...]precision{{300, 330}, {32, 700}, {8, 700}, {3, 700}, {0, mostStates}}

// newTail returns the automaton for as many of the parts as it can hold.
func newTail(parts []*syntax.Regexp) tail {
	tooMany := sort.Search(len(parts), func(i int) bool {
		_, _, err := build(parts[:i+1], 0)
		return err != nil
	})
	for n := tooMany; n > 0; n-- {
		for _, p := range precisions {
			if d, err := automatonOf(parts[:n], p); err == nil {
				return tail{dfa: d, partial: n < len(parts), parts: n, limit: p.limit}
			}
		}
	}
	return tail{dfa: everything(), partial: true}
}

// cutTail returns the automaton that newTail has returned for the same parts before.
func cutTail(parts []*syntax.Regexp, cut Cut) tail {
	if cut.Parts == 0 || cut.Parts > len(parts) {
		return tail{dfa: everything(), partial: true}
	}
	d, err := automatonOf(parts[:cut.Parts], precision{cut.Limit, mostStates})
	if err != nil {
		return newTail(parts) // another cut than this expression's
	}
	return tail{dfa: d, partial: cut.Parts < len(parts), parts: cut.Parts, limit: cut.Limit}
}

func automatonOf(parts []*syntax.Regexp, p precision) (*dfa, error) {
	a, start, err := build(parts, p.limit)
	if err != nil {
		return nil, err
	}
	return determinize(a, start, p.states)
}

// everything returns the automaton that accepts any byte.
func everything() *dfa {
	return &dfa{atEnd: 1, shift: 1, next: []uint16{dead, dead, initial, initial}, ends: []bool{false, true}}
}
