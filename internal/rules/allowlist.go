package rules

import (
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
// conditions on paths and commits cannot hold here, where there are neither.
type allowlist struct {
	target    string
	regex     *lazyRegexp // nil: no expressions
	stopwords []string    // lower case
	all       bool        // all conditions must hold, not any
	outside   bool        // there are conditions on paths or commits

	once  sync.Once
	words wordIndex // the stop words, built when first needed
}

// targets is what an allow-list can look at.
type targets struct {
	text, secret         string
	matchStart, matchEnd int
}

// allows reports whether the list permits the match.
func (a *allowlist) allows(t targets) (bool, error) {
	if a.all && a.outside {
		return false, nil
	}
	stopped := len(a.stopwords) > 0 && a.hasStopword(t.secret)
	if stopped && !a.all {
		return true, nil
	}
	matched := false
	if a.regex != nil {
		re, err := a.regex.compiled()
		if err != nil {
			return false, err
		}
		matched = re.MatchString(t.of(a.target))
	}
	if a.all {
		return (a.regex == nil || matched) && (len(a.stopwords) == 0 || stopped), nil
	}
	return matched, nil
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
		return t.text[t.matchStart:t.matchEnd]
	case targetLine:
		start := strings.LastIndexByte(t.text[:t.matchStart], '\n') + 1
		end := strings.IndexByte(t.text[t.matchEnd:], '\n')
		if end < 0 {
			return t.text[start:]
		}
		return t.text[start : t.matchEnd+end]
	}
	return t.secret
}
