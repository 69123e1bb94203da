// Package rules says what a secret looks like: the default rules of gitleaks,
// read from that library when the program runs, and our own shape rules for the
// tokens it lacks; which names of keys promise a secret; and which values are
// placeholders, already masked, or too short to protect anything.
//
// It looks at one text, at most together with the path of its file or the name of its
// key. It must not know about gateways, encodings or writing, and it keeps no text it
// was shown. Where in a text a rule is worth trying is found by package sieve.
package rules

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"slices"
	"sync"

	"github.com/zricethezav/gitleaks/v8/config"

	"github.com/clawsecrets/clawsecrets/internal/sieve"
)

// The detectors a [Match] can come from.
const (
	DetectorGitleaks = "gitleaks" // a rule of gitleaks
	DetectorShape    = "shape"    // a rule of our own
	DetectorKnown    = "known"    // a value that is known from another place
)

// Match is one secret found in a text.
type Match struct {
	Rule       string  // the rule's ID, see [Set.Rule]
	Detector   string  // [DetectorGitleaks], [DetectorShape] or [DetectorKnown]
	Start, End int     // the secret alone is text[Start:End], in bytes
	Entropy    float64 // Shannon entropy of the secret, in bits a character
	Rank       int     // of two matches of the same bytes the one of the lower rank says more
}

// Rule describes a rule to people.
type Rule struct {
	ID          string
	Description string
	Detector    string
}

// Options say which rules a [Set] has beside those of gitleaks and ours.
type Options struct {
	// Known are values to find wherever they stand.
	Known []Known
	// Config, if not nil, takes the place of gitleaks' default rules.
	Config *UserConfig
	// GitleaksOnly leaves out everything but the rules of gitleaks.
	GitleaksOnly bool
}

// Set holds all rules. Its methods may be called from several goroutines at once.
type Set struct {
	options Options
	shapes  []shapeRule // our own rules

	once    sync.Once
	library *library
	rules   []*rule // in the order of the sieve's patterns
	byPath  []*rule // rules without an expression
	sieve   *sieve.Sieve
	err     error

	// failed is the first error of a rule that a search could not use.
	mu     sync.Mutex
	failed error

	finders sync.Pool // of *Finder, for the methods of Set
}

// New returns the rules. It costs nothing: what a search needs of all rules is set up by
// the first, and the text of a rule is read and its expression compiled when a text
// first holds something that it could match.
func New(o Options) *Set {
	s := newSet(o, nil)
	if !o.GitleaksOnly {
		s.shapes = shapeRules()
	}
	return s
}

func newSet(o Options, shapes []shapeRule) *Set {
	s := &Set{options: o, shapes: shapes}
	s.finders.New = func() any { return s.Finder() }
	return s
}

// Err returns the first thing that made a rule unusable, nil if there was none. The
// rules are part of the program, so only a faulty build can fail; but whoever
// reports that nothing was found has to ask.
func (s *Set) Err() error {
	s.setUp()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err != nil {
		return s.err
	}
	return s.failed
}

// fail remembers the first error for [Set.Err].
func (s *Set) fail(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.failed == nil {
		s.failed = err
	}
}

// Rule returns the description of the rule with that ID, and whether there is one.
func (s *Set) Rule(id string) (Rule, bool) {
	s.setUp()
	for _, r := range slices.Concat(s.rules, s.byPath) {
		if r.id != id {
			continue
		}
		b, err := r.load()
		if err != nil {
			return Rule{}, false
		}
		return Rule{ID: id, Description: b.description, Detector: r.detector}, true
	}
	return Rule{}, false
}

// setUp collects the rules and builds the sieve, once.
func (s *Set) setUp() {
	s.once.Do(func() {
		if s.library == nil {
			if s.library, s.err = s.options.Config.library(); s.err != nil {
				return
			}
		}
		for _, r := range slices.Concat(s.library.rules, ownRules(s.shapes), knownRules(s.options.Known)) {
			if r.detector == DetectorGitleaks && !s.options.GitleaksOnly {
				r.amend = amend(r.id)
			}
			if r.pathOnly() {
				s.byPath = append(s.byPath, r)
			} else {
				s.rules = append(s.rules, r)
			}
		}
		patterns := make([]sieve.Pattern, len(s.rules))
		for i, r := range s.rules {
			patterns[i] = r.pattern()
		}
		s.sieve, s.err = sieve.New(patterns)
	})
}

// pattern returns what the sieve has to look for.
func (r *rule) pattern() sieve.Pattern {
	return sieve.Pattern{
		Name:     "rule " + r.id,
		Prepared: r.prepared,
		Words:    r.words,
		Regex: func() (string, error) {
			b, err := r.load()
			if err != nil {
				return "", err
			}
			r.hopeless = newHopeless(b)
			return b.regex.source, nil
		},
		Hopeless: func(run []byte) bool { return r.hopeless.value(run) },
	}
}

// Find returns the secrets in text, ordered by place. Two rules may match the same
// characters; where one of them says more than the other, only that one is returned.
//
// It finds what gitleaks finds in a text without a path and without decoding, save
// that the comment "gitleaks:allow" has no effect here: it speaks about a line of a
// file, which only the caller knows.
func (s *Set) Find(text string) []Match {
	finder := s.finders.Get().(*Finder)
	defer s.finders.Put(finder)
	return finder.Find([]byte(text), nil)
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

// Version names the rules that a search with the set applies: two sets with the same
// Version and the same known values find the same.
func (s *Set) Version() string {
	hash := sha256.New()
	_, _ = io.WriteString(hash, config.DefaultConfig)
	for _, shape := range s.shapes {
		_, _ = fmt.Fprintf(hash, "\x00%s\x00%s", shape.ID, shape.Regex)
	}
	_, _ = fmt.Fprintf(hash, "\x00%t\x00%s\x00%s", s.options.GitleaksOnly, s.options.Config.version(), engineVersion)
	return hex.EncodeToString(hash.Sum(nil)[:16])
}

// engineVersion changes whenever the same rules find something else in the same text.
const engineVersion = "2"
