package sieve

import (
	"regexp"
	"strings"
	"testing"
)

// TestPrepareLiteral puts each literal into texts, beside what is nearly the same.
func TestPrepareLiteral(t *testing.T) {
	g := newGenerator(3)
	for _, form := range []string{
		`[ -~]{3,9}`, `[a-z]{6,40}`, `(?:the|and) [a-z ]{9}`, `a{3,20}`, `[0-9a-f]{32,64}`, `[a-zA-Z0-9+]{900}[a-z]{900}`, `[é-ü]{3}[a-z]{9}`, `ſ[a-z]{9}`,
	} {
		for range 40 {
			literal := g.matching(t, form)
			s, err := New([]Pattern{{
				Prepared: PrepareLiteral(literal),
				Regex:    func() (string, error) { return regexp.QuoteMeta(literal), nil },
			}})
			if err != nil {
				t.Fatal(err)
			}
			other := literal[:len(literal)-1]
			text := []byte(strings.Join([]string{other, literal, other, literal + literal, strings.ToUpper(literal), literal}, "-"))
			var scratch Scratch
			candidates, err := s.Candidates(text, &scratch)
			if err != nil {
				t.Fatal(err)
			}
			re := regexp.MustCompile(regexp.QuoteMeta(literal))
			f := finder{re: re, text: text}
			if got, want := len(f.all(candidates)), len(re.FindAllIndex(text, -1)); got != want {
				t.Errorf("%q is found %d times, want %d", literal, got, want)
			}
		}
	}
}

func TestWords(t *testing.T) {
	for _, test := range []struct {
		name       string
		words      []string
		text       string
		candidates int
	}{
		{"there", []string{"other", "word"}, "a word", 1},
		{"in another case", []string{"word"}, "a WoRd", 1},
		{"twice", []string{"word"}, "word word", 1},
		{"not there", []string{"word"}, "a wor d", 0},
		{"longer than an anchor", []string{"long-long-word"}, "a LONG-LONG-WORD", 1},
		{"at the end", []string{"abc"}, "xabc", 1},
		{"none", nil, "", 1},
		{"too short", []string{"word", "w1"}, "a", 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			s, err := New([]Pattern{{Words: test.words, Regex: func() (string, error) { return `\w+`, nil }}})
			if err != nil {
				t.Fatal(err)
			}
			var scratch Scratch
			candidates, err := s.Candidates([]byte(test.text), &scratch)
			if err != nil {
				t.Fatal(err)
			}
			if len(candidates) != test.candidates {
				t.Fatalf("candidates are %+v, want %d", candidates, test.candidates)
			}
			for _, c := range candidates {
				if c != (Candidate{At: -1, End: len(test.text)}) {
					t.Errorf("candidate is %+v, want the whole text", c)
				}
			}
		})
	}
}
