package extract

import (
	"fmt"
	"regexp"
	"strings"
)

// patternsFor returns patterns that may mask a secret which a rule found in a log, the most
// telling first: by the rule, by how its issuer begins such tokens, by its length and
// characters. They say what such a secret looks like, and nothing of the one that
// was found. A word that looks like any other has none.
func patternsFor(rule, value string) []string {
	var patterns []string
	if pattern, ok := rulePatterns()[rule]; ok {
		patterns = append(patterns, pattern)
	}
	for _, shape := range tokenShapes() {
		if pattern := shape.pattern(); strings.HasPrefix(value, shape.prefix) && regexp.MustCompile(pattern).MatchString(value) {
			return append(patterns, pattern)
		}
	}
	if pattern := lengthPattern(value); pattern != "" {
		patterns = append(patterns, pattern)
	}
	return patterns
}

// rulePatterns returns, by rule, the pattern of a place where a secret stands, whatever it
// looks like, or of a token without a prefix.
func rulePatterns() map[string]string {
	return map[string]string{
		"discord-bot-token":    `\b([MNO][A-Za-z0-9]{23,25}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27,38})`,
		"url-query-token":      `[?&#](?:[a-z]+[_-]?)?(?:token|key|secret|passwo?r?d)=([^\s&#"'<>]+)`,
		"url-password":         `:\/\/[^\s\/:@"']*:([^\s\/@"']+)@`,
		"discord-webhook":      `webhooks\/\d{17,20}\/([A-Za-z0-9_-]{60,80})`,
		"authorization-header": `Authorization["']*\s*[:=]\s*["']*(?:Bearer|Bot|Token)\s+([A-Za-z0-9._~+\/=-]+)`,
		"basic-auth-header":    `Authorization["']*\s*[:=]\s*["']*Basic\s+([A-Za-z0-9+\/=]+)`,
		"api-key-header":       `\b(?:x-[a-z0-9-]*(?:key|token|secret)|xi-api-key|api-key|private-token)["']*\s*[:=]\s*["']*([A-Za-z0-9._~+\/=-]{16,})`,
	}
}

// tokenShape is how tokens of one issuer look: what all of them begin with, and of which
// characters the rest is made, and how many.
type tokenShape struct{ prefix, rest string }

func (s tokenShape) pattern() string { return `\b(` + regexp.QuoteMeta(s.prefix) + s.rest + `)` }

// tokenShapes returns the tokens that show by their beginning what they are and that none of
// the gateway's own patterns masks.
func tokenShapes() []tokenShape {
	const word, text, hex = `[A-Za-z0-9]{16,}`, `[A-Za-z0-9_-]{16,}`, `[0-9a-f]{24,}`
	return []tokenShape{
		{"AKIA", `[A-Z2-7]{16}`}, {"ASIA", `[A-Z2-7]{16}`}, {"IQoJ", `[A-Za-z0-9+/=]{90,}`}, {"FwoG", `[A-Za-z0-9+/=]{90,}`},
		{"ya29.", text}, {"1//0", text}, {"GOCSPX-", text}, {"AQ.Ab8RN6", text},
		{"gho_", word}, {"ghu_", word}, {"ghs_", word}, {"ghr_", word}, {"glpat-", text}, {"dckr_pat_", text},
		{"hf_", word}, {"api_org_", word}, {"r8_", word}, {"xai-", word}, {"nvapi-", text}, {"tgp_v1_", text}, {"csk-", word}, {"rt_", text},
		{"tvly-", text}, {"fc-", hex}, {"BSA", `[A-Za-z0-9_-]{24,}`}, {"ntn_", word}, {"secret_", word}, {"lin_api_", word}, {"figd_", text},
		{"sk_", word}, {"sk_live_", word}, {"sk_test_", word}, {"rk_live_", word}, {"rk_test_", word}, {"whsec_", word}, {"SG.", `[A-Za-z0-9_.-]{60,}`},
		{"syt_", text}, {"mat_", text}, {"mct_", text}, {"nsec1", `[a-z0-9]{58}`}, {"xoxc-", text}, {"xoxd-", `[A-Za-z0-9%+/=_-]{16,}`}, {"xoxe.", `[A-Za-z0-9.-]{16,}`},
		{"tskey-", text}, {"dop_v1_", hex}, {"doo_v1_", hex}, {"dor_v1_", hex}, {"glsa_", text}, {"ops_eyJ", text}, {"vcp_", text},
		{"eyJ", `[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]*`}, {"tid=", `[0-9a-f]{32};[^\s"']+`},
	}
}

// lengthPattern returns the pattern of texts as long as value, of the same characters in the
// same parts; "" where words, paths, the numbers of sessions or the names of commits look the
// same.
func lengthPattern(value string) string {
	const shortest = 24
	if len(value) < shortest || !strings.ContainsAny(value, "0123456789") {
		return ""
	}
	switch class := characters(value); {
	case class == hexDigits && (len(value) == 40 || len(value) == 64), class == urlSafe && len(value) == len("00000000-0000-0000-0000-000000000000"):
		return ""
	}
	if base64 := strings.TrimRight(value, "="); base64 != value && regexp.MustCompile(`^[A-Za-z0-9+/]+$`).MatchString(base64) {
		return fmt.Sprintf(`\b([A-Za-z0-9+/]{%d}={%d})`, len(base64), len(value)-len(base64))
	}
	var parts []string
	for part := range strings.SplitSeq(value, ".") {
		class := characters(part)
		if class == "" {
			return ""
		}
		if class != hexDigits && part != value {
			class = urlSafe // such tokens are mostly base64
		}
		parts = append(parts, fmt.Sprintf("%s{%d}", class, len(part)))
	}
	return `\b(` + strings.Join(parts, `\.`) + `)(?:[^A-Za-z0-9_-]|$)` // Go has no other way to look ahead
}

const hexDigits, urlSafe = `[0-9a-f]`, `[A-Za-z0-9_-]`

// characters returns the smallest of some classes that a text is made of, "" if it is of none
// or empty.
func characters(text string) string {
	for _, class := range []string{hexDigits, `[A-Za-z0-9]`, urlSafe} {
		if regexp.MustCompile(`^` + class + `+$`).MatchString(text) {
			return class
		}
	}
	return ""
}
