package sieve

import (
	"regexp"
	"testing"
)

func TestGate(t *testing.T) {
	for _, test := range []struct {
		name, regex, text string
		may               bool
	}{
		{"there", `qzx\d`, "a qzx1", true},
		{"anchor alone", `qzx\d`, "a qzx", true},
		{"not there", `qzx\d`, "a qz x1", false},
		{"in another case", `(?i)qzx`, "QzX", true},
		{"one of several", `qzx|jqj`, "ajqj", true},
		{"too short", `qzx`, "qz", false},
		{"nothing", `qzx`, "", false},
	} {
		if got := NewGate(test.regex).May(test.text); got != test.may {
			t.Errorf("%s: %s may match %q: %v", test.name, test.regex, test.text, got)
		}
	}
	for _, regex := range []string{`[a-z]+`, `qzx(`} {
		if NewGate(regex) != nil {
			t.Errorf("%s has a gate", regex)
		}
	}
}

// TestGateLetsMatchesThrough has many expressions, and texts that they match or nearly do.
func TestGateLetsMatchesThrough(t *testing.T) {
	matches, stopped := 0, 0
	for seed := range uint64(2000) {
		g := newGenerator(seed)
		regex := g.expression()
		gate := NewGate(regex)
		if gate == nil {
			continue
		}
		re := regexp.MustCompile(regex)
		for _, text := range []string{g.text(t, regex), g.mutate(g.matching(t, regex)), g.mutate("key=abc")} {
			text = withoutFolds(text)
			may := gate.May(text)
			if re.MatchString(text) {
				matches++
				if !may {
					t.Errorf("the gate of %s stops %q", regex, text)
				}
			} else if !may {
				stopped++
			}
		}
	}
	if matches < 1000 || stopped < 200 {
		t.Errorf("%d matches, and %d texts that were stopped, are too few", matches, stopped)
	}
}
