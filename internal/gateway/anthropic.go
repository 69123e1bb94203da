package gateway

import "slices"

// anthropicMode returns how the product takes Anthropic to be paid for, "api_key",
// "oauth" or "" (resolveAnthropicDefaultAuthMode in config/defaults.js). By that it
// chooses defaults for context pruning, heartbeat and prompt caching of all agents,
// so a variable can change more than a credential. It looks before the config's env
// block is exported.
func anthropicMode(tree any, env func(name string) bool) string {
	profiles := members(tree, "auth", "profiles")
	for _, id := range stringList(Lookup(tree, "auth", "order", "anthropic")) {
		if entry := profiles[id]; text(entry, "provider") == "anthropic" && paidMode(entry) != "" {
			return paidMode(entry)
		}
	}
	var modes []string
	for _, entry := range profiles {
		if mode := paidMode(entry); text(entry, "provider") == "anthropic" && mode != "" {
			modes = append(modes, mode)
		}
	}
	slices.Sort(modes)
	if modes = slices.Compact(modes); len(modes) == 1 {
		return modes[0]
	}
	switch {
	case env("ANTHROPIC_OAUTH_TOKEN"):
		return "oauth"
	case env("ANTHROPIC_API_KEY"):
		return "api_key"
	}
	return ""
}

func paidMode(entry any) string {
	switch text(entry, "mode") {
	case "api_key":
		return "api_key"
	case "oauth", "token":
		return "oauth"
	}
	return ""
}

// onAnthropic: the variable alone says how Anthropic is paid for.
func (e *Effects) onAnthropic(name, _ string) string {
	if name != "ANTHROPIC_API_KEY" && name != "ANTHROPIC_OAUTH_TOKEN" || e.env.Has(name) {
		return ""
	}
	now := anthropicMode(e.resolved.Tree, e.env.Has)
	// What the config says of its profiles goes when they move; the variable stays.
	then := anthropicMode(nil, func(other string) bool { return other == name || e.env.Has(other) })
	if now == then {
		return ""
	}
	return name + " would change the defaults for context pruning and heartbeat"
}
