package scan

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"github.com/clawsecrets/clawsecrets/internal/gateway"
	"github.com/clawsecrets/clawsecrets/internal/rules"
)

// verdict is what a judge says of one string: which part of it is a secret.
type verdict struct {
	rule     string
	detector Detector
	from, to int
}

// judge decides which strings are secrets. It knows places and rules, not files.
type judge struct {
	rules *rules.Set
	paths *gateway.PathTable
	// judged remembers what the rules said: agents' stores are copies of one another.
	judged map[keyed][]verdict
}

type keyed struct{ key, text string }

func newJudge(options Options) *judge {
	return &judge{
		rules: rules.New(rules.Options{Config: options.Rules, GitleaksOnly: options.GitleaksOnly}), paths: gateway.NewPathTable(gateway.ClawdbotPaths()), judged: map[keyed][]verdict{},
	}
}

// config judges a string of the config. A known place makes the whole string a
// secret, whatever it looks like; a place that takes anything, and any other
// place, leaves it to the key's name and to the rules.
func (j *judge) config(path []string, text string) []verdict {
	if len(gateway.References(text)) > 0 {
		return outside(text, j.matches(lastKey(path), text))
	}
	place, known := j.paths.Find(path)
	if known && !place.Loose {
		return []verdict{j.whole(text, ByPath)}
	}
	if isVariable(path) {
		return j.variable(lastKey(path), text)
	}
	if key := lastKey(path); rules.SecretKey(key) && saysPassword(key) && !plausible(text) && isPassphrase(text) && !isQuestion(text) {
		return []verdict{j.whole(text, ByKey)}
	}
	return j.value(lastKey(path), text)
}

// isVariable reports whether a place of the config sets a variable: env.vars.X, env.X and
// skills.entries.x.env.X.
func isVariable(path []string) bool {
	last := len(path) - 1
	return last > 0 && (path[last-1] == "env" || path[last-1] == "vars" && last > 1 && path[last-2] == "env")
}

// saysPassword reports whether a key names what people think up, which may be a sentence.
func saysPassword(key string) bool {
	key = strings.ToLower(key)
	return strings.HasSuffix(key, "password") || strings.HasSuffix(key, "passphrase") || strings.HasSuffix(key, "passwd")
}

// isQuestion reports whether a text asks for a password, rather than being one.
func isQuestion(text string) bool { return strings.ContainsAny(text[len(text)-1:], "?:.") }

// value judges a string by the name of its key and by the rules.
func (j *judge) value(key, text string) []verdict {
	scheme := schemeLength(text)
	if marked(text[scheme:]) {
		return nil
	}
	if rules.SecretKey(key) && plausible(text) {
		v := j.whole(text[scheme:], ByKey)
		v.from, v.to = scheme, len(text)
		return []verdict{v}
	}
	if len(text) < shortestSecret {
		return nil
	}
	return j.matches(key, text)
}

// variable is value for a variable. One that promises a password may hold a sentence, where
// a key of JSON of that name may hold a question.
func (j *judge) variable(name, text string) []verdict {
	if rules.SecretKey(name) && !plausible(text) && isPassphrase(text) {
		return []verdict{j.whole(text, ByKey)}
	}
	return j.value(name, text)
}

// isPassphrase reports whether a text would be plausible but for its many spaces.
func isPassphrase(text string) bool {
	return strings.Contains(text, " ") && plausible(strings.ReplaceAll(text, " ", ""))
}

// shortestSecret is the length in bytes below which no rule finds anything.
const shortestSecret = 8

func (j *judge) matches(key, text string) []verdict {
	found, ok := j.judged[keyed{key, text}]
	if ok {
		return found
	}
	matches := j.rules.FindValue(key, text)
	slices.SortStableFunc(matches, func(a, b rules.Match) int { return cmp.Or(a.Start-b.Start, a.End-b.End, a.Rank-b.Rank) })
	for i, m := range matches {
		if i == 0 || m.Start != matches[i-1].Start || m.End != matches[i-1].End { // else the one before says more
			found = append(found, verdict{m.Rule, Detector(m.Detector), m.Start, m.End})
		}
	}
	j.judged[keyed{key, text}] = found
	return found
}

