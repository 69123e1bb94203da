package gateway

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
)

// Effective is what the gateway would make of a Home: its resolved config and the
// credential that each agent would send to each provider first. Two Homes with
// equal Effectives behave the same.
type Effective struct {
	Tree    any
	Missing []string // names of references without a value, sorted
	// Exported is what the config's env block adds to the environment.
	Exported map[string]string
	// AnthropicMode decides defaults of all agents.
	AnthropicMode string
	// Credentials holds, by agent and provider, what is sent first.
	Credentials map[string]map[string]string
}

// Effective resolves the Home.
func (v *View) Effective() (*Effective, error) {
	config, err := v.LoadConfig()
	if err != nil {
		return nil, err
	}
	env, err := v.LoadEnv()
	if err != nil {
		return nil, err
	}
	return v.effective(config, env)
}

func (v *View) effective(config *Config, env *Env) (*Effective, error) {
	resolved := config.Resolve(env)
	agents, err := v.LoadAgents(resolved)
	if err != nil {
		return nil, err
	}
	e := &Effective{Tree: resolved.Tree, Exported: maps.Clone(resolved.InlineEnv()), Credentials: map[string]map[string]string{}}
	e.AnthropicMode = anthropicMode(resolved.Tree, env.Has)
	for name := range e.Exported {
		if env.Has(name) {
			delete(e.Exported, name) // the environment has it already and wins
		}
	}
	for _, missing := range resolved.Missing {
		e.Missing = append(e.Missing, missing.Name)
	}
	slices.Sort(e.Missing)
	providers := providersOf(agents, resolved)
	for _, agent := range agents {
		credentials := map[string]string{}
		for _, provider := range providers {
			credentials[provider] = Credential(agents, agent, provider, resolved, env)
		}
		e.Credentials[agent.ID] = credentials
	}
	return e, nil
}

// providersOf returns every provider that a profile or the config names, and every
// one that has a variable: one of those may gain a key that it did not have.
func providersOf(agents []*Agent, resolved Resolved) []string {
	names := map[string]bool{}
	for _, agent := range agents {
		for _, profile := range agent.Profiles {
			names[profile.Provider] = true
		}
	}
	for id := range members(resolved.Tree, "models", "providers") {
		names[ProviderID(id)] = true
	}
	for _, id := range knownProviders() {
		names[id] = true
	}
	return slices.Sorted(maps.Keys(names))
}

// Credential returns what the product would send for a provider first
// (resolveApiKeyForProvider in agents/model-auth.js): a profile, else the
// provider's variable, else the config's key; "" for none.
//
// Where several profiles are usable it takes turns by their last use; then the
// result names them all, in store order.
func Credential(agents []*Agent, agent *Agent, provider string, resolved Resolved, env *Env) string {
	var sent []string
	seen := map[string]bool{}
	for _, profile := range InOrder(agents, agent, provider, resolved, Usable(agents, agent, provider)) {
		if value := profile.Value.Reveal(); !seen[value] {
			seen[value] = true
			sent = append(sent, value)
		}
	}
	if len(sent) > 0 {
		return strings.Join(sent, "\n")
	}
	if value := env.EnvCredential(provider, resolved.InlineEnv()); value != "" {
		return value
	}
	return resolved.tables.keys[ProviderID(provider)]
}

// Difference returns where two Effectives differ, "" if they do not, leaving out
// config paths that begin with one of ignore. It names the place, never a value.
func (e *Effective) Difference(other *Effective, ignore [][]string) string {
	if !slices.Equal(e.Missing, other.Missing) {
		return fmt.Sprintf("references without a value: %d, then %d", len(e.Missing), len(other.Missing))
	}
	if e.AnthropicMode != other.AnthropicMode {
		return "the defaults that follow from Anthropic's profiles and variables"
	}
	for agent, credentials := range e.Credentials {
		for provider, value := range credentials {
			if other.Credentials[agent][provider] != value {
				return "the credential of agent " + agent + " for " + provider
			}
		}
		if len(credentials) != len(other.Credentials[agent]) {
			return "the providers of agent " + agent
		}
	}
	if path, differ := treeDifference(e.Tree, other.Tree, newPathSet(ignore)); differ {
		slices.Reverse(path)
		return "config " + strings.Join(path, ".")
	}
	return ""
}

// pathSet is a set of paths, as a tree by their tokens.
type pathSet struct {
	here bool // the path that leads here is in the set
	next map[string]*pathSet
}

func newPathSet(paths [][]string) *pathSet {
	root := &pathSet{}
	for _, path := range paths {
		at := root
		for _, token := range path {
			if at.next == nil {
				at.next = map[string]*pathSet{}
			}
			if at.next[token] == nil {
				at.next[token] = &pathSet{}
			}
			at = at.next[token]
		}
		at.here = true
	}
	return root
}

// under returns the part of the set below a token, nil if there is none.
func (s *pathSet) under(token string) *pathSet {
	if s == nil {
		return nil
	}
	return s.next[token]
}

// treeDifference returns the first path at which two trees differ, its last token
// first, and whether there is one. What stands at an ignored path is left out.
func treeDifference(a, b any, ignore *pathSet) (reversed []string, differ bool) {
	if ignore != nil && ignore.here {
		return nil, false
	}
	x, isObject := a.(map[string]any)
	y, isOther := b.(map[string]any)
	if (isObject || a == nil) && (isOther || b == nil) && (isObject || isOther) {
		for _, key := range slices.Sorted(maps.Keys(union(x, y))) {
			if found, differ := treeDifference(x[key], y[key], ignore.under(key)); differ {
				return append(found, key), true
			}
		}
		return nil, false
	}
	return nil, !reflect.DeepEqual(a, b)
}

func union(a, b map[string]any) map[string]any {
	both := maps.Clone(a)
	if both == nil {
		both = map[string]any{}
	}
	maps.Copy(both, b)
	return both
}
