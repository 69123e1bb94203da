package gatewaytest

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
)

// TestAgentCredential runs the agent once for each place a key can come from, and
// looks at what the provider received, and whether the oracle foresaw it.
func TestAgentCredential(t *testing.T) {
	const key = "sk-0123456789abcdef0123456789abcdef"
	tests := []struct {
		name, provider, model, api string
		configKey                  string // models.providers.<provider>.apiKey
		profiles                   string // auth-profiles.json
		env                        string // .env
	}{
		{name: "custom provider, reference", provider: "mock", model: "m1", api: OpenAICompletions, configKey: "${MOCK_KEY}", env: "MOCK_KEY=" + key},
		{name: "moonshot, env", provider: "moonshot", model: "kimi-k2", api: OpenAICompletions, env: "MOONSHOT_API_KEY=" + key},
		{name: "anthropic, profile", provider: "anthropic", model: "claude-opus-4-5", api: AnthropicMessages, profiles: profileFor("anthropic", key)},
		{name: "openai, env", provider: "openai", model: "gpt-5", api: OpenAIResponses, env: "OPENAI_API_KEY=" + key},
	}
	in := Product(t)
	oracle := in.Oracle(t)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			h, m := NewHome(t), NewModelServer(t)
			provider := m.Provider(test.api, test.model)
			if test.configKey != "" {
				provider["apiKey"] = test.configKey
			}
			h.Write(t, "clawdbot.json", agentConfig(t, test.provider, test.model, provider))
			if test.profiles != "" {
				h.Write(t, "agents/main/agent/auth-profiles.json", test.profiles)
			}
			h.Write(t, ".env", test.env+"\n")

			reply := oracle.Resolve(t, OracleRequest{State: h.State})
			if got := reply.Credentials["main"][test.provider].APIKey; got != key {
				t.Errorf("the oracle says %q, want %q", got, key)
			}
			result := in.Run(t, h, RunOptions{}, AgentTurn()...)
			if result.Code != 0 || !strings.Contains(result.Stdout, modelReply) {
				t.Fatalf("exit status %d\n%s%s", result.Code, result.Stdout, result.Stderr)
			}
			if got := m.Credentials(); !slices.Equal(got, []string{key}) {
				t.Errorf("credentials received: %q, want one, %q", got, key)
			}
			if got := m.Requests()[0].API; got != test.api {
				t.Errorf("API called: %s, want %s", got, test.api)
			}
		})
	}
}

func profileFor(provider, key string) string {
	data, _ := json.Marshal(object{"version": 1, "profiles": object{
		provider + ":default": object{"type": "api_key", "provider": provider, "key": key},
	}})
	return string(data)
}

func agentConfig(t *testing.T, provider, model string, definition object) string {
	t.Helper()
	data, err := json.Marshal(object{
		"agents":  object{"defaults": object{"model": object{"primary": provider + "/" + model}}},
		"models":  object{"mode": "merge", "providers": object{provider: definition}},
		"plugins": object{"enabled": false},
	})
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
