package scan_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/clawsecrets/clawsecrets/internal/fixture"
	"github.com/clawsecrets/clawsecrets/internal/json5"
	"github.com/clawsecrets/clawsecrets/internal/rules"
	"github.com/clawsecrets/clawsecrets/scan"
)

// named returns the parts of a name that are secret.
func named(search *scan.NameSearch, name string) []string {
	var parts []string
	for _, span := range search.Find(name) {
		parts = append(parts, name[span.From:span.To])
	}
	return parts
}

// The rules find a token wherever a name ends a word.
func TestNameSearchByRules(t *testing.T) {
	search := scan.NewNameSearch(rules.New(rules.Options{}))
	for _, kind := range []string{"github", "anthropic", "openai", "telegram", "jwt", "slack-bot", "google"} {
		token := fixture.Secret(4, kind, "name")
		for _, around := range []string{"@", "misc/@.md", "misc/@", "@/notes.md", "/@/apiKey", "/skills/@", "skills.entries.@.apiKey", "x-@.sqlite", "@/12/0/key", `dir\@\x`, "env.@"} {
			if kind == "telegram" && strings.HasPrefix(around, "x-") {
				continue // its digits must not follow a hyphen
			}
			name := strings.ReplaceAll(around, "@", token)
			if got := named(search, name); !slices.Contains(got, token) {
				t.Errorf("%s in %s: got %d parts", kind, around, len(got))
			}
		}
	}
	webhook := "https://hooks.slack.com/services/T" + strings.ToUpper(fixture.Secret(4, "hex", "team"))[:10] + "/B" + strings.ToUpper(fixture.Secret(4, "hex", "bot"))[:10] + "/" + fixture.Secret(4, "hex", "hook")[:24]
	if got := named(search, "/urls/"+json5.EscapePointer(webhook)+"/name"); len(got) != 1 || !strings.Contains(got[0], "~1services~1") {
		t.Errorf("a URL in a pointer: got %d parts", len(got))
	}
}

// A value is found from a length on, unless it is a word or a placeholder.
func TestNameSearchByValue(t *testing.T) {
	for _, test := range []struct {
		value, name string
		want        bool
	}{
		{"hunter22!", "misc/hunter22!.md", true},
		{"hunter22!", "myhunter22!x", true},
		{"a/b~c1234", "/keys/a~1b~0c1234/x", true},
		{"a/b~c1234", "keys/a/b~c1234", true},
		{"hunter2", "misc/hunter2.md", false},
		{"anthropic", "anthropic.json", false},
		{"YOUR_API_KEY", "YOUR_API_KEY.md", false},
		{"hunter22!", "misc/hunter22.md", false},
		{"", "misc", false},
	} {
		search := scan.NewNameSearch(rules.New(rules.Options{}), test.value, test.value)
		if got := named(search, test.name); (len(got) == 1) != test.want || len(got) > 1 {
			t.Errorf("%s in %s: got %q", test.value, test.name, got)
		}
	}
}

// What gateways and people call things is no secret.
func TestNameSearchLeavesNames(t *testing.T) {
	search := scan.NewNameSearch(rules.New(rules.Options{}))
	for _, name := range []string{
		"agents/main/sessions/0f8e7c66-1d5b-4f0a-9d3c-3f1e2d4c5b6a.jsonl", "agents/main/agent/auth-profiles.json", "clawdbot.json.bak.3",
		"credentials/whatsapp/default/app-state-sync-key-AAAAAHXz.json", "/profiles/openai:default/key", "chunks/12/5/text",
		"models.providers.litellm.headers.X-Tenant-Key", "channels.telegram.accounts.alerts.botToken", "identity/device-auth.json",
		"workspace/src/commit-da39a3ee5e6b4b0d3255bfef95601890afd80709.patch", "/tokens/operator/token", "media/inbound/1737264000000-photo.jpg",
		"browser/clawd/user-data/", "ANTHROPIC_API_KEY", "clawsecrets/receipt.json", "agent:main:telegram:group:-1001234567890",
	} {
		if got := named(search, name); got != nil {
			t.Errorf("%s: got %q", name, got)
		}
	}
}

// Spans lie in the name, in order, and hold every known value that stands in it.
func FuzzNameSearch(f *testing.F) {
	value := fixture.Secret(4, "vendor", "fuzz")
	for _, seed := range []string{"", "a/b", "~0~1/~", "/a~1" + value, value + value, "é.\xff/" + value[:20]} {
		f.Add(seed, "/x")
	}
	set := rules.New(rules.Options{})
	f.Fuzz(func(t *testing.T, before, after string) {
		name, from := before+value+after, 0
		found := false
		for _, span := range scan.NewNameSearch(set, value).Find(name) {
			if span.From < from || span.From >= span.To || span.To > len(name) {
				t.Fatalf("%q: %v", name, span)
			}
			from = span.From
			found = found || span == scan.Span{From: len(before), To: len(before) + len(value)}
		}
		if !found {
			t.Errorf("%q: the value is not found", name)
		}
	})
}

func BenchmarkNameSearch(b *testing.B) {
	set := rules.New(rules.Options{})
	set.Find("x")
	values := make([]string, 1000)
	for i := range values {
		values[i] = fixture.Secret(uint64(i), "vendor", "bench")
	}
	name := "agents/main/sessions/0f8e7c66-1d5b-4f0a-9d3c-3f1e2d4c5b6a.jsonl"
	known := scan.NewNameSearch(set, values...)
	for i := 0; b.Loop(); i++ {
		known.Find(name[:len(name)-i%8] + string(rune('a'+i%26)) + string(rune(i%50000+1000)))
	}
}
