package gateway

import (
	"path/filepath"
	"slices"

	"github.com/clawsecrets/clawsecrets/internal/json5"
)

// shellEnvKeys are the keys that env.shellEnv imports from the login shell; it
// imports nothing at all once any of them is set (config/io.js, infra/shell-env.js).
func shellEnvKeys() []string {
	return []string{
		"OPENAI_API_KEY", "ANTHROPIC_API_KEY", "ANTHROPIC_OAUTH_TOKEN", "GEMINI_API_KEY",
		"ZAI_API_KEY", "OPENROUTER_API_KEY", "AI_GATEWAY_API_KEY", "MINIMAX_API_KEY",
		"SYNTHETIC_API_KEY", "ELEVENLABS_API_KEY", "TELEGRAM_BOT_TOKEN", "DISCORD_BOT_TOKEN",
		"SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "CLAWDBOT_GATEWAY_TOKEN", "CLAWDBOT_GATEWAY_PASSWORD",
	}
}

// Effects tells what setting a variable would do to the gateway beyond giving one
// place its value.
type Effects struct {
	resolved Resolved
	env      *Env
	exported map[string]string // what the config's env block sets anyway
	agents   []*Agent
	speaks   bool // text-to-speech is on and chooses its provider by the keys it finds
}

// Effects prepares the answers for a Home.
func (v *View) Effects(resolved Resolved, env *Env, agents []*Agent) *Effects {
	return &Effects{
		resolved: resolved, env: env, agents: agents,
		exported: resolved.InlineEnv(), speaks: v.choosesVoice(resolved),
	}
}

// Of returns what setting name to value would change that is not so already, ""
// if nothing: then the variable can be used.
func (e *Effects) Of(name, value string) string {
	if reason := e.onAnthropic(name, value); reason != "" {
		return reason
	}
	if e.env.Has(name) || !blank(e.exported[name]) {
		return "" // it is set: whatever it does, it does already
	}
	for _, effect := range []func(name, value string) string{
		e.onShellEnv, e.onChannels, e.onSpeech, e.onDiscovery, e.onProviders, e.onGatewayClients, e.onSkills,
	} {
		if reason := effect(name, value); reason != "" {
			return reason
		}
	}
	return ""
}

func (e *Effects) set(name string) bool { return e.env.Has(name) || !blank(e.exported[name]) }

func (e *Effects) onShellEnv(name, _ string) string {
	load, _ := e.env.Lookup("CLAWDBOT_LOAD_SHELL_ENV")
	enabled := Lookup(e.resolved.Tree, "env", "shellEnv", "enabled") == true || truthy(load)
	if !enabled || !slices.Contains(shellEnvKeys(), name) || slices.ContainsFunc(shellEnvKeys(), e.set) {
		return ""
	}
	return name + " would switch off env.shellEnv, which imports the other keys"
}

func (e *Effects) onChannels(name, _ string) string {
	for _, variable := range channelVariables() {
		if variable.name == name && len(members(e.resolved.Tree, "channels", variable.channel)) == 0 {
			return name + " would switch on the " + variable.channel + " plugin"
		}
	}
	return ""
}

func (e *Effects) onSpeech(name, _ string) string {
	tts := func(path ...string) bool {
		return !blank(text(e.resolved.Tree, append([]string{"messages", "tts"}, path...)...))
	}
	switch name {
	case "ELEVENLABS_API_KEY":
		if blank(text(e.resolved.Tree, "talk", "apiKey")) {
			return "the gateway would write ELEVENLABS_API_KEY into its config as talk.apiKey"
		}
		if e.speaks && !tts("elevenlabs", "apiKey") {
			return "ELEVENLABS_API_KEY would change the voice that replies are spoken with"
		}
	case "OPENAI_API_KEY":
		if e.speaks && !tts("openai", "apiKey") {
			return "OPENAI_API_KEY would change the voice that replies are spoken with"
		}
	}
	return ""
}

