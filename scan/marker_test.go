package scan

import "testing"

func TestMarked(t *testing.T) {
	for text, want := range map[string]bool{
		"[redacted:OPENAI_API_KEY]":              true,
		"[redacted:github-pat:0123456789abcdef]": true,
		"${OPENAI_API_KEY}":                      true,
		"[redacted:":                             false,
		"[redacted:X] and more]":                 false,
		"$${OPENAI_API_KEY}":                     false,
		"${A}${B}":                               false,
		"swordfish":                              false,
		"":                                       false,
	} {
		if got := marked(text); got != want {
			t.Errorf("marked(%q) = %v", text, got)
		}
	}
}
