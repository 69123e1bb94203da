package rules

import (
	"errors"
	"strings"

	"github.com/BurntSushi/toml"
	"github.com/zricethezav/gitleaks/v8/config"
)

// gitleaksConfig is the part of a gitleaks configuration that speaks about text.
// The library's own reader compiles every expression, which costs ten times as much
// as reading this.
type gitleaksConfig struct {
	Allowlist  *gitleaksAllowlist // the older spelling of Allowlists
	Allowlists []gitleaksAllowlist
	Rules      []gitleaksRule
}

type gitleaksRule struct {
	ID          string
	Description string
	Path        string
	Regex       string
	SecretGroup int
	Entropy     float64
	Keywords    []string
	Allowlist   *gitleaksAllowlist
	Allowlists  []gitleaksAllowlist
}

type gitleaksAllowlist struct {
	TargetRules []string
	Condition   string
	Commits     []string
	Paths       []string
	RegexTarget string
	Regexes     []string
	StopWords   []string
}

// gitleaksRules returns gitleaks' default rules and the allow-lists that hold for
// all of them. Rules that ask for a path are left out: a text has none.
func gitleaksRules() ([]*rule, []*allowlist, error) {
	var parsed gitleaksConfig
	if _, err := toml.Decode(config.DefaultConfig, &parsed); err != nil {
		return nil, nil, errors.New("default rules of gitleaks cannot be read: rebuild with a released version of that library")
	}
	rules := make([]*rule, 0, len(parsed.Rules))
	byID := make(map[string]*rule, len(parsed.Rules))
	for _, r := range parsed.Rules {
		if r.Path != "" || r.Regex == "" {
			continue
		}
		rules = append(rules, r.rule())
		byID[r.ID] = rules[len(rules)-1]
	}
	var global []*allowlist
	for _, a := range withOlder(parsed.Allowlists, parsed.Allowlist) {
		list := a.allowlist()
		if len(a.TargetRules) == 0 {
			global = append(global, list)
		}
		for _, id := range a.TargetRules {
			if r := byID[id]; r != nil {
				r.allowlists = append(r.allowlists, list)
			}
		}
	}
	return rules, global, nil
}

func (r gitleaksRule) rule() *rule {
	out := &rule{
		id:          r.ID,
		description: r.Description,
		detector:    DetectorGitleaks,
		rank:        gitleaksRank(r.ID),
		keywords:    r.Keywords,
		regex:       lazyRegexp{source: r.Regex},
		secretGroup: r.SecretGroup,
		entropy:     r.Entropy,
	}
	for _, a := range withOlder(r.Allowlists, r.Allowlist) {
		out.allowlists = append(out.allowlists, a.allowlist())
	}
	return out
}

func (a gitleaksAllowlist) allowlist() *allowlist {
	list := &allowlist{
		target:  a.RegexTarget,
		regex:   joined(a.Regexes),
		outside: len(a.Paths)+len(a.Commits) > 0,
	}
	switch strings.ToUpper(a.Condition) {
	case "AND", "&&":
		list.all = true
	}
	if a.RegexTarget == "secret" {
		list.target = targetSecret
	}
	for _, word := range a.StopWords {
		list.stopwords = append(list.stopwords, strings.ToLower(word))
	}
	return list
}

// withOlder returns the lists, with the one in the older spelling, if any, at the end.
func withOlder(lists []gitleaksAllowlist, older *gitleaksAllowlist) []gitleaksAllowlist {
	if older == nil {
		return lists
	}
	return append(lists, *older)
}
