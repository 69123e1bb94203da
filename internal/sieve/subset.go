package sieve

import (
	"math/bits"
	"slices"
)

// subsets makes an automaton deterministic: a state of the result is a set of states of
// the automaton, and gets a number when it is first reached.
type subsets struct {
	*automaton
	words   int        // of a set
	closure [][]uint64 // of each state: what it reaches without consuming
	takes   [][]uint64 // of each class of bytes: the states that consume it
	sets    [][]uint64
	index   map[uint64]int // by hash
}

// newSubsets prepares the search; samples has a byte of each class, and the class behind
// the last is the end of the text.
func newSubsets(a *automaton, samples []byte) *subsets {
	b := &subsets{automaton: a, words: (len(a.states) + 63) / 64, index: map[uint64]int{}}
	seen := make([]bool, len(a.states))
	for s := range a.states {
		clear(seen)
		set := make([]uint64, b.words)
		for _, reached := range a.reach(nil, s, seen) {
			set[reached/64] |= 1 << (reached % 64)
		}
		b.closure = append(b.closure, set)
	}
	for _, sample := range samples {
		b.takes = append(b.takes, b.taking(func(s *state) bool { return s.set.has(sample) }))
	}
	b.takes = append(b.takes, b.taking(func(s *state) bool { return s.atEnd }))
	return b
}

func (b *subsets) taking(takes func(*state) bool) []uint64 {
	set := make([]uint64, b.words)
	for s := range b.states {
		if b.states[s].consumes && takes(&b.states[s]) {
			set[s/64] |= 1 << (s % 64)
		}
	}
	return set
}

// number returns the number of a set.
func (b *subsets) number(set []uint64) int {
	hash := uint64(len(set))
	for _, word := range set {
		hash = (hash ^ word) * 0x9e3779b97f4a7c15
		hash ^= hash >> 29
	}
	for {
		n, known := b.index[hash]
		if !known {
			break
		}
		if slices.Equal(b.sets[n], set) {
			return n
		}
		hash++ // another set has that hash
	}
	b.index[hash] = len(b.sets)
	b.sets = append(b.sets, slices.Clone(set))
	return len(b.sets) - 1
}

// step puts into next what is reached from set by consuming a byte of the class.
func (b *subsets) step(next, set []uint64, class int) {
	clear(next)
	for i, word := range set {
		for word &= b.takes[class][i]; word != 0; word &= word - 1 {
			for _, exit := range b.states[64*i+bits.TrailingZeros64(word)].exits {
				for j, more := range b.closure[exit] {
					next[j] |= more
				}
			}
		}
	}
}

// end puts into next what is reached from set where the text ends. Several assertions in
// a row may ask for that.
func (b *subsets) end(next, set []uint64, class int) {
	clear(next)
	reached := make([]uint64, b.words)
	for {
		b.step(reached, set, class)
		grown := false
		for i, word := range reached {
			grown = grown || word&^next[i] != 0
			next[i] |= word
		}
		if !grown {
			return
		}
		set = slices.Clone(next)
	}
}
