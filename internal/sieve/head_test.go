package sieve

import (
	"regexp/syntax"
	"testing"
)

func TestHeadStart(t *testing.T) {
	for _, test := range []struct {
		name, regex, before string
		start               int // in before, behind which the tail begins
	}{
		{"nothing", `qzx`, "abc", 3},
		{"all of it", `[a-z]{0,9}-?qzx`, "abc-", 0},
		{"up to another byte", `[a-z]{0,9}-?qzx`, "ab;c-", 3},
		{"no more than fits", `[a-z]{0,2}-?qzx`, "abcde-", 3},
		{"without end", `\w+-?qzx`, "; abcdefghijklmnopqrstuvwxyz0123456789", 2},
		{"beginning of the text", `\w+-?qzx`, "", 0},
		{"any case", `(?i)(?:ab)?qzx`, "xaB", 1},
		{"outside ASCII", `[^a]{0,2}qzx`, "aéé", 1},
		{"a character cut", `[^a]{0,2}qzx`, "漢漢漢", 1},
		{"not the other way round", `[a-z]*qzx`, "abcé", 5},
		{"literal outside ASCII", `éqzx`, "aé", 1},
		{"alternatives", `(?:-{3}|=)?qzx`, "-----", 2},
		{"one without end", `(?:-+|=)?qzx`, "=----", 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			re, err := syntax.Parse(test.regex, syntax.Perl)
			if err != nil {
				t.Fatal(err)
			}
			l := findLeads(re)[0]
			h := newHead(l.parts, l.at)
			if got := h.start([]byte(test.before+"qzx"), len(test.before)); got != test.start {
				t.Errorf("match of %s in %qqzx can begin at %d, want %d", test.regex, test.before, got, test.start)
			}
		})
	}
}

// TestCore has expressions whose rest can be tried where the tail begins, and those that
// are near: there it would see less, or more, than the whole expression does.
func TestCore(t *testing.T) {
	for _, test := range []struct{ name, regex, core string }{
		{"lazy", `[\w.-]{0,50}?key=(\w+)`, `key=([0-9A-Z_a-z]+)`},
		{"any case", `(?i)[a-z]{0,9}?key=1`, `(?i:KEY=1)`},
		{"greedy", `[\w.-]{0,50}key=`, ""},
		{"without end", `[\w.-]*?key=`, ""},
		{"not from nothing on", `[\w.-]{1,50}?key=`, ""},
		{"characters of several bytes", `[^;]{0,50}?key=`, ""},
		{"no class", `(?:ab){0,50}?key=`, ""},
		{"assertion behind", `[\w.-]{0,50}?\bkey=`, ""},
		{"assertion in an alternative", `[\w.-]{0,50}?(?:\bkey|qzx)=`, ""},
		{"assertion behind nothing", `[\w.-]{0,50}?(?:\bk)?key=`, ""},
		{"assertion further on", `[\w.-]{0,50}?key\b=`, `key\b=`},
		{"in a group with more", `([\w.-]{0,50}?key)=1`, ""},
		{"in a group", `([\w.-]{0,50}?)key=1`, ""},
		{"alternatives", `[\w.-]{0,50}?key=|qzx`, ""},
		{"end unknown", `[\w.-]{0,50}?key[ab]*` + unknowable, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := newTester(t, test.regex)
			var scratch Scratch
			if _, err := c.all.Candidates([]byte("x key=key=1"), &scratch); err != nil {
				t.Fatal(err)
			}
			if got := c.all.Core(0); got != test.core {
				t.Errorf("core of %s is %q, want %q", test.regex, got, test.core)
			}
		})
	}
}

// unknowable is an expression that no automaton of a tail holds: it would have to remember
// which of the last bytes were an a.
const unknowable = `a[ab][ab][ab][ab][ab][ab][ab][ab][ab][ab][ab][ab][ab]`
