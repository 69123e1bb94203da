package sieve

import "regexp/syntax"

// Anchor is what a part of every match of a pattern begins with, at least three bytes
// and at most eight. It is made ahead of time, so that a program can begin to search
// before it has parsed a single expression.
type Anchor struct {
	// Value is the bytes, the first of them lowest. A byte b of a text agrees where
	// b|mask is the byte of Value, mask being the byte of Mask: 0x20 for a letter in any
	// case, 0xff for a byte that is not compared here.
	Value, Mask uint64
	// First holds the members of the first three bytes.
	First [3]string
	// Lead says which of the pattern's ways to begin this is.
	Lead int
}

// lead is one way to find matches of a pattern: each consists of a head and a tail, and
// offset bytes behind the beginning of the tail there is one of the anchors.
type lead struct {
	anchors []Anchor
	parts   []*syntax.Regexp
	at      int // the tail is parts[at:]
	offset  int
}

// tooFrequent is the share of places in a text from which on looking closer does not
// pay any more.
const tooFrequent = 0.01

// findLeads returns leads such that every match has one of them, nil if there are none
// that are rare in texts.
func findLeads(re *syntax.Regexp) []lead {
	var leads []lead
	for _, parts := range alternatives(re) {
		l := findLead(parts)
		if l == nil {
			return nil
		}
		for i := range l.anchors {
			l.anchors[i].Lead = len(leads)
		}
		leads = append(leads, *l)
	}
	return leads
}

// alternatives returns the parts of each alternative of an expression that consists of
// alternatives, else those of the whole.
func alternatives(re *syntax.Regexp) [][]*syntax.Regexp {
	for re.Op == syntax.OpCapture {
		re = re.Sub[0]
	}
	if re.Op != syntax.OpAlternate {
		return [][]*syntax.Regexp{flatten(nil, re)}
	}
	var all [][]*syntax.Regexp
	for _, sub := range re.Sub {
		all = append(all, alternatives(sub)...)
	}
	return all
}

// findLead chooses the place within the parts whose anchors are the rarest in texts.
func findLead(parts []*syntax.Regexp) *lead {
	var best *lead
	lowest := tooFrequent
	fixed, offset := 0, 0 // parts[fixed:i] is always offset bytes long
	for i, part := range parts {
		if anchors, frequency := leadingAnchors(parts[i:]); anchors != nil && frequency < lowest {
			best, lowest = &lead{anchors, parts, fixed, offset}, frequency
		}
		if length, ok := fixedLength(part); ok {
			offset += length
		} else {
			fixed, offset = i+1, 0
		}
	}
	return best
}

// fixedLength returns the number of bytes of a part that always has the same.
func fixedLength(part *syntax.Regexp) (length int, ok bool) {
	switch part.Op {
	case syntax.OpRepeat:
		length, ok = fixedLength(part.Sub[0])
		return length * part.Min, ok && part.Min == part.Max
	case syntax.OpLiteral, syntax.OpCharClass:
		var bytes byteSet
		most := longest(part, &bytes)
		return 1, most == 1
	}
	return 0, hasNoWidth(part)
}

// flatten appends the parts of a concatenation, groups opened, every literal character
// a part of its own.
func flatten(parts []*syntax.Regexp, re *syntax.Regexp) []*syntax.Regexp {
	switch re.Op {
	case syntax.OpConcat, syntax.OpCapture:
		for _, sub := range re.Sub {
			parts = flatten(parts, sub)
		}
	case syntax.OpLiteral:
		for _, char := range re.Rune {
			parts = append(parts, &syntax.Regexp{Op: syntax.OpLiteral, Flags: re.Flags, Rune: []rune{char}})
		}
	case syntax.OpEmptyMatch:
	default:
		parts = append(parts, re)
	}
	return parts
}
