package gateway

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Pin is one plugin that the gateway would switch on by itself at its next start.
// It does so by writing its config anew from resolved values, so every reference
// would become plain text again (config/plugin-auto-enable.js); where the config
// already says what it would write, it leaves the file alone.
type Pin struct {
	Plugin string
	// Enable: plugins.entries.<Plugin>.enabled is not true yet.
	Enable bool
	// Allow: plugins.allow is a list that lacks the plugin.
	Allow bool
}

// Pins returns what the gateway would switch on, in a stable order.
func (v *View) Pins(resolved Resolved, env *Env) []Pin {
	plugins := members(resolved.Tree, "plugins")
	if plugins["enabled"] == false {
		return nil
	}
	configured := v.configuredPlugins(resolved, env)
	var pins []Pin
	for _, id := range slices.Sorted(maps.Keys(configured)) {
		entry := members(plugins, "entries", id)
		if denied(plugins, id) || entry["enabled"] == false || preferred(plugins, configured, id) {
			continue
		}
		pin := Pin{Plugin: id, Enable: entry["enabled"] != true}
		if allow, ok := plugins["allow"].([]any); ok {
			pin.Allow = !slices.Contains(allow, any(id))
		}
		if pin.Enable || pin.Allow {
			pins = append(pins, pin)
		}
	}
	return pins
}

func denied(plugins map[string]any, id string) bool {
	deny, _ := plugins["deny"].([]any)
	return slices.Contains(deny, any(id))
}

// preferred reports whether another configured plugin takes this one's place:
// bluebubbles does for imessage, the only pair in 2026.1.24.
func preferred(plugins map[string]any, configured map[string]bool, id string) bool {
	const instead = "bluebubbles"
	return id == "imessage" && configured[instead] && !denied(plugins, instead) &&
		members(plugins, "entries", instead)["enabled"] != false
}

func (v *View) configuredPlugins(resolved Resolved, env *Env) map[string]bool {
	configured := map[string]bool{}
	for id, entry := range members(resolved.Tree, "channels") {
		if block, ok := entry.(map[string]any); ok && id != "defaults" && len(block) > 0 {
			configured[id] = true
		}
	}
	exported := resolved.InlineEnv()
	for _, variable := range channelVariables() {
		if env.Has(variable.name) || !blank(exported[variable.name]) {
			configured[variable.channel] = true
		}
	}
	if v.hasWhatsAppLogin(resolved) {
		configured["whatsapp"] = true
	}
	for plugin, provider := range providerPlugins() {
		if providerMentioned(resolved, provider) {
			configured[plugin] = true
		}
	}
	return configured
}

type channelVariable struct{ name, channel string }

// channelVariables are the variables that alone make a channel count as configured.
func channelVariables() []channelVariable {
	return []channelVariable{
		{"TELEGRAM_BOT_TOKEN", "telegram"}, {"DISCORD_BOT_TOKEN", "discord"},
		{"SLACK_BOT_TOKEN", "slack"}, {"SLACK_APP_TOKEN", "slack"}, {"SLACK_USER_TOKEN", "slack"},
	}
}

func providerPlugins() map[string]string {
	return map[string]string{
		"google-antigravity-auth": "google-antigravity",
		"google-gemini-cli-auth":  "google-gemini-cli",
		"qwen-portal-auth":        "qwen-portal",
		"copilot-proxy":           "copilot-proxy",
	}
}

// providerMentioned reports whether an auth profile, a provider block or a model
// of the config names the provider.
func providerMentioned(resolved Resolved, provider string) bool {
	for _, profile := range members(resolved.Tree, "auth", "profiles") {
		if ProviderID(text(profile, "provider")) == provider {
			return true
		}
	}
	for id := range members(resolved.Tree, "models", "providers") {
		if ProviderID(id) == provider {
			return true
		}
	}
	for _, model := range modelNames(resolved) {
		if id, _, ok := strings.Cut(strings.TrimSpace(model), "/"); ok && ProviderID(id) == provider {
			return true
		}
	}
	return false
}

// modelNames returns every model that the agents name: primary, fallbacks, aliases.
func modelNames(resolved Resolved) []string {
	agents := []any{Lookup(resolved.Tree, "agents", "defaults")}
	list, _ := Lookup(resolved.Tree, "agents", "list").([]any)
	var names []string
	for _, agent := range append(agents, list...) {
		names = append(names, text(agent, "model"), text(agent, "model", "primary"))
		names = append(names, stringList(Lookup(agent, "model", "fallbacks"))...)
		names = append(names, slices.Collect(maps.Keys(members(agent, "models")))...)
	}
	return names
}

// hasWhatsAppLogin reports whether any WhatsApp account is logged in (web/accounts.js).
// What cannot be read is none, for the gateway too.
func (v *View) hasWhatsAppLogin(resolved Resolved) bool {
	credentials := filepath.Join(v.Home.StateDir, "credentials")
	accounts, _ := subdirectories(filepath.Join(credentials, "whatsapp"))
	dirs := []string{credentials}
	for _, account := range accounts {
		dirs = append(dirs, filepath.Join(credentials, "whatsapp", account))
	}
	for _, account := range members(resolved.Tree, "channels", "whatsapp", "accounts") {
		if dir, err := absolute(v.Home.UserHome, text(account, "authDir")); err == nil && !blank(text(account, "authDir")) {
			dirs = append(dirs, dir)
		}
	}
	return slices.ContainsFunc(dirs, func(dir string) bool {
		info, err := os.Stat(filepath.Join(dir, "creds.json"))
		return err == nil && info.Mode().IsRegular() && info.Size() > 1
	})
}
