package rules

import (
	"strings"
	"testing"
)

func TestWeak(t *testing.T) {
	g := newGenerator(11)
	for want, values := range map[Weakness][]string{
		Placeholder: {
			"change-me", "change-me-to-a-long-random-token", "change-me-now", "CHANGE_ME", "changeme", "changeit",
			"undefined", "null", "none", "your-api-key-here", "YOUR_API_KEY", "your-token", "sk-your-key",
			"<your-token>", "<token>", "[your token]", "{{ token }}", "x", "xxxx", "XXXXXXXX", "sk-xxxxxxxxxxxx",
			"xoxb-xxxx-xxxx", "xxx-xxx", "sk-...", "sk-ant-...", "sk-ant-api03-...", "...", "…", "sk-…", "TODO", "FIXME",
			"tbd", "example", "sample", "password", "Password", "secret", "test", "token", "dummy", "placeholder",
			"", "  ", "aaaaaaaaaaaaaaaaaaaaaaaa", "000000000000000000000000", "--------", "bot-token-here",
			"insert token", "put-your-key-here", "replace-me", "replace with your key", "true", "[object Object]",
			"AKIA" + "IOSFODNN7" + "EXAMPLE", "paste your token",
		},
		Redacted: {
			"***", "********", "••••••••", "__OPENCLAW_REDACTED__", "[redacted:CLAWDBOT_GATEWAY_TOKEN]",
			"[redacted:groq-api-key:0123456789abcdef]", "[REDACTED]", "<redacted>", "REDACTED", "***REDACTED***",
			"(redacted)", "abcdef…wxyz", "abcd…wxyz", "ab…yz", "sk-ant...abcd", "sk-a...abcd", "sk-ant-a...abcdefgh",
			"sk-****abcd", "abc***", "ghp_***************", "postgres://***",
			"-----BEGIN PRIVATE " + "KEY-----\n…redacted…\n-----END PRIVATE " + "KEY-----",
		},
		Short: {
			"hunter2", "123456", "letmein", "pässwörter12345678901", "p@ss", "my-custom-key", "!@#$%^&*()_+",
			"hello...world", "testing-tokens", "your mom is nice", "secret-token",
		},
		None: {
			g.matching(t, `[0-9a-f]{48}`), g.matching(t, `sk-ant-api03-[A-Za-z0-9_-]{93}AA`),
			"correct horse battery staple", "ääääääääääääöööööööööööö", "${CLAWDBOT_GATEWAY_TOKEN}",
			"over here we all live in one house", "insert coin to continue playing", "$CLAWDBOT_GATEWAY_TOKEN__",
			"a*b*c*d*e*f*g*h*i*j*k*l*m*n*o", "abcdefghijkl***mnopqrstuvwx", "this one goes on for long enough...",
		},
	} {
		for _, value := range values {
			if got := Weak(value, 24); got != want {
				t.Errorf("Weak(%q, 24) = %d (%s), want %d", value, got, got.Reason(), want)
			}
		}
	}
}

func TestWeakCountsCharacters(t *testing.T) {
	if got := Weak("äöüäöüäöü1", 10); got != None {
		t.Errorf("ten characters of at least ten are %s", got.Reason())
	}
	if got := Weak("äöüäöüäöü1", 11); got != Short {
		t.Error("ten characters of at least eleven are not short")
	}
	if got := Weak("hunter2", 0); got != None {
		t.Errorf("without a minimum, seven characters are %s", got.Reason())
	}
}

func TestReason(t *testing.T) {
	if None.Reason() != "" {
		t.Error("None has a reason")
	}
	seen := map[string]bool{}
	for _, w := range []Weakness{Placeholder, Redacted, Short} {
		if w.Reason() == "" || seen[w.Reason()] {
			t.Errorf("weakness %d has the reason %q", w, w.Reason())
		}
		seen[w.Reason()] = true
	}
}

// FuzzWeak: white space around a value changes no verdict on its content, and a
// value that a generator made is never taken for a placeholder.
func FuzzWeak(f *testing.F) {
	for _, value := range []string{"change-me", "a…b", "***", "\xff", "sk-..."} {
		f.Add(value, uint64(len(value)))
	}
	f.Fuzz(func(t *testing.T, value string, seed uint64) {
		if got, spaced := Weak(value, 0), Weak(" "+value+"\n", 0); got != spaced {
			t.Errorf("Weak(%q) = %d, with space around it %d", value, got, spaced)
		}
		random := newGenerator(seed).matching(t, `[A-Za-z0-9]{32,48}`)
		if got := Weak(random, 24); got != None && !strings.Contains(strings.ToLower(random), "xxxxxx") {
			t.Errorf("Weak(%q) = %s", random, got.Reason())
		}
	})
}
