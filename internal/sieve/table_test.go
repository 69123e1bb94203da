package sieve

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// agrees reports whether an anchor stands at a place of a text.
func (a *Anchor) agrees(text string, at int) bool {
	if at+shortestAnchor > len(text) || eight([]byte(text), at)|a.Mask != a.Value {
		return false
	}
	for i, members := range a.First {
		if strings.IndexByte(members, text[at+i]) < 0 {
			return false
		}
	}
	return true
}

// marked returns the places that the table marks: an anchor may begin at one of them, or one
// byte before or behind.
func (t *table) marked(text string) []int {
	var places []int
	for at := t.next([]byte(text), 0); at < len(text); at = t.next([]byte(text), at+2) {
		places = append(places, at)
	}
	return places
}

// randomAnchors returns anchors of few different bytes.
func randomAnchors(r *rand.Rand, alphabet string) [][]Anchor {
	patterns := make([][]Anchor, 1+r.IntN(12))
	for i := range patterns {
		for range 1 + r.IntN(3) {
			sequence := make([]byteSet, shortestAnchor+r.IntN(longestAnchor-shortestAnchor+1))
			for k := range sequence {
				for range 1 + r.IntN(2)*r.IntN(3) {
					b := alphabet[r.IntN(len(alphabet))]
					sequence[k].add(b)
					if 'a' <= b && b <= 'z' && r.IntN(2) == 0 {
						sequence[k].add(b ^ 0x20)
					}
				}
			}
			patterns[i] = append(patterns[i], newAnchor(sequence))
		}
	}
	return patterns
}

// FuzzTable looks for some anchors, which depend on the seed, behind up to 16 other bytes.
// Every anchor has to be looked at and known there. Where the table says to look, there
// has to be one that could begin so, unless the text ends.
func FuzzTable(f *testing.F) {
	for seed := range uint64(100) {
		f.Add(seed, strings.Repeat("abcABC\x00", int(seed%5)))
	}
	f.Fuzz(func(t *testing.T, seed uint64, text string) {
		const alphabet = "abcAB-\x00\x80"
		r := rand.New(rand.NewPCG(seed, 1))
		patterns := randomAnchors(r, alphabet)
		table := newTable(patterns)
		var more strings.Builder
		for range 60 {
			more.WriteByte(alphabet[r.IntN(len(alphabet))])
		}
		text += more.String()
		for alignment := range 17 {
			checkTable(t, table, patterns, strings.Repeat("~", alignment)+text)
		}
	})
}

func checkTable(t *testing.T, table *table, patterns [][]Anchor, text string) {
	t.Helper()
	marked := table.marked(text)
	for at := range text {
		for pattern, anchors := range patterns {
			for _, a := range anchors {
				if !a.agrees(text, at) {
					continue
				}
				if !slices.ContainsFunc(marked, func(place int) bool { return place-1 <= at && at <= place+1 }) {
					t.Fatalf("anchor %s at %d of %q is not near a marked place", shown(a), at, text)
				}
				if !slices.ContainsFunc(table.at([]byte(text), at), func(e entry) bool {
					return int(e.pattern) == pattern && e.value == a.Value && e.mask == a.Mask
				}) {
					t.Fatalf("anchor %s at %d of %q is not known", shown(a), at, text)
				}
			}
		}
	}
	for _, at := range marked {
		if at+4 <= len(text) && !mayBegin(patterns, text[at:at+4]) {
			t.Fatalf("nothing can begin near %d of %q", at, text)
		}
	}
}

// mayBegin reports whether an anchor allows the first of two pairs, and the same or another
// one the second, if it begins there or one byte before or behind.
func mayBegin(patterns [][]Anchor, pairs string) bool {
	first, second := false, false
	for _, anchors := range patterns {
		for _, a := range anchors {
			for i := -1; i <= 1; i++ {
				first = first || a.allows(i, pairs[0]) && a.allows(i+1, pairs[1])
				second = second || a.allows(i+2, pairs[2]) && a.allows(i+3, pairs[3])
			}
		}
	}
	return first && second
}

// allows reports whether byte i of the anchor can be b.
func (a *Anchor) allows(i int, b byte) bool {
	if i < 0 {
		return true
	}
	if i < len(a.First) {
		return strings.IndexByte(a.First[i], b) >= 0
	}
	return b|byte(a.Mask>>(8*i)) == byte(a.Value>>(8*i))
}

func TestTableOfNothing(t *testing.T) {
	if got := newTable(nil).marked("nothing at all, however long it may be"); len(got) > 2 {
		t.Errorf("without anchors the places %d are marked", got)
	}
}
