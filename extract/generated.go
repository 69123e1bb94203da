package extract

import (
	"maps"
	"slices"
	"strings"

	"github.com/clawsecrets/clawsecrets/internal/gateway"
	"github.com/clawsecrets/clawsecrets/internal/secret"
	"github.com/clawsecrets/clawsecrets/scan"
)

// generated plans the agents' models.json: the gateway generates it from config
// and profiles and keeps old entries, so a key that moves is cleared there too. Of
// a provider with a variable the file gets the variable's name, as the gateway
// would write it; of any other the key goes and comes back with the next run.
func (p *planner) generated() {
	moved, referred := p.movedValues(), p.referredValues()
	for _, f := range p.result.Findings {
		if f.File.Surface != "generated" || f.Detector == scan.Weak || unwritable(f.File) != "" {
			continue
		}
		provider, isKey := generatedKey(f)
		name := moved[f.Value.Reveal()]
		if name == "" {
			name = p.heldFor(provider, f.Value)
		}
		if name == "" {
			name = referred[f.Value.Reveal()]
		}
		switch {
		case name == "":
			continue // rest says that it is in no place that moves
		case !isKey || !f.Whole() || !restorable(f.Node, []*scan.Finding{f}):
			p.keep(f, "the gateway writes it here in clear from the config: a header has no other form")
		case gateway.APIKeyVariable(provider) == name:
			p.edit(f.File).add(f.Node.SetString(name))
			p.move(f, name, f.Value, name+", as the gateway itself writes it here")
		default:
			object, index, ok := memberOf(f.Node)
			if !ok || !removable(object, index) {
				continue
			}
			p.edit(f.File).remove(object, index)
			p.move(f, name, f.Value, "removed; the gateway writes it here again when an agent runs")
			p.note("the key of provider " + provider + " comes back in clear in " + f.File.Rel + " whenever an agent runs: Clawdbot has no other form for a provider of your own")
		}
	}
}

// generatedKey returns the provider whose apiKey a finding in models.json is.
func generatedKey(f *scan.Finding) (provider string, ok bool) {
	tokens := strings.Split(f.Pointer, "/")
	if len(tokens) == 4 && tokens[1] == "providers" && tokens[3] == "apiKey" {
		return strings.NewReplacer("~1", "/", "~0", "~").Replace(tokens[2]), true
	}
	return "", false
}

// movedValues returns the variables that the moves of this plan fill, by value.
func (p *planner) movedValues() map[string]string {
	names := map[string]string{}
	for _, m := range slices.Backward(p.Moves) {
		names[m.Value.Reveal()] = m.Name
	}
	return names
}

// heldFor returns a provider's own variable where the .env holds it with a value: an
// earlier run moved it there.
func (p *planner) heldFor(provider string, value secret.Value) string {
	name := gateway.APIKeyVariable(provider)
	if held, ok := p.result.Env.Dotenv.Get(name); ok && secret.New(held).Equal(value) {
		return name
	}
	return ""
}

// referredValues returns the variables that the config refers to and the .env holds,
// by value: what an earlier run moved.
func (p *planner) referredValues() map[string]string {
	names := map[string]string{}
	for _, name := range slices.Backward(slices.Sorted(maps.Keys(p.result.References))) {
		if held, ok := p.result.Env.Dotenv.Get(name); ok {
			names[held] = name
		}
	}
	return names
}

func (p *planner) note(text string) {
	if !slices.Contains(p.Notes, text) {
		p.Notes = append(p.Notes, text)
	}
}
