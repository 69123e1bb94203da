package sieve

import "regexp/syntax"

// value describes an expression that ends in a group, the value, and one of the marks
// that may stand behind it: none of the group's own bytes, a backslash and a letter, or
// the end of the text. Where a match ends, its value is then known but for the
// beginning.
type value struct {
	bytes byteSet // what the group consists of
}

// findValue returns nil for an expression of another form.
func findValue(re *syntax.Regexp) *value {
	if re.Op != syntax.OpConcat || len(re.Sub) < 2 || re.MaxCap() != 1 {
		return nil
	}
	group, marks := re.Sub[len(re.Sub)-2], re.Sub[len(re.Sub)-1]
	if group.Op != syntax.OpCapture || marks.Op != syntax.OpAlternate {
		return nil
	}
	var v value
	longest(group, &v.bytes)
	if _, empty := beginning(group); empty || v.bytes.has('\\') {
		return nil
	}
	for _, mark := range marks.Sub {
		if !v.endsAt(mark) {
			return nil
		}
	}
	return &v
}

// endsAt reports whether a mark is one of the three kinds.
func (v *value) endsAt(mark *syntax.Regexp) bool {
	var bytes byteSet
	length := longest(mark, &bytes)
	switch mark.Op {
	case syntax.OpEndText:
		return true
	case syntax.OpConcat:
		return len(mark.Sub) == 2 && mark.Sub[0].Op == syntax.OpLiteral && string(mark.Sub[0].Rune) == `\` &&
			mark.Sub[1].Op == syntax.OpCharClass && length == 2
	}
	if length != 1 {
		return false
	}
	for i := range bytes {
		if bytes[i]&v.bytes[i] != 0 {
			return false
		}
	}
	return true
}

// some reports whether yield is true for the longest value that a match text[start:end]
// can have: the mark behind it has none, one or two bytes.
func (v *value) some(text []byte, start, end int, yield func(run []byte) bool) bool {
	for last := end; last >= max(end-2, start+1); last-- {
		if v.bytes.has(text[last-1]) && yield(v.run(text, start, last)) {
			return true
		}
	}
	return false
}

// run returns the longest part of text[start:end] up to its end that the group can be.
func (v *value) run(text []byte, start, end int) []byte {
	from := end
	for from > start && v.bytes.has(text[from-1]) {
		from--
	}
	return text[from:end]
}
