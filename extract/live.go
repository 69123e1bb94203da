package extract

import (
	"github.com/clawsecrets/clawsecrets/internal/gateway"
	"github.com/clawsecrets/clawsecrets/internal/json5"
	"github.com/clawsecrets/clawsecrets/scan"
)

// liveNames returns the variable of each value that the .env will hold: of several the
// first by name, so that every run chooses the same.
func (p *planner) liveNames() map[string]string {
	p.held = map[string]string{}
	for _, entry := range p.result.Env.Dotenv.Entries() {
		p.held[entry.Name] = entry.Value
	}
	for _, m := range p.Moves {
		p.held[m.Name] = m.Value.Reveal()
	}
	names := map[string]string{}
	for name, value := range p.held {
		if other, ok := names[value]; value != "" && (!ok || name < other) {
			names[value] = name
		}
	}
	p.namesByPath()
	p.firstRule = map[string]string{}
	for _, f := range p.result.Findings {
		if _, ok := p.firstRule[f.Value.Reveal()]; !ok && f.Detector != scan.Weak {
			p.firstRule[f.Value.Reveal()] = f.Rule
		}
	}
	return names
}

// namesByPath notes which variable stands, or will stand, alone at each config path.
func (p *planner) namesByPath() {
	p.nameByPath = map[string]string{}
	if p.result.Config == nil {
		return
	}
	for _, leaf := range p.result.Config.Leaves {
		if names := gateway.References(leaf.Text); len(names) == 1 && leaf.Text == "${"+names[0]+"}" {
			p.nameByPath[pointerTo(leaf.Path)] = names[0]
		}
	}
	for _, m := range p.Moves {
		if leaf := m.Finding.Leaf; leaf != nil {
			p.nameByPath[pointerTo(leaf.Path)] = m.Name
		}
	}
}

func pointerTo(tokens []string) string {
	pointer := ""
	for _, token := range tokens {
		pointer += "/" + json5.EscapePointer(token)
	}
	return pointer
}
