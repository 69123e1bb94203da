package extract

import (
	"regexp"
	"strings"
)

// defaultPatterns returns what the gateway masks in texts that it shows or logs where its
// config names no patterns of its own (DEFAULT_REDACT_PATTERNS of logging/redact.js). Those
// of the config replace them, they do not add to them.
func defaultPatterns() []string {
	return []string{
		`\b[A-Z0-9_]*(?:KEY|TOKEN|SECRET|PASSWORD|PASSWD)\b\s*[=:]\s*(["']?)([^\s"'\\]+)\1`,
		`"(?:apiKey|token|secret|password|passwd|accessToken|refreshToken)"\s*:\s*"([^"]+)"`,
		`--(?:api[-_]?key|token|secret|password|passwd)\s+(["']?)([^\s"']+)\1`,
		`Authorization\s*[:=]\s*Bearer\s+([A-Za-z0-9._\-+=]+)`,
		`\bBearer\s+([A-Za-z0-9._\-+=]{18,})\b`,
		`-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]+?-----END [A-Z ]*PRIVATE KEY-----`,
		`\b(sk-[A-Za-z0-9_-]{8,})\b`,
		`\b(ghp_[A-Za-z0-9]{20,})\b`,
		`\b(github_pat_[A-Za-z0-9_]{20,})\b`,
		`\b(xox[baprs]-[A-Za-z0-9-]{10,})\b`,
		`\b(xapp-[A-Za-z0-9-]{10,})\b`,
		`\b(gsk_[A-Za-z0-9_-]{10,})\b`,
		`\b(AIza[0-9A-Za-z\-_]{20,})\b`,
		`\b(pplx-[A-Za-z0-9_-]{10,})\b`,
		`\b(npm_[A-Za-z0-9]{10,})\b`,
		`\b(\d{6,}:[A-Za-z0-9_-]{20,})\b`,
	}
}

// redactor masks a text as the gateway does (redactText of logging/redact.js): each pattern
// in turn, of each match its last group. A pattern that only JavaScript can read is left
// out, so that it masks at most too little.
type redactor []*regexp.Regexp

func newRedactor(patterns []string) redactor {
	var r redactor
	for _, pattern := range patterns {
		if compiled, err := regexp.Compile(fromJavaScript(pattern)); err == nil && strings.TrimSpace(pattern) != "" {
			r = append(r, compiled)
		}
	}
	return r
}

// fromJavaScript returns a pattern of the config as Go reads it: /pattern/flags, or a
// pattern that takes capitals for small letters.
func fromJavaScript(pattern string) string {
	body, flags := pattern, "i"
	if end := strings.LastIndexByte(pattern, '/'); strings.HasPrefix(pattern, "/") && end > 1 && strings.Trim(pattern[end+1:], "gimsuy") == "" {
		body, flags = pattern[1:end], strings.Trim(pattern[end+1:], "guy")
	}
	for _, word := range []string{`[^\s"'\\]+`, `[^\s"']+`} { // Go has no \1
		body = strings.ReplaceAll(body, `(["']?)(`+word+`)\1`, `(?:"(`+word+`)"|'(`+word+`)'|(`+word+`))`)
	}
	if flags != "" {
		body = "(?" + flags + ")" + body
	}
	return body
}

// hides reports whether a value is masked in a text where before and after stand around it.
func (r redactor) hides(before, value, after string) bool {
	if i := strings.LastIndex(before, value); i >= 0 {
		before = before[i+len(value):]
	}
	after, _, _ = strings.Cut(after, value)
	text := before + value + after
	for _, pattern := range r {
		text = mask(text, pattern)
	}
	return !strings.Contains(text, value)
}

// mask masks what one pattern matches.
func mask(text string, pattern *regexp.Regexp) string {
	var b strings.Builder
	done := 0
	for _, at := range pattern.FindAllStringSubmatchIndex(text, -1) {
		from, to := at[0], at[1]
		for i := 2; i < len(at); i += 2 {
			if at[i] >= 0 && at[i] < at[i+1] {
				from, to = at[i], at[i+1]
			}
		}
		// The gateway replaces the first text within the match that equals the group.
		first := at[0] + strings.Index(text[at[0]:at[1]], text[from:to])
		b.WriteString(text[done:first] + "***")
		done = first + to - from
	}
	return b.String() + text[done:]
}
