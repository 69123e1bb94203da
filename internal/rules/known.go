package rules

import (
	"regexp"
	"unicode/utf8"

	"github.com/clawsecrets/clawsecrets/internal/sieve"
)

// Known is a value that is a secret wherever it stands.
type Known struct {
	Rule  string // under which it was found
	Value string
}

// shortestKnown is the length in bytes from which on a value is looked for: shorter ones
// are everywhere.
const shortestKnown = 6

// shortestAnywhere is the length from which on a value is taken for itself also within a
// longer word.
const shortestAnywhere = 16

// knownRules returns a rule for each value that is long enough, and text: no expression
// matches bytes that are none.
func knownRules(known []Known) []*rule {
	var rules []*rule
	for _, k := range known {
		if len(k.Value) < shortestKnown || !utf8.ValidString(k.Value) {
			continue
		}
		b := &body{regex: lazyRegexp{source: regexp.QuoteMeta(k.Value)}}
		if len(k.Value) < shortestAnywhere {
			b.accept = standsAlone
		}
		rules = append(rules, &rule{
			indexed:  indexed{id: k.Rule, prepared: sieve.PrepareLiteral(k.Value)},
			detector: DetectorKnown, rank: rankKnown,
			read: func() (*body, error) { return b, nil },
		})
	}
	return rules
}

// standsAlone reports whether text[start:end] is no part of a longer word.
func standsAlone(text string, start, end int) bool {
	return (start == 0 || !isAlphanumeric(text[start-1])) && (end == len(text) || !isAlphanumeric(text[end]))
}
