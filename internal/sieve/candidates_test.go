package sieve

import (
	"errors"
	"strings"
	"testing"
)

// TestCandidates has what is easily got wrong, each case a text in which package regexp
// finds as many matches as it says.
func TestCandidates(t *testing.T) {
	for _, test := range []struct {
		name, regex, text string
		matches           int
	}{
		{"plain", `qzx_\d+`, "a qzx_1 b qzx_22 qzx_", 2},
		{"beside one another", `qzx\d`, "qzx1qzx2qzx3", 3},
		{"within another", `qzx(?:qzx)?\d`, "qzxqzx1", 1},
		{"one takes from another", `qz.{3}x`, "qzqz1xx qz123x", 2},
		{"word boundary beside it", `\bqzx\b`, "qzx aqzx qzxb éqzxé qzx", 3},
		{"beginning of the text", `^qzx`, "qzx\nqzx", 1},
		{"beginning of a line", `(?m)^qzx$`, "qzx\nqzx\n qzx\nqzx", 3},
		{"end of the text", `qzx1?$`, "qzx qzx1x qzx1", 1},
		{"end of the text, twice", `qzx(?:$)(?:;?)\z`, "qzx; qzx", 1},
		{"the window's end is not the text's", `qzx=([a-z;]+)(?:;|$)`, "qzx=a1;qzx=abc;d!", 1},
		{"nor for what is no candidate", `qzx(?:;|;qzxd|de$)`, "qzx;qzxdeX", 1},
		{"alternatives of other offsets", `[a-z]{9}qzx1|qzx\w{3}`, "abcdefghiqzx1 qzxabc abcqzx1qzxqzx1", 3},
		{"alternatives of other heads", `[^;]{0,9}-qzx|jqj\d`, "jqj1 jqj2 -qzx;jqj3;éé-qzx jqj4", 5},
		{"head of several bytes", `[^;]{0,2}-?qzx`, "漢漢漢qzx😀😀-qzx;-qzx", 3},
		{"invalid bytes", `[^;]?qzx\x{fffd}.`, "\xe2\x82qzx\xffa\xffqzx\xe2\x82qzx", 2},
		{"literal outside ASCII", `éqzxé+`, "éqzxéé aqzxé éqzx\xc3", 1},
		{"literal that folds", `ſ?qzx\x{212a}`, "ſqzx\u212aqzxk", 1},
		{"any character", `(?s)qzx.{3}x`, "qzx\n\n\nxqzx漢漢漢x", 2},
		{"group with more than the head", `([\w.]{0,5}?qzx)=([a-z0-9]+);`, "aqzx=b1;", 1},
		{"assertion before an alternative", `[a-z]{0,9}?(?:\bqzx|jqj)=\d`, "aqzx=1 ajqj=1 qzx=1", 2},
		{"lazy head without room", `[a-z]{0,3}?qzx\d`, "abcdefqzx1qzx2aqzx", 2},
		{"only the beginning is known", `qzx[ab]*` + unknowable + `=([a-z0-9]+)(?:;|\\[nr]|$)`, "qzxaaaaaaaaaaaaaaaa=abc1;", 1},
		{"nothing is known", `\b(?:qzx[ab]*` + unknowable + `)+1`, "qzxaaaaaaaaaaaaaaaa1", 1},
		{"long mark", `qzx=([a-z0-9]+)(?:;|\\[^é]|$)`, "qzx=ab1\\漢", 1},
		{"value may be empty", `qzx1=([a-z0-9]*)(?:;|\\[nr]|$)`, "qzx1=;", 1},
		{"value behind another mark", `qzx=([a-z0-9]+)(?:;|\\[nr]|$)`, `qzx=a1;qzx=b2\nqzx=c3\tqzx=d\rqzx=e4`, 4},
	} {
		t.Run(test.name, func(t *testing.T) {
			if matches := newTester(t, test.regex).check(t, test.text); matches != test.matches {
				t.Errorf("%s in %q has %d matches, want %d: the case does not test what it says", test.regex, test.text, matches, test.matches)
			}
		})
	}
}

