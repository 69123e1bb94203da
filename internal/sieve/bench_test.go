package sieve

import (
	"strings"
	"testing"
)

// ordinary returns size bytes of what transcripts consist of, in which a token stands
// every few thousand bytes.
func ordinary(b *testing.B, size int) []byte {
	b.Helper()
	g := newGenerator(4)
	var text strings.Builder
	for text.Len() < size {
		text.WriteString(g.matching(b, `\{"type":"(?:message|tool|result)","id":"[0-9a-f]{8}","text":"(?:(?:the|a|of|this|when|file|error|return|value|config|key|token) ){5,25}\\n`+
			`(?:  (?:const|let|if|return) [a-z]{3,9} = [a-z]{3,9}\.[a-z]{3,9}\([0-9]{1,3}\);\\n){0,8}/home/[a-z]{4,8}/[a-z]{4,8}/[a-z]{3,8}\.json"\}`+"\n"))
		if g.IntN(8) == 0 {
			text.WriteString(g.matching(b, `"api[kK]ey": "[a-zA-Z0-9]{32}"`))
		}
	}
	return []byte(text.String()[:size])
}

func prepared(b *testing.B) []Pattern {
	b.Helper()
	patterns := patternsOf(library(b), withoutDigit)
	for i := range patterns {
		regex, _ := patterns[i].Regex()
		var err error
		if patterns[i].Prepared, err = Prepare(regex); err != nil {
			b.Fatal(err)
		}
	}
	return patterns
}

// BenchmarkNew is what the first search waits for: the table, of anchors that are known.
func BenchmarkNew(b *testing.B) {
	patterns := prepared(b)
	for b.Loop() {
		if _, err := New(patterns); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkPrepare is what as many rules of a person cost as gitleaks has.
func BenchmarkPrepare(b *testing.B) {
	expressions := library(b)
	for b.Loop() {
		for _, expression := range expressions {
			if _, err := Prepare(expression); err != nil {
				b.Fatal(err)
			}
		}
	}
}

func BenchmarkPrepareLiteral(b *testing.B) {
	literal := newGenerator(5).matching(b, `[a-zA-Z0-9]{40}`)
	for b.Loop() {
		PrepareLiteral(literal)
	}
}

func BenchmarkCandidates(b *testing.B) {
	s, err := New(prepared(b))
	if err != nil {
		b.Fatal(err)
	}
	for _, bench := range []struct {
		name string
		text []byte
	}{
		{"ordinary", ordinary(b, 1<<20)},
		{"nothing", []byte(strings.Repeat("a", 1<<20))},
		{"hostile", []byte(strings.Repeat("-----BEGIN PRIVATE KEY-----", 1<<15))},
	} {
		b.Run(bench.name, func(b *testing.B) {
			var scratch Scratch
			b.SetBytes(int64(len(bench.text)))
			for b.Loop() {
				if _, err := s.Candidates(bench.text, &scratch); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
