package sieve

import (
	"regexp"
	"slices"
	"testing"

	"github.com/BurntSushi/toml"
	"github.com/zricethezav/gitleaks/v8/config"
)

// library returns the expressions of gitleaks.
func library(t testing.TB) []string {
	t.Helper()
	var parsed struct{ Rules []struct{ Regex string } }
	if _, err := toml.Decode(config.DefaultConfig, &parsed); err != nil {
		t.Fatalf("default rules do not parse: %v", err)
	}
	var expressions []string
	for _, r := range parsed.Rules {
		if r.Regex != "" {
			expressions = append(expressions, r.Regex)
		}
	}
	return expressions
}

// tester compares what a sieve finds with what package regexp finds in the whole text.
type tester struct {
	expressions    []*regexp.Regexp
	cores          map[string]*regexp.Regexp
	all, hopeful   *Sieve // the latter has a test for hope
	scratch, spare Scratch
}

func newTester(t testing.TB, expressions ...string) *tester {
	t.Helper()
	c := &tester{cores: map[string]*regexp.Regexp{}}
	for _, expression := range expressions {
		c.expressions = append(c.expressions, regexp.MustCompile(expression))
	}
	var err error
	if c.all, err = New(patternsOf(expressions, nil)); err == nil {
		c.hopeful, err = New(patternsOf(expressions, withoutDigit))
	}
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// patternsOf returns patterns for the expressions.
func patternsOf(expressions []string, hopeless func([]byte) bool) []Pattern {
	patterns := make([]Pattern, len(expressions))
	for i, expression := range expressions {
		patterns[i] = Pattern{
			Name:     expression,
			Regex:    func() (string, error) { return expression, nil },
			Hopeless: hopeless,
		}
	}
	return patterns
}

// withoutDigit is the test for hope: a value with a digit counts.
func withoutDigit(run []byte) bool {
	return !slices.ContainsFunc(run, func(b byte) bool { return '0' <= b && b <= '9' })
}

// check fails unless every match is within a candidate, and the candidates lead to the
// same matches; with a test for hope, to the same that count. It returns their number.
func (c *tester) check(t *testing.T, text string) (matches int) {
	t.Helper()
	all, hopeful := c.candidates(t, c.all, text, &c.scratch), c.candidates(t, c.hopeful, text, &c.spare)
	for i, re := range c.expressions {
		want := re.FindAllStringIndex(text, -1)
		matches += len(want)
		for _, span := range want {
			if !slices.ContainsFunc(all[i], func(c Candidate) bool { return c.Start <= span[0] && span[1] <= c.End }) {
				t.Errorf("%s\nin %q: match %q at %d is within none of %+v", re, text, text[span[0]:span[1]], span[0], all[i])
			}
		}
		if got := c.found(c.all, i, text, all[i]); !slices.EqualFunc(got, want, slices.Equal) {
			t.Errorf("%s\nin %q\n got %v\nwant %v by %+v", re, text, got, want, all[i])
		}
		got, want := counting(re, text, c.found(c.hopeful, i, text, hopeful[i])), counting(re, text, want)
		if !slices.EqualFunc(got, want, slices.Equal) {
			t.Errorf("%s with a digit\nin %q\n got %v\nwant %v by %+v", re, text, got, want, hopeful[i])
		}
	}
	return matches
}

// candidates returns the candidates of each pattern.
func (c *tester) candidates(t *testing.T, s *Sieve, text string, scratch *Scratch) [][]Candidate {
	t.Helper()
	candidates, err := s.Candidates([]byte(text), scratch)
	if err != nil {
		t.Fatal(err)
	}
	byPattern := make([][]Candidate, len(c.expressions))
	for _, candidate := range candidates {
		byPattern[candidate.Pattern] = append(byPattern[candidate.Pattern], candidate)
	}
	return byPattern
}

// found returns the matches of expression i that its candidates lead to.
func (c *tester) found(s *Sieve, i int, text string, candidates []Candidate) [][]int {
	f := finder{re: c.expressions[i], text: []byte(text)}
	if core := s.Core(i); core != "" {
		if c.cores[core] == nil {
			c.cores[core] = regexp.MustCompile(`\A(?:` + core + `)`)
		}
		f.core = c.cores[core]
	}
	return f.all(candidates)
}

// counting returns the matches whose value, the first group or else everything, counts.
func counting(re *regexp.Regexp, text string, spans [][]int) [][]int {
	return slices.DeleteFunc(slices.Clone(spans), func(span []int) bool {
		value := text[span[0]:span[1]]
		if groups := re.FindStringSubmatch(value); len(groups) > 1 && groups[1] != "" {
			value = groups[1]
		}
		return withoutDigit([]byte(value))
	})
}
