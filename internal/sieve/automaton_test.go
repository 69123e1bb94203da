package sieve

import (
	"regexp"
	"regexp/syntax"
	"slices"
	"testing"
)

// FuzzDeterminize compares the deterministic form of an automaton with the automaton
// itself, and both with the expression: what it matches at the beginning of a text ends
// where the automaton says that a match may end.
func FuzzDeterminize(f *testing.F) {
	f.Add(uint64(1), "key=abc")
	f.Add(uint64(2), "é\xff;")
	for seed := range uint64(200) {
		f.Add(seed, "")
	}
	f.Fuzz(func(t *testing.T, seed uint64, text string) {
		g := newGenerator(seed)
		expression := g.expression()
		text = g.text(t, expression) + withoutFolds(text)
		re, err := syntax.Parse(expression, syntax.Perl)
		if err != nil {
			t.Fatal(err)
		}
		for _, limit := range []int{300, 8, 1, 0} {
			a, start, err := build([]*syntax.Regexp{re}, limit)
			if err != nil {
				continue
			}
			d, err := determinize(a, start, 300)
			if err != nil {
				continue
			}
			for at := 0; at < len(text); at++ {
				var got []int
				d.run([]byte(text), at, func() *trail { return &trail{} }, func(end int) { got = append(got, end) })
				if got = slices.Compact(got); !slices.Equal(got, a.ends(start, text, at)) {
					t.Fatalf("%s counting to %d in %q from %d on ends at %v, want %v", expression, limit, text, at, got, a.ends(start, text, at))
				}
				if span := regexp.MustCompile(`\A(?:` + expression + `)`).FindStringIndex(text[at:]); span != nil && !slices.Contains(got, at+span[1]) {
					t.Fatalf("%s counting to %d in %q from %d on ends at %v, and not at %d", expression, limit, text, at, got, at+span[1])
				}
			}
		}
	})
}

// ends returns where the automaton can end if it begins at at, by trying everything.
func (a *automaton) ends(start int, text string, at int) []int {
	var ends []int
	states := a.from(start)
	for i := at; ; i++ {
		if i == len(text) {
			for range a.states { // as many assertions of the end may follow one another
				states = append(states, a.after(states, func(s *state) bool { return s.atEnd })...)
			}
		}
		if slices.Contains(states, accepting) {
			ends = append(ends, i)
		}
		if i == len(text) {
			return ends
		}
		states = a.after(states, func(s *state) bool { return s.set.has(text[i]) })
	}
}

// from returns the states that are reached from s unseen.
func (a *automaton) from(s int) []int { return a.reach(nil, s, make([]bool, len(a.states))) }

// after returns the states that are reached by those which take what comes next.
func (a *automaton) after(states []int, takes func(*state) bool) []int {
	var next []int
	for _, s := range states {
		if a.states[s].consumes && takes(&a.states[s]) {
			for _, exit := range a.states[s].exits {
				next = append(next, a.from(exit)...)
			}
		}
	}
	slices.Sort(next)
	return slices.Compact(next)
}

func TestPrecision(t *testing.T) {
	for _, test := range []struct {
		name, regex string
		limit       int
		partial     bool
	}{
		{"exact", `qzx[a-z]{48}`, 300, false},
		{"long counter", `qzx[a-z]{500}`, 300, false},
		{"counters in a row", `qzx[a-f]{1,150}[a-z]{1,150};`, 32, false},
		{"nested counters", `qzx(?:[a-f]{1,9}[a-z]{1,9};?){1,9};`, 8, false},
		{"beginning only", `qzx[ab]*` + unknowable, 0, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			p, err := Prepare(test.regex)
			if err != nil {
				t.Fatal(err)
			}
			re, _ := syntax.Parse(test.regex, syntax.Perl)
			parts := flatten(nil, re)
			cut := p.Cuts[0]
			if partial := cut.Parts < len(parts); cut.Limit != test.limit || partial != test.partial {
				t.Errorf("automaton counts to %d and is partial: %v, want %d, %v", cut.Limit, partial, test.limit, test.partial)
			}
			fresh, again := newTail(parts), cutTail(parts, cut)
			if !slices.Equal(fresh.next, again.next) || !slices.Equal(fresh.ends, again.ends) || fresh.partial != again.partial {
				t.Error("what was cut ahead of time is another automaton")
			}
		})
	}
}

// TestTailKnowsNothing has a cut that belongs to a longer expression, and one that holds
// nothing of the tail.
func TestTailKnowsNothing(t *testing.T) {
	re, _ := syntax.Parse(`qzx`, syntax.Perl)
	parts := flatten(nil, re)
	for _, cut := range []Cut{{Parts: 4, Limit: 8}, {}} {
		d := cutTail(parts, cut)
		last := -1
		d.run([]byte("anything"), 0, func() *trail { return &trail{} }, func(end int) { last = end })
		if !d.partial || last != len("anything") {
			t.Errorf("cut %+v follows a text to %d, partial: %v", cut, last, d.partial)
		}
	}
}
