package sieve

import "testing"

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
