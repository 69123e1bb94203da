package sieve

import "regexp/syntax"

// How long an anchor is, in bytes, and how many a pattern has at most.
const (
	shortestAnchor = 3
	longestAnchor  = 8
	mostAnchors    = 300
)

// leadingAnchors returns what the matches of the parts begin with, and in which share of
// the places of a text one of that is expected. It returns nil where matches can be
// too short or begin in too many ways.
func leadingAnchors(parts []*syntax.Regexp) (anchors []Anchor, frequency float64) {
	a, start, err := build(decisive(parts), longestAnchor)
	if err != nil {
		return nil, 0
	}
	w := walker{automaton: a}
	if !w.walk(start, nil) {
		return nil, 0
	}
	for _, sequence := range w.found {
		frequency += cost(sequence)
		anchors = append(anchors, newAnchor(sequence))
	}
	return anchors, frequency
}

// decisive returns as many of the parts as the first longestAnchor bytes of a match can
// come from.
func decisive(parts []*syntax.Regexp) []*syntax.Regexp {
	least := 0
	for i, part := range parts {
		if least == longestAnchor {
			return parts[:i]
		}
		if _, empty := beginning(part); !empty {
			least++
		}
	}
	return parts
}

// cost estimates what it takes to look for a sequence: a place that the table marks is
// cheap, one that an automaton has to follow is not.
func cost(sequence []byteSet) float64 {
	shares := expected(sequence)
	even, before, after, all := 1.0, 1.0, 1.0, 1.0
	for i, share := range shares {
		all *= share
		if i < 3 {
			before *= share
		}
		if i < 4 {
			even *= share
		}
		if 0 < i && i < 5 {
			after *= share
		}
	}
	return even + min(before, after) + 4*all
}

// again is how likely a byte of a set is behind another one of the same set.
const again = 0.5

// expected estimates in which share of the places of a text each byte of a sequence is
// found behind those before, 1 for a byte that an anchor does not compare. What has just
// been there is likely to come again: digits come in numbers, dashes in lines.
func expected(sequence []byteSet) [longestAnchor]float64 {
	var shares [longestAnchor]float64
	for i := range shares {
		shares[i] = 1
		if i >= len(sequence) {
			continue
		}
		if _, mask := compared(sequence[i].members()); i >= shortestAnchor && mask == 0xff {
			continue
		}
		shares[i] = sequence[i].frequency()
		if i > 0 && sequence[i] == sequence[i-1] {
			shares[i] = max(shares[i], again)
		}
	}
	return shares
}

// walker collects the sequences of bytes that an automaton begins with.
type walker struct {
	*automaton
	found [][]byteSet
}

// walk follows every way from state s on; so far holds the bytes before. A sequence ends
// where it could branch. It reports whether all sequences are long enough.
func (w *walker) walk(s int, so []byteSet) bool {
	exits := w.reach(nil, s, make([]bool, len(w.states)))
	if len(so) >= shortestAnchor && (len(so) == longestAnchor || len(exits) != 1 || !w.plain(exits[0])) {
		w.found = append(w.found, so)
		return len(w.found) <= mostAnchors
	}
	for _, exit := range exits {
		if !w.plain(exit) {
			return false
		}
		next := append(so[:len(so):len(so)], w.states[exit].set)
		if !w.walk(w.states[exit].exits[0], next) {
			return false
		}
	}
	return true
}

// plain reports whether a state consumes a byte of ASCII.
func (w *walker) plain(s int) bool {
	return s != accepting && !w.states[s].atEnd && !w.states[s].set.has(0x80)
}

// newAnchor returns the anchor for a sequence of at least three sets.
func newAnchor(sequence []byteSet) Anchor {
	var a Anchor
	for i := range longestAnchor {
		value, mask := byte(0xff), byte(0xff)
		if i < len(sequence) {
			value, mask = compared(sequence[i].members())
		}
		a.Value |= uint64(value) << (8 * i)
		a.Mask |= uint64(mask) << (8 * i)
	}
	for i := range a.First {
		a.First[i] = sequence[i].members()
	}
	return a
}

// compared returns the value and mask that stand for the members of a set.
func compared(members string) (value, mask byte) {
	switch {
	case len(members) == 1:
		return members[0], 0
	case len(members) == 2 && members[0]|0x20 == members[1] && 'a' <= members[1] && members[1] <= 'z':
		return members[1], 0x20
	}
	return 0xff, 0xff
}
