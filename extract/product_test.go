package extract_test

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"testing"

	"github.com/clawsecrets/clawsecrets/internal/fixture"
	"github.com/clawsecrets/clawsecrets/internal/gatewaytest"
)

// The product's own modules resolve the same before and after, for a Home as a
// person has it and for Homes that are made to be awkward.
func TestProductResolvesTheSame(t *testing.T) {
	oracle := gatewaytest.Product(t).Oracle(t)
	homes := map[string]func(testing.TB) string{"committed": committed}
	for name, files := range awkwardHomes() {
		homes[name] = func(t testing.TB) string { return state(t, files) }
	}
	for seed := range uint64(12) {
		homes[fmt.Sprintf("generated %d", seed)] = func(t testing.TB) string {
			dir := filepath.Join(t.TempDir(), "state")
			if err := fixture.Clawdbot(dir, fixture.Options{Seed: seed, Secrets: 80, Agents: 2 + int(seed)%3}); err != nil {
				t.Fatal(err)
			}
			return dir
		}
	}
	for _, name := range slices.Sorted(maps.Keys(homes)) {
		t.Run(name, func(t *testing.T) {
			dir := homes[name](t)
			request := gatewaytest.OracleRequest{State: dir}
			before, original := oracle.Resolve(t, request), tree(t, dir)
			made := apply(t, dir)
			after := oracle.Resolve(t, request)
			for _, difference := range before.Differences(after) {
				t.Error(difference)
			}
			if len(after.AutoEnable) > 0 && len(made.Changes) > 0 {
				t.Errorf("the gateway would still rewrite its config: %v", after.AutoEnable)
			}
			t.Logf("%d moved, %d kept, %d pinned", len(made.Moves), len(made.Kept), len(made.Pins))
			if again := plan(t, dir); !again.Empty() {
				t.Errorf("a second extract would write: %d moves, %d changes", len(again.Moves), len(again.Changes))
			}
			if made.Empty() {
				return
			}
			undo(t, dir)
			if names := differences(original, tree(t, dir)); len(names) > 0 {
				t.Errorf("after undo these differ: %v", names)
			}
		})
	}
}

