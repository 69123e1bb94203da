package rules

import (
	"errors"
	"strings"

	"github.com/BurntSushi/toml"
)

// gitleaksConfig is the part of a gitleaks configuration that speaks about files.
// The library's own reader compiles every expression, which costs ten times as much
// as reading this.
type gitleaksConfig struct {
	Extend     gitleaksExtend
	Allowlist  *gitleaksAllowlist // the older spelling of Allowlists
	Allowlists []gitleaksAllowlist
	Rules      []gitleaksRule
}

type gitleaksExtend struct {
	UseDefault    bool
	Path, URL     string
	DisabledRules []string
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

var errDefaultRules = errors.New("default rules of gitleaks cannot be read: rebuild with a released version of that library")

// parseLibrary parses the library's default configuration or a part of it.
func parseLibrary(text string) (*gitleaksConfig, error) {
	var parsed gitleaksConfig
	if _, err := toml.Decode(text, &parsed); err != nil {
		return nil, errDefaultRules
	}
	return &parsed, nil
}

// lists returns the allow-lists that hold for every rule, and those that name theirs.
func (c *gitleaksConfig) lists() (global []*allowlist, targeted map[string][]*allowlist) {
	targeted = map[string][]*allowlist{}
	for _, a := range withOlder(c.Allowlists, c.Allowlist) {
		list := a.allowlist()
		if len(a.TargetRules) == 0 {
			global = append(global, list)
		}
		for _, id := range a.TargetRules {
			targeted[id] = append(targeted[id], list)
		}
	}
	return global, targeted
}

func (r gitleaksRule) body() *body {
	b := &body{
		description: r.Description,
		regex:       lazyRegexp{source: r.Regex},
		secretGroup: r.SecretGroup,
		entropy:     r.Entropy,
	}
	if r.Path != "" {
		b.path = newAnyOf([]string{r.Path})
	}
	for _, keyword := range r.Keywords {
		b.keywords = append(b.keywords, strings.ToLower(keyword))
	}
	for _, a := range withOlder(r.Allowlists, r.Allowlist) {
		b.allowlists = append(b.allowlists, a.allowlist())
	}
	return b
}

func (a gitleaksAllowlist) allowlist() *allowlist {
	list := &allowlist{
		target:  a.RegexTarget,
		regex:   newAnyOf(a.Regexes),
		path:    newAnyOf(a.Paths),
		commits: len(a.Commits) > 0,
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
