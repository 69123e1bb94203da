package gateway

import "strings"

// Segment is one piece of a config string: literal text, or a reference to a
// variable.
type Segment struct {
	Text string // the literal text; of an escaped reference, what it stands for
	Name string // the variable's name, "" for literal text
}

// Segments splits a config string as the product substitutes it
// (config/env-substitution.js): ${NAME} with NAME of [A-Z_][A-Z0-9_]* is a
// reference, $${NAME} stands for the text ${NAME}, everything else is itself.
func Segments(text string) []Segment {
	var segments []Segment
	var literal strings.Builder
	flush := func() {
		if literal.Len() > 0 {
			segments = append(segments, Segment{Text: literal.String()})
			literal.Reset()
		}
	}
	for i := 0; i < len(text); {
		rest := text[i:]
		if name, size := braced(rest, "$${"); size > 0 {
			literal.WriteString("${" + name + "}")
			i += size
			continue
		}
		if name, size := braced(rest, "${"); size > 0 {
			flush()
			segments = append(segments, Segment{Name: name})
			i += size
			continue
		}
		literal.WriteByte(text[i])
		i++
	}
	flush()
	return segments
}

// braced reads open NAME } at the start of text and returns the name and how
// many bytes it takes, or "" and 0.
func braced(text, open string) (name string, size int) {
	if !strings.HasPrefix(text, open) {
		return "", 0
	}
	end := strings.IndexByte(text[len(open):], '}')
	if end < 0 || !IsName(text[len(open):len(open)+end]) {
		return "", 0
	}
	return text[len(open) : len(open)+end], len(open) + end + 1
}

// IsName reports whether name is one that a reference can have.
func IsName(name string) bool {
	for i := range len(name) {
		c := name[i]
		if c != '_' && (c < 'A' || c > 'Z') && (i == 0 || c < '0' || c > '9') {
			return false
		}
	}
	return name != ""
}

// References returns the names that text refers to, in order, each once.
func References(text string) []string {
	var names []string
	seen := map[string]bool{}
	for _, segment := range Segments(text) {
		if segment.Name != "" && !seen[segment.Name] {
			seen[segment.Name] = true
			names = append(names, segment.Name)
		}
	}
	return names
}

// Substitute returns text with its references replaced. missing holds the names
// that lookup does not have or holds empty: one of those makes the product refuse
// its whole config.
func Substitute(text string, lookup func(name string) (string, bool)) (result string, missing []string) {
	if !strings.Contains(text, "$") {
		return text, nil
	}
	var b strings.Builder
	for _, segment := range Segments(text) {
		if segment.Name == "" {
			b.WriteString(segment.Text)
			continue
		}
		value, ok := lookup(segment.Name)
		if !ok || value == "" {
			missing = append(missing, segment.Name)
			continue
		}
		b.WriteString(value)
	}
	return b.String(), missing
}
