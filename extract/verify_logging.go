package extract

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/clawsecrets/clawsecrets/internal/gateway"
	"github.com/clawsecrets/clawsecrets/scan"
)

// logging checks whether the gateway masks secrets in what it shows and logs, and whether
// its patterns know those that lie in its logs. It warns: the settings keep secrets out of
// logs that are still to be written.
func (v *verifier) logging() error {
	tree := v.scanned.Resolved.Tree
	edits := newSettingEdits(v.scanned)
	if gateway.Lookup(tree, "logging", "redactSensitive") == "off" {
		v.warnSetting(`logging.redactSensitive is "off": the gateway shows and logs secrets as they are`,
			`set logging.redactSensitive to "tools"`, edits.setMode("tools"))
	}
	patterns := stringsOf(gateway.Lookup(tree, "logging", "redactPatterns"))
	fresh, rules, shapeless := v.missingPatterns(patterns)
	if len(fresh) > 0 {
		all := append(slices.Clone(orDefault(patterns)), fresh...)
		v.warnSetting("logs hold secrets that none of the gateway's patterns masks: "+strings.Join(rules, ", "),
			"set logging.redactPatterns to "+jsonText(all), edits.addPatterns(patterns, fresh))
	}
	for _, f := range shapeless {
		v.problem(Problem{
			Where: where(f), What: "a log holds a secret that no pattern can tell from other text: " + f.Rule,
			Do: "rotate it: the gateway would log it again", Warning: true,
		})
	}
	var err error
	v.result.Settings, err = edits.changes()
	return err
}

// warnSetting warns of a setting of the config; fixed says that FixSettings can write it.
func (v *verifier) warnSetting(what, do string, fixed bool) {
	home := v.scanned.View.Home
	p := Problem{Where: home.Rel(home.ConfigPath), What: what, Do: do, Warning: true}
	if fixed {
		p.Command, p.Do = []string{"clawsecrets", "verify", "--fix"}, "or "+do
	}
	v.problem(p)
}

// orDefault returns the patterns that the gateway masks by.
func orDefault(patterns []string) []string {
	if len(patterns) == 0 {
		return defaultPatterns()
	}
	return patterns
}

// missingPatterns returns patterns for what was found in logs and is masked by none, and the
// rules that found it, each once; and, one for each rule, what no pattern masks.
func (v *verifier) missingPatterns(patterns []string) (fresh, rules []string, shapeless []*scan.Finding) {
	masks := newRedactor(orDefault(patterns))
	contexts := newLogContexts()
	for _, f := range v.scanned.Findings {
		before, after, ok := contexts.around(f)
		if !ok && !encodedInLog(f) || ok && masks.hides(before, f.Value.Reveal(), after) {
			continue
		}
		pattern, found := "", false
		if ok {
			pattern, found = patternFor(f, before, after)
		}
		switch {
		case found:
			masks = append(masks, newRedactor([]string{pattern})...)
			fresh = append(fresh, pattern)
			if !slices.Contains(rules, f.Rule) {
				rules = append(rules, f.Rule)
			}
		case !slices.ContainsFunc(shapeless, func(other *scan.Finding) bool { return other.Rule == f.Rule }):
			shapeless = append(shapeless, f)
		}
	}
	return fresh, rules, shapeless
}

// patternFor returns a pattern that masks a finding where it stands.
func patternFor(f *scan.Finding, before, after string) (pattern string, found bool) {
	for _, pattern := range patternsFor(f.Rule, f.Value.Reveal()) {
		if newRedactor([]string{pattern}).hides(before, f.Value.Reveal(), after) {
			return pattern, true
		}
	}
	return "", false
}

// jsonText returns strings as a JSON array on one line, with <, > and & as they are.
func jsonText(list []string) string {
	var b strings.Builder
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(list) // of strings, cannot fail
	return strings.TrimSuffix(b.String(), "\n")
}

// stringsOf returns the strings of a list of the config.
func stringsOf(list any) []string {
	var found []string
	items, _ := list.([]any)
	for _, item := range items {
		found = append(found, fmt.Sprint(item))
	}
	return found
}
