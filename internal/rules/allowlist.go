package rules

import (
	"bytes"
	"strings"
	"sync"
)

// What the expressions of an allow-list are run against.
const (
	targetSecret = ""
	targetMatch  = "match"
	targetLine   = "line"
)

// allowlist is a gitleaks allow-list: a match that it permits is no secret. Its
// condition on commits cannot hold here, where there are none.
type allowlist struct {
	target    string
	regex     anyOf    // nil: no expressions
	path      anyOf    // nil: no paths
	stopwords []string // lower case
	all       bool     // all conditions must hold, not any
	commits   bool     // there are conditions on commits

	once  sync.Once
	words wordIndex // the stop words, built when first needed
}

// targets is what an allow-list can look at.
type targets struct {
	text                 []byte
	secret               string
	matchStart, matchEnd int
	path                 string
}

// allows reports whether the list permits the match.
func (a *allowlist) allows(t targets) (bool, error) {
	conditions := []func() (bool, error){}
	if a.commits {
		conditions = append(conditions, func() (bool, error) { return false, nil })
	}
	if a.path != nil {
		conditions = append(conditions, func() (bool, error) {
			if t.path == "" {
				return false, nil
			}
			return a.path.matches(t.path)
		})
	}
	if len(a.stopwords) > 0 {
		conditions = append(conditions, func() (bool, error) { return a.hasStopword(t.secret), nil })
	}
	if a.regex != nil {
		conditions = append(conditions, func() (bool, error) { return a.regex.matches(t.of(a.target)) })
	}
	for _, condition := range conditions {
		if ok, err := condition(); err != nil || ok != a.all {
			return ok, err
		}
	}
	return a.all && len(conditions) > 0, nil
}

// anyOf matches where one of its expressions does.
type anyOf []*lazyRegexp

// newAnyOf returns the expressions of an allow-list. Gitleaks joins them to one, without
// groups of their own: a flag such as (?i) at the head of one reaches all that follow.
// Where none has a flag they are kept apart: one by one they are quicker, for most begin
// with a word that a text rarely has.
func newAnyOf(sources []string) anyOf {
	var all anyOf
	for _, source := range sources {
		if strings.HasPrefix(source, "(?") && !strings.HasPrefix(source, "(?:") {
			return anyOf{{source: "(?:" + strings.Join(sources, "|") + ")"}}
		}
		all = append(all, &lazyRegexp{source: source})
	}
	return all
}

func (a anyOf) matches(text string) (bool, error) {
	for _, expression := range a {
		if !expression.may(text) {
			continue
		}
		re, err := expression.compiled()
		if err != nil || re.MatchString(text) {
			return err == nil, err
		}
	}
	return false, nil
}

// hasStopword reports whether the secret contains one of the stop words, in any
// letter case.
func (a *allowlist) hasStopword(secret string) bool {
	a.once.Do(func() {
		for _, word := range a.stopwords {
			a.words.add(word)
		}
	})
	found := false
	a.words.each(strings.ToLower(secret), func(string) bool {
		found = true
		return false
	})
	return found
}

// of returns the text that the target names: the secret, the whole match, or the
// lines that the match touches. (For a last line without a newline gitleaks takes the
// whole text up to its end. That would let any line before speak for the last.)
func (t targets) of(target string) string {
	switch target {
	case targetMatch:
		return string(t.text[t.matchStart:t.matchEnd])
	case targetLine:
		start := max(0, bytes.LastIndexByte(t.text[:t.matchStart], '\n'))
		end := bytes.IndexByte(t.text[t.matchEnd:], '\n')
		if end < 0 {
			return string(t.text[start:])
		}
		return string(t.text[start : t.matchEnd+end])
	}
	return t.secret
}
