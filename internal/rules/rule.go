package rules

import (
	"fmt"
	"regexp"
	"strings"
	"sync"
)

// rule is one rule, ours or the library's, ready to run.
type rule struct {
	id          string
	description string
	detector    string
	rank        rank
	keywords    []string // one of them is in the text, in any letter case; none: always run
	regex       lazyRegexp
	secretGroup int     // the group that holds the secret; 0: the first that is not empty
	entropy     float64 // the secret's entropy is above this, in bits a character; 0: any
	allowlists  []*allowlist

	// accept has the last word on text[start:end]; nil accepts all.
	accept func(text string, start, end int) bool
}

// candidate is a match before [mostSpecific] has compared it with the others.
type candidate struct {
	Match
	rank       rank
	matchStart int // where the whole match begins, which decides its line
}

// find returns the rule's matches in text, minus those that its own or the global
// allow-lists permit.
func (r *rule) find(text string, global []*allowlist) ([]candidate, error) {
	re, err := r.regex.compiled()
	if err != nil {
		return nil, fmt.Errorf("rule %s: %w", r.id, err)
	}
	var found []candidate
	for _, span := range re.FindAllStringIndex(text, -1) {
		start, end := trimNewlines(text, span[0], span[1])
		m, ok := r.examine(re, text, start, end)
		if !ok {
			continue
		}
		allowed, err := r.allowed(global, text, m, end)
		if err != nil {
			return found, fmt.Errorf("rule %s: %w", r.id, err)
		}
		if !allowed {
			found = append(found, m)
		}
	}
	return found, nil
}

// examine finds the secret within the match text[start:end] and tests it.
//
// The expression is run a second time on the match alone, as gitleaks does: what
// it looked at on either side may then be missing, and the groups may differ.
func (r *rule) examine(re *regexp.Regexp, text string, start, end int) (candidate, bool) {
	from, to := secretSpan(re.FindStringSubmatchIndex(text[start:end]), r.secretGroup, end-start)
	if from < 0 || from == to {
		return candidate{}, false
	}
	m := candidate{
		Match:      Match{Rule: r.id, Detector: r.detector, Start: start + from, End: start + to},
		rank:       r.rank,
		matchStart: start,
	}
	m.Entropy = entropy(text[m.Start:m.End])
	if r.entropy != 0 && m.Entropy <= r.entropy {
		return candidate{}, false
	}
	return m, r.accept == nil || r.accept(text, m.Start, m.End)
}

// secretSpan returns where the secret is in a match of that length, given the
// offsets of the groups: the group of that number, else the first that is not
// empty, else everything. It returns -1 when the wanted group took no part.
func secretSpan(groups []int, wanted, length int) (from, to int) {
	if len(groups) > 2 && wanted > 0 {
		if 2*wanted+1 >= len(groups) {
			return -1, -1
		}
		return groups[2*wanted], groups[2*wanted+1]
	}
	for i := 2; i < len(groups); i += 2 {
		if groups[i] < groups[i+1] {
			return groups[i], groups[i+1]
		}
	}
	return 0, length
}

// allowed reports whether a global allow-list or one of the rule's own permits the
// match, which ends at matchEnd. Our own rules answer to no global list: those are
// written for source code.
func (r *rule) allowed(global []*allowlist, text string, m candidate, matchEnd int) (bool, error) {
	t := targets{text: text, secret: text[m.Start:m.End], matchStart: m.matchStart, matchEnd: matchEnd}
	lists := r.allowlists
	if r.detector == DetectorGitleaks {
		lists = append(global[:len(global):len(global)], lists...)
	}
	for _, list := range lists {
		if ok, err := list.allows(t); ok || err != nil {
			return ok, err
		}
	}
	return false, nil
}

// trimNewlines narrows text[start:end] to what stands between its outer newlines.
func trimNewlines(text string, start, end int) (int, int) {
	for start < end && text[start] == '\n' {
		start++
	}
	for start < end && text[end-1] == '\n' {
		end--
	}
	return start, end
}

// lazyRegexp is a regular expression that is compiled when it is first needed: the
// 222 rules take tens of milliseconds to compile, and a config needs few of them.
type lazyRegexp struct {
	source string

	once sync.Once
	re   *regexp.Regexp
	err  error
}

// compiled returns the expression, ready to run.
func (l *lazyRegexp) compiled() (*regexp.Regexp, error) {
	l.once.Do(func() {
		if l.re, l.err = regexp.Compile(l.source); l.err != nil {
			// The parser's message quotes the expression, which may quote anything.
			l.err = fmt.Errorf("regular expression of %d bytes does not compile", len(l.source))
		}
	})
	return l.re, l.err
}

// joined returns the expression that matches where any of sources does. They are
// joined without groups of their own, as gitleaks does it: a flag such as (?i) at
// the head of one reaches all that follow.
func joined(sources []string) *lazyRegexp {
	if len(sources) == 0 {
		return nil
	}
	return &lazyRegexp{source: "(?:" + strings.Join(sources, "|") + ")"}
}
