package sieve

import (
	"errors"
	"regexp/syntax"
	"unicode"
)

// A state of an automaton. One with a set consumes one byte of it, or the end of the
// text if atEnd is set; one without goes on to each of its exits unseen.
type state struct {
	consumes bool
	set      byteSet
	atEnd    bool
	exits    []int
}

// automaton is a nondeterministic automaton over bytes that accepts at least what a
// regular expression matches. It accepts more where exactness would cost much and
// gain little:
//
//   - a counter above the limit counts to the limit only, and its upper bound is gone;
//   - a character outside ASCII is any bytes outside ASCII, one or more;
//   - \b, \B, ^ and (?m:$) hold everywhere. $ and \z hold at the end of the text.
//
// It accepts less in one thing: the two characters outside ASCII that fold to a letter
// (ſ to s, the Kelvin sign to k) are not looked for.
type automaton struct {
	states []state
	limit  int // of counters
}

// maxStates bounds an automaton; with a lower limit of counters it gets smaller.
const maxStates = 1200

var errTooBig = errors.New("expression needs too many states")

// accepting is the state that ends a match.
const accepting = 0

func newAutomaton(limit int) *automaton {
	return &automaton{states: []state{{}}, limit: limit}
}

// build returns an automaton for the concatenation of parts, and the state it starts in.
func build(parts []*syntax.Regexp, limit int) (a *automaton, start int, err error) {
	a = newAutomaton(limit)
	start = accepting
	for i := len(parts) - 1; i >= 0; i-- {
		start = a.before(parts[i], start)
	}
	if len(a.states) > maxStates {
		return nil, 0, errTooBig
	}
	return a, start, nil
}

// before adds states that consume what re matches and then go on to next. It returns
// the first of them.
func (a *automaton) before(re *syntax.Regexp, next int) int {
	if len(a.states) > maxStates {
		return next // build reports it
	}
	switch re.Op {
	case syntax.OpLiteral:
		for i := len(re.Rune) - 1; i >= 0; i-- {
			next = a.literal(re.Rune[i], re.Flags&syntax.FoldCase != 0, next)
		}
		return next
	case syntax.OpCharClass:
		return a.class(re.Rune, next)
	case syntax.OpAnyChar:
		return a.class([]rune{0, unicode.MaxRune}, next)
	case syntax.OpAnyCharNotNL:
		return a.class([]rune{0, '\n' - 1, '\n' + 1, unicode.MaxRune}, next)
	case syntax.OpEndText:
		return a.add(state{consumes: true, atEnd: true, exits: []int{next}})
	case syntax.OpCapture:
		return a.before(re.Sub[0], next)
	case syntax.OpConcat:
		for i := len(re.Sub) - 1; i >= 0; i-- {
			next = a.before(re.Sub[i], next)
		}
		return next
	case syntax.OpAlternate:
		var exits []int
		for _, sub := range re.Sub {
			exits = append(exits, a.before(sub, next))
		}
		return a.add(state{exits: exits})
	case syntax.OpStar:
		return a.repeat(re.Sub[0], 0, -1, next)
	case syntax.OpPlus:
		return a.repeat(re.Sub[0], 1, -1, next)
	case syntax.OpQuest:
		return a.repeat(re.Sub[0], 0, 1, next)
	case syntax.OpRepeat:
		return a.repeat(re.Sub[0], re.Min, re.Max, next)
	case syntax.OpNoMatch:
		return a.add(state{consumes: true, exits: []int{next}})
	}
	return next // an assertion without width
}

func (a *automaton) add(s state) int {
	a.states = append(a.states, s)
	return len(a.states) - 1
}

func (a *automaton) literal(char rune, fold bool, next int) int {
	if char >= 0x80 {
		return a.class([]rune{char, unicode.MaxRune}, next)
	}
	s := state{consumes: true, exits: []int{next}}
	s.set.add(byte(char))
	if fold {
		s.set.add(byte(unicode.ToLower(char)))
		s.set.add(byte(unicode.ToUpper(char)))
	}
	return a.add(s)
}

// class adds a state for a character of the ranges, which are pairs of bounds.
func (a *automaton) class(ranges []rune, next int) int {
	ascii, wide := splitClass(ranges)
	narrow := a.add(state{consumes: true, set: ascii, exits: []int{next}})
	if !wide {
		return narrow
	}
	more := a.add(state{consumes: true, set: nonASCII})
	a.states[more].exits = []int{more, next}
	return a.add(state{exits: []int{narrow, more}})
}

// splitClass returns the ASCII members of a class, and whether it has others.
func splitClass(ranges []rune) (ascii byteSet, wide bool) {
	const longS, kelvin = 'ſ', '\u212a'
	for i := 0; i < len(ranges); i += 2 {
		low, high := ranges[i], ranges[i+1]
		if low < 0x80 {
			ascii.addRange(byte(low), byte(min(high, 0x7f)))
		}
		folded := low == high && (low == longS || low == kelvin)
		wide = wide || high >= 0x80 && !folded
	}
	return ascii, wide
}

// repeat adds states for least to most times re; most -1 is any number of times.
func (a *automaton) repeat(re *syntax.Regexp, least, most, next int) int {
	if most > a.limit {
		most = -1
	}
	least = min(least, a.limit)
	if most < 0 {
		loop := a.add(state{})
		body := a.before(re, loop)
		a.states[loop].exits = []int{body, next}
		next = loop
	} else {
		after := next
		for range most - least {
			next = a.add(state{exits: []int{a.before(re, next), after}})
		}
	}
	for range least {
		next = a.before(re, next)
	}
	return next
}

// reach appends to into the consuming states that are reached from s without
// consuming, and the accepting one, each once. seen has a place for every state.
func (a *automaton) reach(into []int, s int, seen []bool) []int {
	if seen[s] {
		return into
	}
	seen[s] = true
	if s == accepting || a.states[s].consumes {
		return append(into, s)
	}
	for _, exit := range a.states[s].exits {
		into = a.reach(into, exit, seen)
	}
	return into
}
