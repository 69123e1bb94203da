//go:build linux

package faulttest

import (
	"io/fs"
	"strings"

	"github.com/clawsecrets/clawsecrets/internal/fixture"
)

const seed = 8

// planted returns the secrets of the Home, which no message may contain.
func planted() map[string]string {
	secrets := map[string]string{}
	for name, kind := range map[string]string{
		"gateway": "hex", "telegram": "telegram", "skill": "hex", "moonshot": "moonshot",
		"custom": "hex", "openai": "openai", "there": "hex", "older": "hex",
	} {
		secrets[name] = fixture.Secret(seed, kind, name)
	}
	return secrets
}

// home returns a small Home with every kind of write in it: a config whose plugins
// are pinned, an include that others may read, the stores of two agents, a generated
// copy of their keys, a .env with a variable of the person's, and copies: an older
// config, a log, a transcript, with a value that nothing resolves any more.
func home() tree {
	secrets := planted()
	fill := func(text string) string {
		for name, value := range secrets {
			text = strings.ReplaceAll(text, "<"+name+">", value)
		}
		return text
	}
	t := tree{".": {mode: fs.ModeDir | 0o700}}
	for _, dir := range []string{"agents", "agents/main", "agents/main/agent", "agents/main/sessions", "agents/work", "agents/work/agent", "logs"} {
		t[dir] = entry{mode: fs.ModeDir | 0o755}
	}
	t["clawdbot.json"] = entry{0o600, fill(`{
  // two agents, one channel
  $include: "./skills.json5",
  gateway: {mode: "local", auth: {mode: "token", token: '<gateway>'}},
  agents: {list: [{id: "main"}, {id: "work"}]},
  channels: {telegram: {enabled: true, botToken: "<telegram>"}},
  models: {providers: {custom: {baseUrl: "https://models.invalid/v1", models: []}}},
}
`)}
	t["skills.json5"] = entry{0o644, fill(`{skills: {entries: {deploy: {apiKey: "<skill>"}}}}` + "\n")}
	t["agents/main/agent/auth-profiles.json"] = entry{0o600, fill(`{"version": 1, "profiles": {
  "moonshot:default": {"type": "api_key", "provider": "moonshot", "key": "<moonshot>"},
  "custom:default": {"type": "api_key", "provider": "custom", "key": "<custom>"}
}}
`)}
	t["agents/work/agent/auth-profiles.json"] = entry{0o600, fill(`{"version": 1, "profiles": {
  "openai:default": {"type": "api_key", "provider": "openai", "key": "<openai>"},
  "custom:default": {"type": "api_key", "provider": "custom", "key": "<custom>"}
}}
`)}
	t["agents/main/agent/models.json"] = entry{0o600, fill(`{"providers": {
  "moonshot": {"baseUrl": "https://models.invalid/v1", "apiKey": "<moonshot>", "models": []}
}}
`)}
	t["clawdbot.json.bak"] = entry{0o600, fill(`{"gateway": {"auth": {"token": "<older>"}}, "channels": {"telegram": {"botToken": "<telegram>"}}}` + "\n")}
	t["logs/gateway.log"] = entry{0o644, fill("opened http://127.0.0.1/?token=<gateway>\nand the old one, <older>\n")}
	t["agents/main/sessions/a.jsonl"] = entry{0o644, fill(`{"type":"session","version":3,"id":"a","cwd":"/home/u/clawd"}
{"type":"message","id":"1","parentId":null,"message":{"role":"user","content":[{"type":"text","text":"use \"<telegram>\" please"}]}}
{"type":"message","id":"2","parentId":"1","message":{"role":"assistant","content":[{"type":"thinking","thinking":"<telegram>","thinkingSignature":"c2ln"}]}}
`)}
	t[".env"] = entry{0o600, fill("# mine\nDEPLOY_HOST=example.invalid\nVENDOR_TOKEN=<there>\n")}
	return t
}
