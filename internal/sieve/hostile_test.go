package sieve

import (
	"strings"
	"testing"
)

// hostile returns texts that begin to match at every turn.
func hostile(size int) map[string]string {
	texts := map[string]string{}
	for _, unit := range []string{
		"a", "key", `key="`, "curl ", "curl -u a:b ", "curl -H \"Authorization: Bearer ", "-----BEGIN PRIVATE KEY-----",
		"-----BEGIN PRIVATE KEY-----\nabc\n", "kind: secret\ndata: a: aaaaaaaaaaaa\n", "token = abcdefghij0123456789\n", "eyJ.ey",
		"qzx;", "qzx", "jqj=", "https://a:b@", `\n`, "é", "\xff",
	} {
		texts[unit] = strings.Repeat(unit, size/len(unit))
	}
	return texts
}

// TestHostile holds the work that a text can cause to a multiple of its length, whatever
// is in it.
func TestHostile(t *testing.T) {
	const size = 1 << 20
	s, err := New(patternsOf(append(library(t), `qzx.*;`, `[a-z;]*qzx;`, `(?s)qzx.{0,1000};`, `jqj[^;]*;`, `[a-z]{0,50}?jqj(?:=jqj)*`), nil))
	if err != nil {
		t.Fatal(err)
	}
	for unit, text := range hostile(size) {
		var scratch Scratch
		candidates, err := s.Candidates([]byte(text), &scratch)
		if err != nil {
			t.Fatal(err)
		}
		// The last automaton that is let run may look at a whole text once more.
		total := 0
		for number, steps := range scratch.steps {
			total += steps
			if most := (patience+1)*len(text) + 1<<12; steps > most {
				t.Errorf("%q over and over takes pattern %d %d steps, more than %d", unit, number, steps, most)
			}
		}
		// What overlaps is looked at once, except by a core.
		covered, behind := 0, map[int]int{}
		for _, c := range candidates {
			at := max(c.At, 0)
			if s.Core(c.Pattern) == "" {
				at = max(at, min(behind[c.Pattern], c.End))
			}
			covered += c.End - at
			behind[c.Pattern] = max(behind[c.Pattern], c.End)
		}
		if most := total + len(scratch.whole)*len(text); covered > most {
			t.Errorf("%q over and over has candidates of %d bytes, more than the %d that were looked at", unit, covered, most)
		}
	}
}

// TestImpatience has a text that is handed over whole, and one that is not.
func TestImpatience(t *testing.T) {
	s, err := New(patternsOf([]string{`jqj[^;]*;`}, nil))
	if err != nil {
		t.Fatal(err)
	}
	var scratch Scratch
	for _, test := range []struct {
		text  string
		whole bool
	}{
		{strings.Repeat("jqj", 1<<12), true},
		{strings.Repeat("jqj;", 1<<12), false},
		{strings.Repeat("jqj", 20), false},
	} {
		if _, err := s.Candidates([]byte(test.text), &scratch); err != nil {
			t.Fatal(err)
		}
		if scratch.whole[0] != test.whole {
			t.Errorf("%.9q… of %d bytes is handed over whole: %v", test.text, len(test.text), scratch.whole[0])
		}
	}
}
