package gateway

import (
	"maps"
	"slices"
	"strings"
)

// Missing is a reference that the gateway cannot resolve: it refuses to start.
type Missing struct {
	Name string
	Leaf *Leaf
}

// Resolved is the config as the gateway sees it, references substituted, before
// schema validation and defaults.
type Resolved struct {
	Tree    any
	Missing []Missing
	tables  *tables
}

// tables holds what is asked of a resolved config again and again, for each provider
// of each agent.
type tables struct {
	exported map[string]string   // what the env block exports
	keys     map[string]string   // models.providers.*.apiKey, by provider
	orders   map[string][]string // auth.order, by provider
	profiles map[string][]string // ids of auth.profiles, by provider
}

// Raw returns the merged config, references unsubstituted.
func (c *Config) Raw() any {
	return plain(c.merged, func(l *Leaf) string { return l.Text })
}

// Resolve substitutes every reference from the environment. A string whose
// reference is missing keeps its text and is listed.
func (c *Config) Resolve(env *Env) Resolved {
	var resolved Resolved
	resolved.Tree = plain(c.merged, func(l *Leaf) string {
		value, missing := Substitute(l.Text, env.Lookup)
		for _, name := range missing {
			resolved.Missing = append(resolved.Missing, Missing{name, l})
		}
		if len(missing) > 0 {
			return l.Text
		}
		return value
	})
	resolved.tables = newTables(resolved.Tree)
	return resolved
}

// newTables makes the tables of a resolved tree. Of two names of one provider the
// first in the alphabet counts, so that the answer is the same each time.
func newTables(tree any) *tables {
	t := &tables{
		exported: inlineEnv(tree), keys: map[string]string{},
		orders: map[string][]string{}, profiles: map[string][]string{},
	}
	providers := members(tree, "models", "providers")
	for _, id := range slices.Sorted(maps.Keys(providers)) {
		if _, ok := t.keys[ProviderID(id)]; !ok {
			t.keys[ProviderID(id)] = strings.TrimSpace(text(providers[id], "apiKey"))
		}
	}
	orders := members(tree, "auth", "order")
	for _, name := range slices.Sorted(maps.Keys(orders)) {
		if _, ok := t.orders[ProviderID(name)]; !ok {
			t.orders[ProviderID(name)] = stringList(orders[name])
		}
	}
	for id, profile := range members(tree, "auth", "profiles") {
		provider := ProviderID(text(profile, "provider"))
		t.profiles[provider] = append(t.profiles[provider], id)
	}
	return t
}

// InlineEnv returns what the config's own env block exports (config/env-vars.js):
// env.vars.NAME, then env.NAME, for non-blank strings. The gateway sets each only
// where its environment does not have it, and after references are substituted, so
// none of these can satisfy a reference. The map must not be changed.
func (r Resolved) InlineEnv() map[string]string { return r.tables.exported }

func inlineEnv(tree any) map[string]string {
	exported := map[string]string{}
	for name, value := range members(tree, "env", "vars") {
		if s, ok := value.(string); ok && s != "" {
			exported[name] = s
		}
	}
	for name, value := range members(tree, "env") {
		if s, ok := value.(string); ok && name != "shellEnv" && name != "vars" && !blank(s) {
			exported[name] = s
		}
	}
	return exported
}
