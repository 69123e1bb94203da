package scan

import (
	"slices"
	"strings"
	"unicode"

	"github.com/clawsecrets/clawsecrets/internal/gateway"
	"github.com/clawsecrets/clawsecrets/internal/rules"
)

// known returns the values to find in all other places too: those that were found by their
// place or name, also what the options leave out, those that services set, and those that
// the caller knows.
func (p *places) known() []rules.Known {
	var known []rules.Known
	taken := map[string]bool{}
	add := func(rule, value string) {
		if !taken[value] && tellTale(value) {
			taken[value] = true
			known = append(known, rules.Known{Rule: rule, Value: value})
		}
	}
	for _, f := range slices.Concat(p.result.Findings, p.result.LeftOut) {
		if f.Detector != Weak && !f.isFile() {
			add(f.Rule, f.Value.Reveal())
		}
	}
	if p.result.View == nil {
		return nil // a scan of paths: the rules alone tell
	}
	for _, value := range p.result.serviceSecrets() {
		add("credential", value)
	}
	for _, k := range p.options.Known {
		add(k.Rule, k.Value)
	}
	return known
}

// tellTale reports whether a value is so much of its own that it means the secret wherever
// it stands: no placeholder, and no word.
func tellTale(value string) bool {
	const longWord = 16
	return rules.Weak(value, 0) == rules.None && len(gateway.References(value)) == 0 &&
		(len(value) >= longWord || strings.ContainsFunc(value, func(r rune) bool { return !unicode.IsLetter(r) }))
}
