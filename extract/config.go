package extract

import (
	"slices"
	"strings"

	"github.com/clawsecrets/clawsecrets/internal/gateway"
	"github.com/clawsecrets/clawsecrets/internal/json5"
	"github.com/clawsecrets/clawsecrets/internal/secret"
	"github.com/clawsecrets/clawsecrets/scan"
)

// config plans the secrets in config strings: each becomes a reference. Secrets in
// one string are taken together, since a string is edited once.
func (p *planner) config() {
	for _, group := range p.configStrings() {
		leaf := group[0].Leaf
		if escaped(leaf.Node) && len(group) == 1 {
			group[0] = wholeString(group[0])
		}
		switch {
		case unwritable(leaf.File) != "":
			p.keepGroup(group, unwritable(leaf.File))
		case group[0].Node.HasLoneSurrogate():
			p.keepGroup(group, "the string holds half a character and could not be written back")
		case !restorable(leaf.Node, group):
			p.keepGroup(group, "its escapes are written in a way that an undo could not restore")
		default:
			p.configString(leaf, group)
		}
	}
}

// configStrings groups the findings that would move by the string they stand in.
func (p *planner) configStrings() [][]*scan.Finding {
	var groups [][]*scan.Finding
	index := map[*gateway.Leaf]int{}
	for _, f := range p.result.Findings {
		if f.Leaf == nil || f.Action != scan.Extract || f.Detector == scan.Weak {
			continue
		}
		i, ok := index[f.Leaf]
		if !ok {
			i = len(groups)
			index[f.Leaf] = i
			groups = append(groups, nil)
		}
		groups[i] = append(groups[i], f)
	}
	return groups
}

// unwritable says why a file cannot be written, "" if it can.
func unwritable(file *gateway.File) string {
	switch {
	case file.Outside():
		return "the file lies outside the state directory"
	case file.Snapshot.Links > 1:
		return "the file has a second name (a hard link), which would keep the old contents"
	}
	return ""
}

// wholeString widens a finding to all of its string: a part of one that is written
// with escapes could not be put back byte for byte.
func wholeString(f *scan.Finding) *scan.Finding {
	f.From, f.To = 0, len(f.Node.Text())
	f.Value = secret.New(f.Node.Text())
	return f
}

func (p *planner) keepGroup(group []*scan.Finding, why string) {
	for _, f := range group {
		p.keep(f, "%s", why)
	}
}

// configString plans one string.
func (p *planner) configString(leaf *gateway.Leaf, group []*scan.Finding) {
	place, _ := p.paths.Find(leaf.Path)
	if len(group) == 1 && group[0].Whole() && p.providerKey(leaf, group[0]) {
		return
	}
	slices.SortFunc(group, func(a, b *scan.Finding) int { return a.From - b.From })
	text, done := "", 0
	for i, f := range group {
		if f.From < done {
			p.keepGroup(group[i:], "it overlaps another secret in the same string")
			break
		}
		if endsWithDollar(leaf.Text[:f.From]) {
			p.keep(f, "it stands behind a dollar sign, where a reference would be an escaped one")
			continue
		}
		value := resolvedText(leaf.Text[f.From:f.To])
		if why := p.unwritable(value); why != "" {
			p.keep(f, "%s", why)
			continue
		}
		name := p.names.choose(p.roleOf(f, place), value)
		text += leaf.Text[done:f.From] + "${" + name + "}"
		done = f.To
		p.move(f, name, value, "${"+name+"}")
	}
	if done > 0 {
		p.edit(leaf.File).add(leaf.Node.SetString(text + leaf.Text[done:]))
	}
}

// endsWithDollar: a reference right behind a dollar sign would read as an escaped one.
func endsWithDollar(text string) bool { return strings.HasSuffix(text, "$") }

// resolvedText returns what the gateway makes of config text that holds no
// reference: escaped references stand for themselves.
func resolvedText(text string) secret.Value {
	resolved, _ := gateway.Substitute(text, func(string) (string, bool) { return "", false })
	return secret.New(resolved)
}

// providerKey plans models.providers.<id>.apiKey of a provider that has a variable:
// the key goes from the config altogether, since only then does the gateway write
// the variable's name into its generated models.json and not the key.
func (p *planner) providerKey(leaf *gateway.Leaf, f *scan.Finding) bool {
	provider, ok := providerOf(leaf)
	name := gateway.APIKeyVariable(provider)
	if !ok || name == "" || !leaf.Live || p.overriddenTwin(leaf) || p.shadowedByEnv(provider, name) {
		return false
	}
	object, index, ok := memberOf(leaf.Node)
	value := resolvedText(leaf.Text)
	if !ok || !removable(object, index) || p.unwritable(value) != "" || p.names.claim(name, value) != "" {
		return false
	}
	p.edit(leaf.File).remove(object, index)
	p.ignore = append(p.ignore, leaf.Path)
	p.move(f, name, value, "removed: the gateway reads "+name+" itself")
	return true
}

func providerOf(leaf *gateway.Leaf) (provider string, ok bool) {
	path := leaf.Path
	if len(path) == 4 && path[0] == "models" && path[1] == "providers" && path[3] == "apiKey" {
		return path[2], true
	}
	return "", false
}

// overriddenTwin reports whether a value lies under this one, in a duplicate key or
// an include: it would come to light if this one went.
func (p *planner) overriddenTwin(leaf *gateway.Leaf) bool {
	return slices.ContainsFunc(p.result.Config.Leaves, func(other *gateway.Leaf) bool {
		return other != leaf && slices.Equal(other.Path, leaf.Path)
	})
}

// shadowedByEnv reports whether the gateway would read another variable of the
// provider before name.
func (p *planner) shadowedByEnv(provider, name string) bool {
	for _, earlier := range gateway.ProviderVariables(provider) {
		if earlier == name {
			return false
		}
		if p.result.Env.Has(earlier) || p.result.Resolved.InlineEnv()[earlier] != "" {
			return true
		}
	}
	return false
}

// memberOf returns the object that a node is a member of, and its index there.
func memberOf(node json5.Node) (object json5.Node, index int, ok bool) {
	object, index, ok = node.Parent()
	return object, index, ok && object.Kind() == json5.Object
}