// whole says that all of text is a secret, under the name of the provider's rule
// where one recognises it.
func (j *judge) whole(text string, detector Detector) verdict {
	v := verdict{rule: "credential", detector: detector, to: len(text)}
	for _, m := range j.matches("", text) {
		if m.rule != "generic-api-key" && m.from == 0 && m.to == len(text) {
			v.rule = m.rule
		}
	}
	return v
}

// schemeLength returns how much of a header's value names the scheme: "Bearer ".
func schemeLength(text string) int {
	for _, scheme := range []string{"Bearer ", "Basic ", "Token ", "Bot "} {
		if len(text) > len(scheme) && strings.EqualFold(text[:len(scheme)], scheme) {
			return len(scheme)
		}
	}
	return 0
}

// plausible reports whether a string under a secret-like key can be a secret: it
// is not empty, no switch, number or path, no name of a variable, no prose.
func plausible(text string) bool {
	trimmed := strings.TrimSpace(text)
	switch {
	case strings.Contains(trimmed, "-----BEGIN "):
		return true
	case len(trimmed) < 4, strings.HasPrefix(trimmed, "/") && !isRandom(trimmed), strings.HasPrefix(trimmed, "~/"),
		strings.HasPrefix(trimmed, "./"), strings.HasPrefix(trimmed, "!"), strings.Contains(trimmed, "://"):
		return false
	case strings.Count(trimmed, " ") > 2:
		return false
	case strings.Contains(trimmed, "_") && gateway.IsName(trimmed):
		return false
	}
	switch strings.ToLower(trimmed) {
	case "true", "false", "none", "auto", "token", "password", "api_key", "api-key", "oauth", "optional", "required":
		return false
	}
	return strings.ContainsFunc(trimmed, unicode.IsLetter) || len(trimmed) >= 6
}

// isRandom reports whether a text with a slash before it is random bytes in base64, of which
// one in 64 begins so, and no path: letters of both cases and digits follow one another in no
// order, where a path has words.
func isRandom(text string) bool {
	const fewest = 16
	var upper, lower, digit, pairs, changes int
	last := 0
	for _, r := range strings.TrimRight(text, "=") {
		class := 0
		switch {
		case 'A' <= r && r <= 'Z':
			class, upper = 1, upper+1
		case 'a' <= r && r <= 'z':
			class, lower = 2, lower+1
		case '0' <= r && r <= '9':
			class, digit = 3, digit+1
		case r == '+':
			digit++
		case r != '/':
			return false
		}
		if class != 0 && last != 0 {
			pairs++
			if class != last {
				changes++
			}
		}
		last = class
	}
	mixed := upper > 0 && lower > 0 && (digit > 0 || strings.HasSuffix(text, "="))
	return len(text) >= fewest && mixed && 3*changes >= pairs && strings.Count(text, "/") <= max(2, len(text)/12)
}

// outside keeps the verdicts that touch no reference: what a reference stands for
// is not in the file.
func outside(text string, found []verdict) []verdict {
	var kept []verdict
	for _, v := range found {
		if len(gateway.References(text[v.from:v.to])) == 0 && !cutsReference(text, v.from) && !cutsReference(text, v.to) {
			kept = append(kept, v)
		}
	}
	return kept
}

// cutsReference reports whether at lies inside a ${...}.
func cutsReference(text string, at int) bool {
	open := strings.LastIndex(text[:at], "${")
	return open >= 0 && !strings.Contains(text[open:at], "}")
}

func lastKey(path []string) string {
	for i := len(path) - 1; i >= 0; i-- {
		if path[i] != "" && strings.Trim(path[i], "0123456789") != "" {
			return path[i]
		}
	}
	return ""
}
