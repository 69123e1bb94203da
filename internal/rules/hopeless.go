package rules

import (
	"math"
	"regexp/syntax"
)

// hopeless tells by its bytes that a value can be no secret under a rule, without running
// an expression.
type hopeless struct {
	// distinct is how many different characters the value must have for its entropy.
	distinct int
	// plain holds the bytes of which an allow-list permits every value that has no other.
	plain [256]bool
}

// newHopeless reads the rule's entropy and those of its allow-lists that speak about the
// whole secret: ^[a-z]+$.
func newHopeless(b *body) hopeless {
	var h hopeless
	if b.entropy > 0 {
		// Of n different characters the entropy is log2 n at most, and has to be above.
		h.distinct = int(math.Floor(math.Pow(2, b.entropy))) + 1
	}
	for _, list := range b.allowlists {
		if list.all || list.target != targetSecret || len(list.regex) != 1 {
			continue
		}
		for _, member := range wholeClass(list.regex[0].source) {
			h.plain[member] = true
		}
	}
	return h
}

// wholeClass returns the bytes of C for an expression ^C+$ with a class C of ASCII.
func wholeClass(source string) []byte {
	re, err := syntax.Parse(source, syntax.Perl)
	if err != nil || re.Op != syntax.OpConcat || len(re.Sub) != 3 {
		return nil
	}
	begin, many, end := re.Sub[0], re.Sub[1], re.Sub[2]
	if begin.Op != syntax.OpBeginText || many.Op != syntax.OpPlus || end.Op != syntax.OpEndText ||
		many.Sub[0].Op != syntax.OpCharClass {
		return nil
	}
	var members []byte
	ranges := many.Sub[0].Rune
	for i := 0; i < len(ranges); i += 2 {
		for char := ranges[i]; char <= ranges[i+1] && char < 0x80; char++ {
			members = append(members, byte(char))
		}
	}
	return members
}

// value reports whether no end of run, however long, counts.
func (h *hopeless) value(run []byte) bool {
	var seen [4]uint64
	distinct, plain := 0, true
	for _, b := range run {
		if b >= 0x80 {
			return false // not a character by itself
		}
		if bit := uint64(1) << (b & 63); seen[b>>6]&bit == 0 {
			seen[b>>6] |= bit
			distinct++
			plain = plain && h.plain[b]
		}
	}
	return distinct < h.distinct || plain
}
