package rules

import (
	"regexp"

	"github.com/clawsecrets/clawsecrets/internal/sieve"
)

// search is the search for one rule's matches in one text.
type search struct {
	rule   *rule
	text   []byte
	global []*allowlist
	path   string
	found  []candidate
}

// all returns the rule's matches among its candidates, which are in ascending order of
// where they start, minus those that an allow-list permits. core is the sieve's for the
// rule.
func (s *search) all(candidates []sieve.Candidate, core string) ([]candidate, error) {
	b, err := s.rule.load()
	if err != nil || b.regex.source == "" {
		return nil, err
	}
	for len(candidates) > 0 && err == nil {
		c := merge(candidates)
		switch {
		case !c.hope:
		case core != "" && candidates[0].At >= 0:
			err = s.anchored(candidates[:c.n], core)
		default:
			var ok bool
			if ok, err = s.window(c.start, c.end); !ok && err == nil {
				_, err = s.window(c.start, len(s.text))
				return s.found, err
			}
		}
		candidates = candidates[c.n:]
	}
	return s.found, err
}

// cluster is the first n of some candidates, which overlap, and the part of the text
// that they cover together. A later candidate begins behind it.
type cluster struct {
	start, end, n int
	hope          bool // not all of them are hopeless
}

func merge(candidates []sieve.Candidate) cluster {
	first := candidates[0]
	c := cluster{first.Start, first.End, 1, !first.Hopeless}
	for ; c.n < len(candidates) && candidates[c.n].Start <= c.end; c.n++ {
		next := candidates[c.n]
		c.start, c.end, c.hope = min(c.start, next.Start), max(c.end, next.End), c.hope || !next.Hopeless
	}
	return c
}

// window records the matches within text[start:end]. It records none, and reports false,
// where one reaches the end of what it looks at though the text goes on: there $ matched
// where the window ends.
func (s *search) window(start, end int) (ok bool, err error) {
	re, err := s.rule.body.regex.compiled()
	if err != nil {
		return false, err
	}
	p := newPassage(s.text, start, end)
	from, to := wholeRune(p.text, start-p.offset, end-p.offset)
	spans := re.FindAllStringIndex(p.text[from:to], -1)
	if n := len(spans); n > 0 && from+spans[n-1][1] == to && p.offset+to < len(s.text) {
		return false, nil
	}
	for _, span := range spans {
		if err := s.match(re, p, from+span[0], from+span[1]); err != nil {
			return false, err
		}
	}
	return true, nil
}

// match records p.text[start:end] if it holds a secret.
func (s *search) match(re *regexp.Regexp, p passage, start, end int) error {
	m, ok := s.rule.examine(re, p, start, end)
	if !ok {
		return nil
	}
	_, end = trimNewlines(p.text, start, end)
	return s.record(m, p.offset+end)
}

// record records a match that ends at end, unless an allow-list permits it.
func (s *search) record(m candidate, end int) error {
	if !s.rule.hasKeyword(s.text, m.matchStart, end) {
		return nil
	}
	allowed, err := s.allowed(m, end)
	if err == nil && !allowed {
		s.found = append(s.found, m)
	}
	return err
}

// anchored records the matches of an expression that begins with up to fifty characters
// of a name, as few as possible: [\w.-]{0,50}?. Such an expression is slow, while the
// rest of it, its core, is quick where one knows where to put it: at the anchors. The
// first anchor at which the core matches is where the whole expression matches too, with
// as much of the name before it as there is.
func (s *search) anchored(candidates []sieve.Candidate, core string) error {
	b := s.rule.body
	re, err := b.core.compiledFrom(`\A(?:` + core + `)`)
	if err != nil {
		return err
	}
	last := 0
	for _, c := range candidates {
		if c.At < last {
			continue // within the match before
		}
		p := newPassage(s.text, c.Start, c.End)
		at := c.At - p.offset
		_, to := wholeRune(p.text, at, c.End-p.offset)
		groups := re.FindStringSubmatchIndex(p.text[at:to])
		if groups != nil && at+groups[1] == to && p.offset+to < len(s.text) {
			p = newPassage(s.text, c.Start, len(s.text)) // $ matched where the window ends
			at = c.At - p.offset
			groups = re.FindStringSubmatchIndex(p.text[at:])
		}
		if groups == nil {
			continue
		}
		end := at + groups[1]
		if from, to := secretSpan(groups, b.secretGroup, groups[1]); from >= 0 && from < to {
			if m, ok := s.rule.weigh(p, max(c.Start, last)-p.offset, at+from, at+to); ok {
				_, trimmed := trimNewlines(p.text, at, end)
				if err := s.record(m, p.offset+trimmed); err != nil {
					return err
				}
			}
		}
		last = p.offset + end
	}
	return nil
}

// lists returns the allow-lists that hold for the rule. Our own rules answer to no global
// list: those are written for source code.
func (s *search) lists() []*allowlist {
	if s.rule.detector == DetectorGitleaks {
		return append(s.global[:len(s.global):len(s.global)], s.rule.body.allowlists...)
	}
	return s.rule.body.allowlists
}

// allowed reports whether an allow-list permits the match, which ends at matchEnd.
func (s *search) allowed(m candidate, matchEnd int) (bool, error) {
	t := targets{text: s.text, secret: string(s.text[m.Start:m.End]), matchStart: m.matchStart, matchEnd: matchEnd}
	for i, list := range s.lists() {
		// What the global lists say of the path alone, [Set.Place] has heard already.
		t.path = s.path
		if i < len(s.global) && !list.all && s.rule.detector == DetectorGitleaks {
			t.path = ""
		}
		if ok, err := list.allows(t); ok || err != nil {
			return ok, err
		}
	}
	return false, nil
}
