package sieve

import (
	"regexp/syntax"
	"unicode"
	"unicode/utf8"
)

// head bounds the part of a match before its tail.
type head struct {
	most  int // bytes, -1 for any number
	bytes byteSet
	// lazy is set where the head is any number of characters of a class up to most,
	// as few as possible, and nothing else. Each of them is one byte.
	lazy bool
}

// newHead returns the head of an expression whose tail begins with parts[at].
func newHead(parts []*syntax.Regexp, at int) head {
	parts, tail := parts[:at], parts[at:]
	var h head
	h.most = total(parts, &h.bytes)
	h.lazy = len(parts) == 1 && parts[0].Op == syntax.OpRepeat && parts[0].Min == 0 && parts[0].Max > 0 &&
		parts[0].Flags&syntax.NonGreedy != 0 && parts[0].Sub[0].Op == syntax.OpCharClass && h.most == parts[0].Max
	if h.lazy {
		asserts, _ := beginning(&syntax.Regexp{Op: syntax.OpConcat, Sub: tail})
		h.lazy = !asserts
	}
	return h
}

// start returns the first byte of text that a match can have whose tail begins at at.
func (h *head) start(text []byte, at int) int {
	least := 0
	if h.most >= 0 {
		least = max(0, at-h.most)
	}
	for at > least && h.bytes.has(text[at-1]) {
		at--
	}
	return at
}

// longest returns the number of bytes that re matches at most, -1 for any number, and
// adds to bytes those it can match.
func longest(re *syntax.Regexp, bytes *byteSet) int {
	switch re.Op {
	case syntax.OpLiteral:
		sum := 0
		for _, char := range re.Rune {
			high := char
			if char >= 0x80 {
				high = unicode.MaxRune
			}
			sum += longestClass([]rune{char, high}, re.Flags&syntax.FoldCase != 0, bytes)
		}
		return sum
	case syntax.OpCharClass:
		return longestClass(re.Rune, false, bytes)
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		bytes.addRange(0, 0xff)
		return utf8.UTFMax
	case syntax.OpCapture, syntax.OpConcat:
		return total(re.Sub, bytes)
	case syntax.OpAlternate:
		most := 0
		for _, sub := range re.Sub {
			if n := longest(sub, bytes); n < 0 || most < 0 {
				most = -1
			} else {
				most = max(most, n)
			}
		}
		return most
	case syntax.OpStar, syntax.OpPlus:
		longest(re.Sub[0], bytes)
		return -1
	case syntax.OpQuest:
		return longest(re.Sub[0], bytes)
	case syntax.OpRepeat:
		if n := longest(re.Sub[0], bytes); n >= 0 && re.Max >= 0 {
			return n * re.Max
		}
		return -1
	}
	return 0
}

func total(parts []*syntax.Regexp, bytes *byteSet) int {
	sum := 0
	for _, part := range parts {
		n := longest(part, bytes)
		if n < 0 || sum < 0 {
			sum = -1
			continue
		}
		sum += n
	}
	return sum
}

func longestClass(ranges []rune, fold bool, bytes *byteSet) int {
	ascii, wide := splitClass(ranges)
	if fold {
		for _, b := range []byte(ascii.members()) {
			if 'a' <= b|0x20 && b|0x20 <= 'z' {
				ascii.add(b ^ 0x20)
			}
		}
	}
	bytes.addAll(ascii)
	if wide {
		bytes.addAll(nonASCII)
		return utf8.UTFMax
	}
	return 1
}
