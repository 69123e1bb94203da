// Package rules says what a secret looks like: the default rules of gitleaks,
// read from that library when the program runs, and our own shape rules for the
// tokens it lacks; which names of keys promise a secret; and which values are
// placeholders, already masked, or too short to protect anything.
//
// It looks at one string, at most together with the name of its key. It must not
// know about files, gateways, encodings or writing, and it keeps no text it was shown.
package rules

import (
	"slices"
	"strings"
	"sync"
)

// The detectors a [Match] can come from.
const (
	DetectorGitleaks = "gitleaks" // a default rule of gitleaks
	DetectorShape    = "shape"    // a rule of our own
)

// Match is one secret found in a text.
type Match struct {
	Rule       string  // the rule's ID, see [Set.Rule]
	Detector   string  // [DetectorGitleaks] or [DetectorShape]
	Start, End int     // the secret alone is text[Start:End], in bytes
	Entropy    float64 // Shannon entropy of the secret, in bits a character
}

// Rule describes a rule to people.
type Rule struct {
	ID          string
	Description string
	Detector    string
}

// Set holds all rules. The zero Set has none of ours: use [New]. Its methods may be
// called from several goroutines at once.
type Set struct {
	shapes []shapeRule

	load     sync.Once
	rules    []*rule
	byID     map[string]*rule
	global   []*allowlist // allow-lists that speak for every gitleaks rule
	keywords wordIndex
	byWord   map[string][]int // keyword to indexes into rules
	always   []int            // rules without a keyword

	mu  sync.Mutex
	err error
}

// New returns the rules. It costs nothing: the text of the rules is read by the
// first call of a method, and each regular expression is compiled when a text
// first contains one of its rule's keywords.
func New() *Set { return &Set{shapes: shapeRules()} }

// Err returns the first thing that made a rule unusable, nil if there was none. The
// rules are part of the program, so only a faulty build can fail; but whoever
// reports that nothing was found has to ask.
func (s *Set) Err() error {
	s.loadOnce()
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.err
}

// Rule returns the description of the rule with that ID, and whether there is one.
func (s *Set) Rule(id string) (Rule, bool) {
	s.loadOnce()
	r, ok := s.byID[id]
	if !ok {
		return Rule{}, false
	}
	return Rule{ID: r.id, Description: r.description, Detector: r.detector}, true
}

// Find returns the secrets in text, ordered by place. Two rules may match the same
// characters; where one of them says more than the other, only that one is returned.
//
// It finds what gitleaks finds in a text without a path and without decoding, save
// that the comment "gitleaks:allow" has no effect here: it speaks about a line of a
// file, which only the caller knows.
func (s *Set) Find(text string) []Match {
	s.loadOnce()
	var found []candidate
	for _, i := range s.candidateRules(text) {
		matches, err := s.rules[i].find(text, s.global)
		if err != nil {
			s.fail(err)
		}
		found = append(found, matches...)
	}
	return mostSpecific(text, found)
}

// FindValue returns the secrets in the value of a key, as [Set.Find] sees them in
// the line key = "value": some rules need the name to believe the value. Offsets are
// those into value. What touches the name alone is not returned.
func (s *Set) FindValue(key, value string) []Match {
	if key == "" {
		return s.Find(value)
	}
	offset := len(key) + len(` = "`)
	var inValue []Match
	for _, m := range s.Find(key + ` = "` + value + `"`) {
		start, end := max(m.Start-offset, 0), min(m.End-offset, len(value))
		if start >= end {
			continue
		}
		if end-start != m.End-m.Start {
			m.Entropy = entropy(value[start:end])
		}
		m.Start, m.End = start, end
		inValue = append(inValue, m)
	}
	return inValue
}

// candidateRules returns the indexes of the rules that have a keyword in text, in
// ascending order. Letter case is ignored.
func (s *Set) candidateRules(text string) []int {
	candidates := slices.Clone(s.always)
	s.keywords.each(strings.ToLower(text), func(word string) bool {
		candidates = append(candidates, s.byWord[word]...)
		return true
	})
	slices.Sort(candidates)
	return slices.Compact(candidates)
}

// loadOnce reads the rules if no call has done so yet.
func (s *Set) loadOnce() {
	s.load.Do(func() {
		library, global, err := gitleaksRules()
		if err != nil {
			s.fail(err)
		}
		s.global = global
		s.rules = library
		for _, shape := range s.shapes {
			s.rules = append(s.rules, shape.rule())
		}
		s.index()
	})
}

// index fills the tables that lead from an ID and from a keyword to a rule.
func (s *Set) index() {
	s.byID = make(map[string]*rule, len(s.rules))
	s.byWord = make(map[string][]int, len(s.rules))
	for i, r := range s.rules {
		s.byID[r.id] = r
		if len(r.keywords) == 0 {
			s.always = append(s.always, i)
		}
		for _, keyword := range r.keywords {
			word := strings.ToLower(keyword)
			if _, known := s.byWord[word]; !known {
				s.keywords.add(word)
			}
			s.byWord[word] = append(s.byWord[word], i)
		}
	}
}

// fail remembers the first error for [Set.Err].
func (s *Set) fail(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err == nil {
		s.err = err
	}
}