func TestCandidatesOfLibrary(t *testing.T) {
	expressions := library(t)
	c, g, matches := newTester(t, expressions...), newGenerator(1), 0
	for range 100 {
		matches += c.check(t, g.text(t, expressions...))
	}
	if matches < 150 {
		t.Errorf("%d matches are too few to compare", matches)
	}
}

func TestCandidatesOfExpressions(t *testing.T) {
	matches, candidates := 0, 0
	for seed := range uint64(1000) {
		g := newGenerator(seed)
		expressions := []string{g.expression(), g.expression()}
		c := newTester(t, expressions...)
		for range 4 {
			matches += c.check(t, g.text(t, expressions...))
			candidates += len(c.scratch.found)
		}
		if t.Failed() {
			t.Fatalf("with seed %d", seed)
		}
	}
	if matches < 4000 || candidates < matches {
		t.Errorf("%d matches and %d candidates are too few to compare", matches, candidates)
	}
}

// FuzzCandidates has a text between texts made for some expressions; all of them depend
// on the seed.
func FuzzCandidates(f *testing.F) {
	f.Add(uint64(1), "key=abc123;")
	f.Add(uint64(2), "é\xff\nkeykeykey")
	f.Fuzz(func(t *testing.T, seed uint64, text string) {
		g := newGenerator(seed)
		expressions := []string{g.expression(), g.expression(), g.expression()}
		whole := g.text(t, expressions...) + withoutFolds(text) + g.text(t, expressions...)
		newTester(t, expressions...).check(t, whole)
	})
}

// FuzzLibrary has the expressions of gitleaks.
func FuzzLibrary(f *testing.F) {
	expressions := library(f)
	c, g := newTester(f, expressions...), newGenerator(2)
	for range 30 {
		f.Add(g.text(f, expressions...))
	}
	f.Fuzz(func(t *testing.T, text string) { c.check(t, withoutFolds(text)) })
}

// TestErrors has errors that come at once and when an anchor is seen; none of them quotes
// an expression.
func TestErrors(t *testing.T) {
	failing := func() (string, error) { return "", errors.New("no expression") }
	broken := func() (string, error) { return `qzx(hidden`, nil }
	for _, regex := range []func() (string, error){failing, broken} {
		_, err := New([]Pattern{{Name: "rule one", Regex: regex}})
		if err == nil || !strings.HasPrefix(err.Error(), "rule one: ") || strings.Contains(err.Error(), "hidden") {
			t.Errorf("error of New is %v", err)
		}
		s, err := New([]Pattern{{Prepared: PrepareLiteral("qzx-1"), Regex: regex}})
		if err != nil {
			t.Fatal(err)
		}
		var scratch Scratch
		if _, err := s.Candidates([]byte("qzx-2"), &scratch); err != nil {
			t.Errorf("error without an anchor in the text: %v", err)
		}
		for range 2 {
			if _, err := s.Candidates([]byte("a qzx-1"), &scratch); err == nil || strings.Contains(err.Error(), "hidden") {
				t.Errorf("error of Candidates is %v", err)
			}
		}
	}
}

// TestScratch uses the same memory for texts of which the first is handed over whole.
func TestScratch(t *testing.T) {
	c := newTester(t, `qzx[^;]*=1`, `\w{30}|jqj`)
	c.check(t, strings.Repeat("qzx", 1<<12))
	if len(c.scratch.whole) != 2 {
		t.Fatalf("%d patterns have the whole text, want 2", len(c.scratch.whole))
	}
	c.check(t, "a qzx=1; jqj")
	if len(c.scratch.whole) != 1 {
		t.Errorf("%d patterns have the whole text, want 1", len(c.scratch.whole))
	}
	if n := len(c.scratch.found); n != 2 {
		t.Errorf("%d candidates, want 2", n)
	}
}
