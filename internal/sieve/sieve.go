package sieve

import (
	"fmt"
	"regexp/syntax"
	"sync"
)

// Pattern is one expression to look for.
type Pattern struct {
	// Name is what errors call the pattern.
	Name string
	// Regex returns the expression, in the syntax of package regexp. It is called when
	// an anchor is seen for the first time, or at once where Prepared is nil.
	Regex func() (string, error)
	// Prepared is what [Prepare] returned for the expression. It may be left nil: then
	// that is done now.
	Prepared *Prepared
	// Words are looked for where the expression has no anchor: a text with one of them
	// is a candidate as a whole. They are in lower case and are found in any letter
	// case. Without words, or with one of less than three bytes, every text is a
	// candidate.
	Words []string
	// Hopeless, if set, spares the expression many candidates, where it ends in a group
	// and one of the marks that may stand behind it: Hopeless is given a run of bytes,
	// and reports that no part of it that reaches to its end is a value that counts.
	Hopeless func(run []byte) bool
}

// Prepared is how the matches of an expression are found, worked out ahead of time. It
// has no anchors where none is rare enough.
type Prepared struct {
	Anchors []Anchor
	Cuts    []Cut // by [Anchor].Lead
}

// Cut says where an expression is cut into head and tail, and what of the tail its
// automaton holds.
type Cut struct {
	At     int // the part with which the tail begins
	Offset int // bytes from there to the anchor
	Parts  int // of the tail
	Limit  int // of its counters
}

// Prepare works out how the matches of an expression are found.
func Prepare(regex string) (*Prepared, error) {
	re, err := parse(regex)
	if err != nil {
		return nil, err
	}
	p := &Prepared{}
	for _, l := range findLeads(re) {
		t := newTail(l.parts[l.at:])
		p.Anchors = append(p.Anchors, l.anchors...)
		p.Cuts = append(p.Cuts, Cut{l.at, l.offset, t.parts, t.limit})
	}
	return p, nil
}

func parse(regex string) (*syntax.Regexp, error) {
	re, err := syntax.Parse(regex, syntax.Perl)
	if err != nil {
		// The parser's message quotes the expression, which may quote anything.
		return nil, fmt.Errorf("regular expression of %d bytes does not parse", len(regex))
	}
	return re, nil
}

// Sieve finds the candidates of many patterns at once. Its methods may be called from
// several goroutines, each with a [Scratch] of its own.
type Sieve struct {
	table    *table
	patterns []*pattern
	always   []int // patterns without anchors and words
}

type pattern struct {
	Pattern
	words bool // its anchors are words: they make the whole text a candidate

	once  sync.Once
	ways  []way
	value *value // nil: unknown, or nobody asks
	core  string // the tail as an expression, "" unless there is one way and its head is lazy
	err   error
}

// way is a lead made ready.
type way struct {
	head   head
	tail   tail
	offset int
}

// New returns a sieve for the patterns. An error is that of a pattern which cannot be used.
func New(patterns []Pattern) (*Sieve, error) {
	s := &Sieve{}
	anchors := make([][]Anchor, len(patterns))
	for i, p := range patterns {
		own := &pattern{Pattern: p}
		s.patterns = append(s.patterns, own)
		if p.Prepared == nil {
			if err := own.prepareNow(); err != nil {
				return nil, fmt.Errorf("%s: %w", p.Name, err)
			}
		}
		anchors[i] = own.Prepared.Anchors
		if len(anchors[i]) == 0 {
			own.words = true
			if anchors[i] = wordAnchors(p.Words); anchors[i] == nil {
				s.always = append(s.always, i)
			}
		}
	}
	s.table = newTable(anchors)
	return s, nil
}

func (p *pattern) prepareNow() error {
	regex, err := p.Regex()
	if err != nil {
		return err
	}
	p.Prepared, err = Prepare(regex)
	return err
}

// build parses the expression and builds its automatons, once.
func (p *pattern) build() error {
	p.once.Do(func() {
		var regex string
		if regex, p.err = p.Regex(); p.err != nil {
			return
		}
		var re *syntax.Regexp
		if re, p.err = parse(regex); p.err != nil {
			return
		}
		if p.words {
			return
		}
		exact := true // the automatons know where a match ends
		for i, parts := range alternatives(re) {
			cut := p.Prepared.Cuts[i]
			w := way{newHead(parts, cut.At), cutTail(parts[cut.At:], cut), cut.Offset}
			p.ways = append(p.ways, w)
			exact = exact && !w.tail.partial
		}
		if p.Hopeless != nil && exact {
			p.value = findValue(re)
		}
		if len(p.ways) == 1 && p.ways[0].head.lazy && exact && re.Op == syntax.OpConcat && re.Sub[0].Op == syntax.OpRepeat {
			p.core = (&syntax.Regexp{Op: syntax.OpConcat, Sub: re.Sub[1:]}).String()
		}
	})
	return p.err
}
