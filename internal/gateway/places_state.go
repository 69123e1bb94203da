package gateway

import "strings"

// rootFile classifies what lies in the state directory itself.
func rootFile(base string) Place {
	switch base {
	case "clawdbot.json":
		return placed("config")
	case "moltbot.json", "openclaw.json":
		// The config of a later generation, which this one does not resolve.
		return Place{Surface: "config", Action: keepIt}
	case ".env":
		return placed("dotenv")
	case "node.json", "exec-approvals.json":
		return placed("device")
	case "secrets.json": // OpenClaw's provider of secrets in a file
		return placed("credentials")
	case "gateway.cmd", "node.cmd", "gateway.systemd.env", "node.systemd.env":
		return placed("service")
	case "restart-sentinel.json", "update-check.json":
		return placed("settings")
	}
	switch {
	case strings.HasPrefix(base, "msteams-"):
		return placed("settings")
	case IsConfigCopy(base):
		return placed("backup")
	case strings.HasPrefix(base, ".env"), strings.HasPrefix(base, "exec-approvals.json"), isCopy(base):
		return leftover()
	case strings.HasSuffix(base, ".log"):
		return placed("log")
	}
	return inFolder([]string{base, ""}) // a folder is what it holds
}

// IsConfigCopy reports whether a file of that name is another version of the config: .bak and
// .bak.1 to .bak.4, <pid>.<uuid>.tmp of a write that was cut short, OpenClaw's
// .clobbered.<time>, .rejected.<time>, .pre-update and .last-good, or what an editor
// or a person made of it.
func IsConfigCopy(base string) bool {
	for _, product := range []string{"clawdbot", "moltbot", "openclaw"} {
		name := strings.TrimLeft(base, ".#")
		if strings.Contains(base, product+".json") || strings.HasPrefix(name, product) && strings.Contains(base, ".json") {
			return true
		}
	}
	return false
}

// inFolder classifies what lies in a folder of the state directory.
func inFolder(segments []string) Place {
	folder, within := segments[0], segments[1:]
	if isCopyIn(segments) {
		return copied(segments)
	}
	switch folder {
	case "agents":
		return ofAgent(within[1:])
	case "agent": // before there were several agents (infra/state-migrations.js)
		return inAgentDir(within)
	case "sessions", "subagents", "voice-calls":
		return placed("session")
	case "credentials", "matrix": // matrix: the keys of its encryption
		return placed("credentials")
	case "devices", "identity", "nodes", "gateway", "bridge":
		return placed("device")
	case "cron":
		if within[0] == "runs" {
			return Place{Surface: "cron", Action: redactIt}
		}
		return placed("cron")
	case "memory":
		if within[0] == "lancedb" {
			return placed("database")
		}
	case "logs", "session-sqlite-migration-runs":
		return placed("log")
	case "settings", "telegram", "nostr", "dns":
		return placed("settings")
	case "service-env":
		return placed("service")
	case "backups":
		return leftover()
	case "media", "hooks", "browser":
		return placed(Surface(folder))
	case "extensions", "plugins", "mpm":
		return placed("extension")
	case "skills", "tools": // tools: programs that skills install
		return placed("skill")
	case "sandbox", "sandboxes":
		return placed("sandbox")
	case "workspace":
		return inWorkspace(within)
	case "canvas":
		return placed("workspace")
	}
	switch {
	case strings.HasPrefix(folder, "workspace-"):
		return inWorkspace(within)
	case isLegacy(folder, "agent"):
		return leftover()
	case isLegacy(folder, "sessions"):
		return placed("session")
	}
	if base := within[len(within)-1]; isCopy(base) && strings.Contains(base, ".json") { // of an included file
		return leftover()
	}
	return placed("unknown")
}

// ofAgent classifies what lies in agents/<id>, by its path there.
func ofAgent(within []string) Place {
	if len(within) == 0 {
		return placed("unknown")
	}
	switch folder := within[0]; {
	case folder == "sessions", folder == "session-sqlite-import-archive", isLegacy(folder, "sessions"):
		return placed("session")
	case isLegacy(folder, "agent"):
		return leftover()
	case folder == "agent" && len(within) > 1:
		return inAgentDir(within[1:])
	}
	return placed("settings")
}

// inAgentDir classifies what lies in agents/<id>/agent, by its path there.
func inAgentDir(within []string) Place {
	switch name := within[0]; {
	case name == "auth-profiles.json", name == "auth.json", name == "auth-state.json":
		return placed("auth-profile")
	case name == "models.json":
		place := placed("generated")
		place.Note = `comes back when the gateway starts, for as long as the config or an auth profile holds it: ` +
			`give a provider its key by its variable alone; models.mode "replace" drops providers that are no more`
		return place
	case name == "plugins" && within[len(within)-1] == "catalog.json":
		place := placed("generated")
		place.Note = "comes back when the gateway starts: no setting prevents it"
		return place
	}
	for _, name := range []string{"auth-profiles.json", "auth.json", "auth-state.json", "models.json"} {
		if strings.HasPrefix(strings.TrimPrefix(within[0], "."), name) {
			return leftover()
		}
	}
	return placed("settings")
}

// isLegacy reports whether the product's migrations named something so when they
// moved it out of the way: sessions.legacy-<time>.
func isLegacy(name, was string) bool { return strings.HasPrefix(name, was+".legacy-") }
