package rules

import (
	"sync"

	"github.com/zricethezav/gitleaks/v8/config"
)

// library is gitleaks' default rules, read piece by piece from the text that the library
// comes with.
type library struct {
	rules []*rule
	head  string       // what stands before the rules
	own   []*allowlist // beside those in head

	once     sync.Once
	global   []*allowlist
	targeted map[string][]*allowlist
	err      error
}

// newLibrary returns the rules, none of them read yet.
func newLibrary() (*library, error) {
	index, err := libraryIndex()
	if err != nil {
		return nil, err
	}
	l := &library{head: config.DefaultConfig[:index[0].start]}
	for _, entry := range index {
		l.rules = append(l.rules, &rule{
			indexed: entry, detector: DetectorGitleaks, rank: gitleaksRank(entry.id),
			read: func() (*body, error) { return l.read(entry) },
		})
	}
	return l, nil
}

// read parses the rule that the entry speaks of.
func (l *library) read(entry indexed) (*body, error) {
	parsed, err := parseLibrary(config.DefaultConfig[entry.start:entry.end])
	if err != nil {
		return nil, err
	}
	if len(parsed.Rules) != 1 || parsed.Rules[0].ID != entry.id || checksum(parsed.Rules[0].Regex) != entry.regex {
		return nil, errDefaultRules
	}
	if _, err := l.lists(); err != nil {
		return nil, err
	}
	b := parsed.Rules[0].body()
	b.allowlists = append(b.allowlists, l.targeted[entry.id]...)
	return b, nil
}

// lists returns the allow-lists that hold for every rule of the library.
func (l *library) lists() ([]*allowlist, error) {
	l.once.Do(func() {
		parsed, err := parseLibrary(l.head)
		if err != nil {
			l.err = err
			return
		}
		l.global, l.targeted = parsed.lists()
		l.global = append(l.global, l.own...)
	})
	return l.global, l.err
}