// awkwardHomes are small Homes, each with one thing that a naive extract gets wrong.
func awkwardHomes() map[string]map[string]string {
	key := func(kind, name string) string {
		value := fixture.Secret(7, kind, name)
		if value == "" {
			panic("no such kind of secret: " + kind)
		}
		return value
	}
	profile := func(id, provider, value string) string {
		return fmt.Sprintf(`%q: {"type": "api_key", "provider": %q, "key": %q}`, id, provider, value)
	}
	store := func(profiles string) string { return `{"version": 1, "profiles": {` + profiles + `}}` }
	moonshot, other, token := key("moonshot", "a"), key("moonshot", "b"), key("hex", "gateway")
	main, work := "agents/main/agent/auth-profiles.json", "agents/work/agent/auth-profiles.json"
	return map[string]map[string]string{
		"one profile": {
			"clawdbot.json": `{auth: {profiles: {"moonshot:default": {provider: "moonshot", mode: "api_key"}}, order: {moonshot: ["moonshot:default"]}}}`,
			main:            store(profile("moonshot:default", "moonshot", moonshot)),
		},
		"two profiles of one provider": {
			"clawdbot.json": `{}`,
			main:            store(profile("moonshot:default", "moonshot", moonshot) + "," + profile("moonshot:two", "moonshot", other)),
		},
		"a profile that only a sub-agent has": {
			"clawdbot.json": `{agents: {list: [{id: "main"}, {id: "work"}]}}`,
			main:            store(""),
			work:            store(profile("moonshot:default", "moonshot", moonshot)),
		},
		"a sub-agent with another key": {
			"clawdbot.json": `{agents: {list: [{id: "main"}, {id: "work"}]}}`,
			main:            store(profile("moonshot:default", "moonshot", moonshot)),
			work:            store(profile("moonshot:default", "moonshot", other)),
		},
		"a sub-agent's clone": {
			"clawdbot.json": `{agents: {list: [{id: "main"}, {id: "work"}]}}`,
			main:            store(profile("moonshot:default", "moonshot", moonshot)),
			work:            store(profile("moonshot:default", "moonshot", moonshot)),
		},
		"profile and config disagree": {
			"clawdbot.json": `{models: {providers: {moonshot: {baseUrl: "https://x.invalid/v1", apiKey: "` + other + `", models: []}}}}`,
			main:            store(profile("moonshot:default", "moonshot", moonshot)),
		},
		"profile and config agree": {
			"clawdbot.json": `{models: {providers: {moonshot: {baseUrl: "https://x.invalid/v1", apiKey: "` + moonshot + `", models: []}}}}`,
			main:            store(profile("moonshot:default", "moonshot", moonshot)),
		},
		"the variable is taken": {
			"clawdbot.json": `{gateway: {auth: {token: "` + token + `"}}}`,
			".env":          "CLAWDBOT_GATEWAY_TOKEN=something-else\nMOONSHOT_API_KEY=" + other + "\n",
			main:            store(profile("moonshot:default", "moonshot", moonshot)),
		},
		"shellEnv is on": {
			"clawdbot.json": `{env: {shellEnv: {enabled: true}}, gateway: {auth: {token: "` + token + `"}}, channels: {telegram: {botToken: "` + key("telegram", "a") + `"}}}`,
			main:            store(profile("openai:default", "openai", key("openai", "a"))),
		},
		"a provider of one's own": {
			"clawdbot.json": `{models: {providers: {mock: {baseUrl: "https://x.invalid/v1", models: []}}}}`,
			main:            store(profile("mock:default", "mock", key("hex", "mock"))),
		},
		"a provider of one's own without a block": {
			"clawdbot.json": `{}`,
			main:            store(profile("mock:default", "mock", key("hex", "mock"))),
		},
		"the order leaves the profile out": {
			"clawdbot.json": `{auth: {order: {moonshot: ["moonshot:other"]}}}`,
			main:            store(profile("moonshot:default", "moonshot", moonshot)),
		},
		"the config describes the profile otherwise": {
			"clawdbot.json": `{auth: {profiles: {"moonshot:default": {provider: "moonshot", mode: "token"}}}}`,
			main:            store(profile("moonshot:default", "moonshot", moonshot)),
		},
		"duplicate keys": {
			"clawdbot.json": `{gateway: {auth: {token: "` + key("hex", "dead") + `", token: "` + token + `"}}}`,
		},
		"an escaped reference": {
			"clawdbot.json": `{gateway: {auth: {token: "` + token + `"}}, messages: {messagePrefix: "pay $${TOKEN}"}, skills: {entries: {x: {apiKey: "$${NOT}` + token + `"}}}}`,
		},
		"a token behind a dollar": {
			"clawdbot.json": `{skills: {entries: {x: {apiKey: "$` + token + `", env: {URL: "https://u:$` + token + `@h.invalid/"}}}}}`,
		},
		"env block": {
			"clawdbot.json": `{env: {vars: {VENDOR_API_KEY: "` + key("hex", "v") + `", lower_token: "` + token + `"}, ANTHROPIC_API_KEY: "` + key("anthropic", "e") + `"}}`,
		},
		"env block against .env": {
			"clawdbot.json": `{env: {vars: {VENDOR_API_KEY: "` + key("hex", "v") + `"}}}`,
			".env":          "VENDOR_API_KEY=" + key("hex", "w") + "\n",
		},
		"includes": {
			"clawdbot.json": `{ $include: ["./a.json5", "b/b.json"], gateway: {auth: {token: '` + token + `'}} }`,
			"a.json5":       `{ gateway: {auth: {token: "` + key("hex", "under") + `"}}, hooks: {enabled: true, token: "` + key("hex", "hooks") + `"}, }`,
			"b/b.json":      `{ "browser": {"controlToken": "` + key("hex", "browser") + `"}, "channels": {"$include": "../c.json"} }`,
			"c.json":        `{ "telegram": {"botToken": "` + key("telegram", "c") + `"} }`,
		},
		"plugins in an include with an allow list": {
			"clawdbot.json": `{ plugins: {$include: "./p.json5"}, channels: {discord: {token: "` + key("discord", "d") + `"}} }`,
			"p.json5":       `{ allow: ["memory-core"] }`,
		},
		"speech without a provider": {
			"clawdbot.json": `{messages: {tts: {auto: "always"}}}`,
			main:            store(profile("openai:default", "openai", key("openai", "a"))),
		},
		"a skill with its own key": {
			"clawdbot.json": `{skills: {entries: {"openai-image-gen": {apiKey: "` + key("openai", "skill") + `"}}}}`,
			main:            store(profile("openai:default", "openai", key("openai", "a"))),
		},
		"an Anthropic profile that the config names": {
			"clawdbot.json": `{auth: {profiles: {"anthropic:default": {provider: "anthropic", mode: "api_key"}}}, agents: {defaults: {model: {primary: "anthropic/claude-opus-4-5"}}}}`,
			main:            store(profile("anthropic:default", "anthropic", key("anthropic", "a"))),
		},
		"an Anthropic profile that it does not": {
			"clawdbot.json": `{agents: {defaults: {model: {primary: "anthropic/claude-opus-4-5"}}}}`,
			main:            store(profile("anthropic:default", "anthropic", key("anthropic", "a"))),
		},
		"a profile that is none": {
			"clawdbot.json": `{}`,
			main:            store(profile("groq:a", "groq", key("groq", "g")) + "," + profile("__proto__", "openai", key("openai", "o"))),
		},
		"a profile twice": {
			"clawdbot.json": `{}`,
			main:            store(profile("groq:a", "groq", key("groq", "dead")) + "," + profile("groq:a", "groq", key("groq", "live"))),
		},
		"remote token": {
			"clawdbot.json": `{gateway: {mode: "local", auth: {token: "` + token + `"}, remote: {url: "ws://h.invalid", token: "` + key("hex", "r") + `"}}}`,
		},
	}
}
