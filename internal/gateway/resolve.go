package gateway

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
	return resolved
}

// InlineEnv returns what the config's own env block exports (config/env-vars.js):
// env.vars.NAME, then env.NAME, for non-blank strings. The gateway sets each only
// where its environment does not have it, and after references are substituted, so
// none of these can satisfy a reference.
func (r Resolved) InlineEnv() map[string]string {
	exported := map[string]string{}
	for name, value := range members(r.Tree, "env", "vars") {
		if s, ok := value.(string); ok && s != "" {
			exported[name] = s
		}
	}
	for name, value := range members(r.Tree, "env") {
		if s, ok := value.(string); ok && name != "shellEnv" && name != "vars" && !blank(s) {
			exported[name] = s
		}
	}
	return exported
}
