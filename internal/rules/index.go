package rules

import (
	"crypto/sha256"
	"encoding/hex"
	"hash/fnv"
	"strings"

	"github.com/zricethezav/gitleaks/v8/config"

	"github.com/clawsecrets/clawsecrets/internal/sieve"
)

//go:generate go test -run TestIndexIsCurrent -update

// indexed is what a search has to know of a rule before it has read it: where the rule
// stands, and what its matches begin with. For the rules that are part of the program it
// is derived ahead of time (index_generated.go), because parsing 222 expressions takes
// longer than scanning a config.
type indexed struct {
	id         string
	start, end int      // the rule in [config.DefaultConfig]; not used for our own
	regex      uint32   // a checksum of the expression, to notice that it has changed
	words      []string // the keywords, where the expression has no anchors
	path       bool     // the rule asks for a path
	prepared   *sieve.Prepared
}

// pathOnly reports whether the rule has no expression: the path of a file decides.
func (e *indexed) pathOnly() bool { return e.regex == checksum("") && e.path }

// libraryIndex returns the index of gitleaks' rules: the one made ahead if it was made
// from this version of the library, else a new one.
func libraryIndex() ([]indexed, error) {
	sum := sha256.Sum256([]byte(config.DefaultConfig))
	if hex.EncodeToString(sum[:]) == generatedFrom {
		return generatedLibrary(), nil
	}
	return indexLibrary(config.DefaultConfig)
}

// indexLibrary derives the index of the rules in a gitleaks configuration, in which
// each rule is a block of its own.
func indexLibrary(text string) ([]indexed, error) {
	parsed, err := parseLibrary(text)
	if err != nil {
		return nil, err
	}
	const header = "\n[[rules]]\n"
	starts := []int{}
	for at := strings.Index(text, header); at >= 0; {
		starts = append(starts, at+1)
		next := strings.Index(text[at+1:], header)
		if next < 0 {
			break
		}
		at += 1 + next
	}
	if len(starts) != len(parsed.Rules) {
		return nil, errDefaultRules
	}
	var index []indexed
	for i, r := range parsed.Rules {
		entry, err := indexRule(r.ID, r.Regex, r.Keywords)
		if err != nil {
			return nil, errDefaultRules
		}
		entry.start, entry.end, entry.path = starts[i], len(text), r.Path != ""
		if i+1 < len(starts) {
			entry.end = starts[i+1]
		}
		index = append(index, entry)
	}
	return index, nil
}

// indexRule derives the entry of one rule.
func indexRule(id, regex string, keywords []string) (indexed, error) {
	entry := indexed{id: id, regex: checksum(regex)}
	if regex == "" {
		return entry, nil
	}
	var err error
	if entry.prepared, err = sieve.Prepare(regex); err == nil && entry.prepared.Anchors == nil {
		for _, keyword := range keywords {
			entry.words = append(entry.words, strings.ToLower(keyword))
		}
	}
	return entry, err
}

func checksum(text string) uint32 {
	h := fnv.New32a()
	h.Write([]byte(text))
	return h.Sum32()
}
