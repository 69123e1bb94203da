package extract

import (
	"strings"
	"testing"
)

func TestNameOf(t *testing.T) {
	for path, want := range map[string]string{
		"channels.telegram.accounts.alerts.botToken":      "TELEGRAM_ALERTS_BOT_TOKEN",
		"models.providers.z.apiKey":                       "Z_API_KEY",
		"models.providers.litellm.headers.X-Tenant-Key":   "LITELLM_X_TENANT_KEY",
		"skills.entries.nano-banana-pro.apiKey":           "SKILLS_NANO_BANANA_PRO_API_KEY",
		"plugins.entries.voice-call.config.twilio.token":  "PLUGINS_VOICE_CALL_TWILIO_TOKEN",
		"agents.list.0.memorySearch.remote.apiKey":        "AGENTS_LIST_0_MEMORY_SEARCH_REMOTE_API_KEY",
		"env.vars.lower_token":                            "LOWER_TOKEN",
		"channels.telegram.accounts.büro & haus.botToken": "TELEGRAM_B_RO_HAUS_BOT_TOKEN",
	} {
		if got := nameOf(strings.Split(path, ".")); got != want {
			t.Errorf("%s: got %s, want %s", path, got, want)
		}
	}
	if got := nameOf([]string{"models", "providers", "z.ai", "apiKey"}); got != "Z_AI_API_KEY" {
		t.Errorf("a key with a dot in it: got %s", got)
	}
}

func TestUpperSnake(t *testing.T) {
	for token, want := range map[string]string{
		"botToken": "BOT_TOKEN", "apiKey": "API_KEY", "APIKey": "APIKEY", "x-api-key": "X_API_KEY",
		"z.ai": "Z_AI", "already_SNAKE": "ALREADY_SNAKE", "--": "", "a1B2": "A1B2", "ä": "",
	} {
		if got := upperSnake(token); got != want {
			t.Errorf("%s: got %s, want %s", token, got, want)
		}
	}
}

// Whatever a path is called, the name is one that a reference can have.
func FuzzPrefixedName(f *testing.F) {
	for _, seed := range []string{"a.b", "9.x", "ä.ö", ".", "channels.entries", "a\x00b", "${X}"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, path string) {
		name := "CLAWDBOT_" + nameOf(strings.Split(path, "."))
		for _, r := range name {
			if r != '_' && (r < 'A' || r > 'Z') && (r < '0' || r > '9') {
				t.Errorf("%q gives %q", path, name)
			}
		}
	})
}
