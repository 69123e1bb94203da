package extract

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/clawsecrets/clawsecrets/internal/gateway"
	"github.com/clawsecrets/clawsecrets/internal/json5"
	"github.com/clawsecrets/clawsecrets/internal/secret"
	"github.com/clawsecrets/clawsecrets/scan"
)

// profiles plans the auth stores of all agents together, provider by provider:
// agents inherit from one another, and a variable serves all of them at once.
//
// The gateway sends an api_key profile's text as it is, so no reference can stand
// there. The key moves to the variable that the gateway reads for the provider,
// and the profile goes, because a profile beats a variable. That leaves the
// gateway's choice the same only where there is no choice: one key, for every
// agent.
func (p *planner) profiles() {
	for _, provider := range p.providers() {
		candidates := p.profilesOf(provider)
		if why := p.provider(provider, candidates); why != "" {
			for _, c := range candidates {
				p.keepProfile(c, why)
			}
		}
	}
	p.keepOthers()
}

// candidate is a profile in the store of one agent.
type candidate struct {
	agent   *gateway.Agent
	profile gateway.Profile
}

// providers returns the providers that have an api_key profile, sorted.
func (p *planner) providers() []string {
	found := map[string]bool{}
	for _, agent := range p.result.Agents {
		for _, profile := range agent.Profiles {
			if profile.Type == "api_key" {
				found[profile.Provider] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(found))
}

// profilesOf returns every agent's api_key profiles of a provider.
func (p *planner) profilesOf(provider string) []candidate {
	var found []candidate
	for _, agent := range p.result.Agents {
		for _, profile := range agent.Profiles {
			if profile.Type == "api_key" && profile.Provider == provider {
				found = append(found, candidate{agent, profile})
			}
		}
	}
	return found
}

// provider plans one provider, or says why its profiles are kept.
func (p *planner) provider(provider string, candidates []candidate) (why string) {
	value := candidates[0].profile.Value
	for _, check := range []func(string, []candidate, secret.Value) string{p.writable, p.onlyKey, p.everyAgent, p.unnamed} {
		if why = check(provider, candidates, value); why != "" {
			return why
		}
	}
	name, with, why := p.destination(provider, value)
	if why != "" {
		return why
	}
	for _, c := range candidates {
		f := p.profileFinding(c)
		if f == nil || p.decided[f] { // decided: two agents share one store by a link
			continue
		}
		p.removeProfile(c)
		p.move(f, name, value, with)
	}
	p.removeMentions(candidates)
	return ""
}

// writable: the stores and the value can be written.
func (p *planner) writable(_ string, candidates []candidate, value secret.Value) string {
	for _, c := range candidates {
		f := p.profileFinding(c)
		switch {
		case unwritable(c.agent.Store) != "":
			return unwritable(c.agent.Store)
		case f == nil || f.Action != scan.Extract:
			return "its key is no secret that could move"
		case !f.Whole() || !restorable(f.Node, []*scan.Finding{f}):
			return "its key is written in a way that an undo could not restore"
		case twice(c):
			return "the store has this profile twice, and the earlier one would come to light"
		case p.otherSecrets(c, f):
			return "the profile holds another secret beside its key"
		case !onlyStrings(c.profile.Node, "type", "provider", "key", "email"):
			return "the profile holds more than the gateway knows, and would go with it"
		}
	}
	if strings.TrimSpace(value.Reveal()) != value.Reveal() {
		return "its key has white space around it, which the gateway would drop from a variable"
	}
	return p.unwritable(value)
}

// twice reports whether a store has another profile of the same name.
func twice(c candidate) bool {
	object, index, ok := memberOf(c.profile.Node)
	if !ok {
		return true
	}
	members := object.Members()
	return slices.ContainsFunc(members, func(m json5.Member) bool { return m.Shadowed && m.Name == members[index].Name })
}

// onlyKey: no agent has anything else to send to the provider.
func (p *planner) onlyKey(provider string, candidates []candidate, value secret.Value) string {
	for _, agent := range p.result.Agents {
		for _, profile := range gateway.Usable(p.result.Agents, agent, provider) {
			if profile.Type != "api_key" {
				return fmt.Sprintf("%s also has the %s profile %s, and the gateway falls back from one to the other only while both are profiles", provider, profile.Type, profile.ID)
			}
			if !profile.Value.Equal(value) {
				return provider + " has several keys and the gateway takes turns between them: one variable can hold only one"
			}
		}
	}
	for _, c := range candidates {
		if !c.profile.Value.Equal(value) {
			return provider + " has several keys and the gateway takes turns between them: one variable can hold only one"
		}
	}
	return ""
}

// everyAgent: a variable is seen by all agents, so all must have the key already,
// and the gateway must be using it.
func (p *planner) everyAgent(provider string, _ []candidate, value secret.Value) string {
	for _, agent := range p.result.Agents {
		usable := gateway.Usable(p.result.Agents, agent, provider)
		chosen := gateway.InOrder(p.result.Agents, agent, provider, p.result.Resolved, usable)
		switch {
		case len(usable) == 0:
			return "agent " + agent.ID + " has no key for " + provider + ", and a variable would give it this one"
		case len(chosen) == 0:
			return "the order of profiles in auth leaves it out, and a variable would be used all the same"
		}
	}
	if text, _ := gateway.Lookup(p.result.Resolved.Tree, "models", "providers", provider, "auth").(string); text == "aws-sdk" {
		return "models.providers." + provider + ".auth makes the gateway use AWS credentials instead"
	}
	return ""
}

// unnamed: nothing in the config asks for the profile by its name.
func (p *planner) unnamed(_ string, candidates []candidate, _ secret.Value) string {
	for _, leaf := range p.result.Config.Leaves {
		if len(leaf.Path) > 0 && leaf.Path[0] == "auth" {
			continue
		}
		for _, c := range candidates {
			if leaf.Text == c.profile.ID {
				return leaf.Pattern() + " asks for this profile by name"
			}
		}
	}
	return ""
}

// destination decides where a provider's key goes.
func (p *planner) destination(provider string, value secret.Value) (name, with, why string) {
	name = gateway.APIKeyVariable(provider)
	if name == "" {
		return p.customProvider(provider, value)
	}
	if p.shadowedByEnv(provider, name) {
		return "", "", gateway.ProviderVariables(provider)[0] + " is set, which the gateway reads before " + name
	}
	if why = p.names.claim(name, value); why != "" {
		return "", "", why
	}
	return name, "removed: the gateway reads " + name + " itself", ""
}

// customProvider plans a provider without a variable: its key can go to
// models.providers.<id>.apiKey, where the config has a block for it.
func (p *planner) customProvider(provider string, value secret.Value) (name, with, why string) {
	id, block, file := p.providerBlock(provider)
	if file == nil {
		return "", "", "the gateway reads no variable for " + provider + ", and the config has no models.providers block that could hold a reference"
	}
	path := []string{"models", "providers", id, "apiKey"}
	if present, _ := gateway.Lookup(p.result.Resolved.Tree, path...).(string); present != "" {
		if present != value.Reveal() {
			return "", "", strings.Join(path, ".") + " holds another key"
		}
		return p.names.choose(role{own: nameOf(p.publicPath(path, json5.Node{}))}, value), "removed: " + strings.Join(path, ".") + " has it too", ""
	}
	name = p.names.choose(role{own: nameOf(p.publicPath(path, json5.Node{}))}, value)
	p.edit(file).add(block.InsertMember("apiKey", `"${`+name+`}"`))
	p.ignore = append(p.ignore, path)
	return name, "moved to " + strings.Join(path, ".") + ` as "${` + name + `}"`, ""
}

// providerBlock finds the object of a provider in a config file that can be
// written, by its baseUrl, which the schema requires.
func (p *planner) providerBlock(provider string) (id string, block json5.Node, file *gateway.File) {
	for _, leaf := range p.result.Config.Leaves {
		path := leaf.Path
		if !leaf.Live || unwritable(leaf.File) != "" || len(path) != 4 || path[0] != "models" || path[1] != "providers" ||
			path[3] != "baseUrl" || gateway.ProviderID(path[2]) != provider {
			continue
		}
		if object, _, ok := memberOf(leaf.Node); ok {
			return path[2], object, leaf.File
		}
	}
	return "", json5.Node{}, nil
}

// profileFinding returns the finding of a profile's key.
func (p *planner) profileFinding(c candidate) *scan.Finding {
	for _, f := range p.result.Findings {
		if f.File == c.agent.Store && f.Detector != scan.Weak && within(f.Node, c.profile.Node) && strings.HasSuffix(f.Pointer, "/key") {
			return f
		}
	}
	return nil
}

func (p *planner) otherSecrets(c candidate, key *scan.Finding) bool {
	known := slices.Concat(p.result.Findings, p.result.LeftOut)
	return slices.ContainsFunc(known, func(f *scan.Finding) bool {
		return f != key && f.File == c.agent.Store && f.Detector != scan.Weak && within(f.Node, c.profile.Node)
	})
}

func within(node, object json5.Node) bool {
	return node.Start() >= object.Start() && node.End() <= object.End()
}

func (p *planner) keepProfile(c candidate, why string) {
	if f := p.profileFinding(c); f != nil {
		p.keep(f, "%s", why)
	}
}

// keepOthers keeps what the stores hold besides api keys.
func (p *planner) keepOthers() {
	for _, f := range p.result.Findings {
		if f.File.Surface != "auth-profile" || p.decided[f] || f.Detector == scan.Weak {
			continue
		}
		switch {
		case f.Note != "":
			p.keep(f, "%s", f.Note)
		case filepath.Base(f.File.Path) == "auth.json":
			p.keep(f, "an old store: the gateway takes it over and deletes it at its next start; extract again then")
		case strings.HasSuffix(f.Pointer, "/token"):
			p.keep(f, "a token profile: the gateway tracks its expiry here and expands no ${VAR}")
		case strings.HasSuffix(f.Pointer, "/key"):
			p.keep(f, "the gateway does not use this profile")
		default:
			p.keep(f, "an OAuth profile: the gateway refreshes and rewrites it here")
		}
	}
}