func (e *Effects) onDiscovery(name, _ string) string {
	switch name {
	case "AWS_BEARER_TOKEN_BEDROCK", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE":
		if Lookup(e.resolved.Tree, "models", "bedrockDiscovery", "enabled") != false {
			return name + " would make every run ask Bedrock for its models"
		}
	case "VENICE_API_KEY":
		hasProfile := func(a *Agent) bool { return len(Usable(e.agents, a, "venice")) > 0 }
		if !slices.ContainsFunc(e.agents, hasProfile) {
			return name + " would make every run ask Venice for its models"
		}
	case "COPILOT_GITHUB_TOKEN", "GH_TOKEN", "GITHUB_TOKEN":
		return name + " would add the github-copilot provider"
	}
	return ""
}

// onProviders: a variable of a provider gives its key to every agent that has none.
func (e *Effects) onProviders(name, value string) string {
	for _, provider := range knownProviders() {
		if !slices.Contains(ProviderVariables(provider), name) {
			continue
		}
		for _, agent := range e.agents {
			sent := Credential(e.agents, agent, provider, e.resolved, e.env)
			if len(InOrder(e.agents, agent, provider, e.resolved, Usable(e.agents, agent, provider))) == 0 && sent != value {
				return name + " would be sent to " + provider + " by agent " + agent.ID + ", which has no such key now"
			}
		}
	}
	return ""
}

// onGatewayClients: clients of a remote gateway prefer these two to the config.
func (e *Effects) onGatewayClients(name, value string) string {
	remote := func(key string) string { return text(e.resolved.Tree, "gateway", "remote", key) }
	inRemoteMode := text(e.resolved.Tree, "gateway", "mode") == "remote"
	switch name {
	case "CLAWDBOT_GATEWAY_TOKEN":
		if token := remote("token"); token != "" && token != value {
			return name + " would be sent to the remote gateway in place of gateway.remote.token"
		}
	case "CLAWDBOT_GATEWAY_PASSWORD":
		if password := remote("password"); password != value && (password != "" || inRemoteMode) {
			return name + " would be sent to the remote gateway in place of gateway.remote.password"
		}
		if blank(text(e.resolved.Tree, "gateway", "auth", "mode")) && blank(text(e.resolved.Tree, "gateway", "auth", "password")) {
			return name + " would switch the gateway from token to password"
		}
	}
	return ""
}

// onSkills: a skill takes its own key from the config only where the variable is
// not set (agents/skills/env-overrides.js).
func (e *Effects) onSkills(name, value string) string {
	for id, entry := range members(e.resolved.Tree, "skills", "entries") {
		own := text(entry, "env", name)
		if SkillVariable(id) == name && own == "" {
			own = text(entry, "apiKey")
		}
		if own != "" && own != value {
			return name + " would replace the key that the skill " + id + " has of its own"
		}
	}
	return ""
}

// SkillVariable returns the variable that a bundled skill's apiKey stands for, ""
// for a skill that is not bundled.
func SkillVariable(skill string) string {
	switch skill {
	case "goplaces", "local-places":
		return "GOOGLE_PLACES_API_KEY"
	case "nano-banana-pro":
		return "GEMINI_API_KEY"
	case "openai-image-gen", "openai-whisper-api":
		return "OPENAI_API_KEY"
	case "sag":
		return "ELEVENLABS_API_KEY"
	}
	return ""
}

// choosesVoice reports whether replies are spoken with whichever provider has a
// key (tts/tts.js): speech is on, in the config or in settings/tts.json, and
// neither names a provider.
func (v *View) choosesVoice(resolved Resolved) bool {
	config := members(resolved.Tree, "messages", "tts")
	preferences := v.json(filepath.Join(v.Home.StateDir, "settings", "tts.json"))
	if text(config, "provider") != "" || text(preferences, "tts", "provider") != "" {
		return false
	}
	on := func(tts map[string]any) bool {
		auto, _ := tts["auto"].(string)
		return tts["enabled"] == true || (auto != "" && auto != "off")
	}
	return on(config) || on(members(preferences, "tts"))
}

// json reads a small JSON file of the product's, nil where it cannot.
func (v *View) json(path string) any {
	file, err := v.Read(path, "settings")
	if err != nil || file == nil {
		return nil
	}
	document, err := json5.Parse(file.Data)
	if err != nil {
		return nil
	}
	return document.Root().Decode()
}

// truthy is isTruthyEnvValue of the product's infra/env.js.
func truthy(value string) bool {
	return slices.Contains([]string{"1", "true", "yes", "on"}, lower(value))
}
