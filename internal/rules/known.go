package rules

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/clawsecrets/clawsecrets/internal/sieve"
)

// Known is a value that is a secret wherever it stands.
type Known struct {
	Rule  string // under which it was found
	Value string
	// Within is set for a value that is found within a longer word, too, however short.
	Within bool
}

// shortestKnown is the length in bytes from which on a value is looked for: shorter ones
// are everywhere.
const shortestKnown = 6

// shortestAnywhere is the length from which on a value is taken for itself also within a
// longer word.
const shortestAnywhere = 16

// OnlyKnown returns a set that finds these values, and nothing by what it looks like.
func OnlyKnown(known []Known) *Set {
	s := newSet(Options{Known: known}, nil)
	s.library = &library{}
	return s
}

// Known returns the values that the set looks for beside its rules.
func (s *Set) Known() []Known { return s.options.Known }

// knownRules returns a rule for each value that is long enough, and text: no expression
// matches bytes that are none. A value that ends with a line is found without that end, too:
// a key in PEM has it in one place and not in another.
func knownRules(known []Known) []*rule {
	var rules []*rule
	for _, k := range known {
		body := strings.TrimRight(k.Value, "\r\n")
		if len(body) < shortestKnown || !utf8.ValidString(k.Value) {
			continue
		}
		rules = append(rules, knownRule(k, k.Value, nil))
		if end := k.Value[len(body):]; end != "" {
			rules = append(rules, knownRule(k, body, func(text string, _, at int) bool {
				return !strings.HasPrefix(text[at:], end)
			}))
		}
	}
	return rules
}

// knownRule returns the rule for a value, or the part of it that it is found by; amend may be nil.
func knownRule(k Known, value string, amend func(text string, start, end int) bool) *rule {
	b := &body{regex: lazyRegexp{source: regexp.QuoteMeta(value)}, literal: true}
	if len(value) < shortestAnywhere && !k.Within {
		b.accept = standsAlone
	}
	return &rule{
		indexed:  indexed{id: k.Rule, prepared: sieve.PrepareLiteral(value)},
		detector: DetectorKnown, rank: rankKnown, amend: amend,
		read: func() (*body, error) { return b, nil },
	}
}

// standsAlone reports whether text[start:end] is no part of a longer word.
func standsAlone(text string, start, end int) bool {
	return (start == 0 || !isAlphanumeric(text[start-1])) && (end == len(text) || !isAlphanumeric(text[end]))
}
