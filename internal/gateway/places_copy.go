package gateway

import "strings"

// isCopy reports whether base names a copy of a file: product's or an editor's.
func isCopy(base string) bool {
	for _, ending := range []string{"~", ".bak", ".old", ".orig", ".save", ".swp", ".tmp", ".migrated"} {
		if strings.HasSuffix(base, ending) {
			return true
		}
	}
	return strings.Contains(base, ".bak.") || strings.Contains(base, ".migrated-")
}

// isCopyIn reports whether a path leads to a copy of a file in a folder that the gateway keeps
// for itself. What people and agents keep, such as a workspace, is theirs with all its copies.
func isCopyIn(segments []string) bool {
	base := segments[len(segments)-1]
	if !isCopy(base) {
		return false
	}
	switch segments[0] {
	case "credentials", "cron", "devices", "identity", "nodes", "gateway", "bridge", "settings", "telegram", "nostr", "matrix", "agent":
		return true
	case "agents", "sessions", "subagents", "voice-calls":
		return !strings.Contains(base, ".jsonl") // of a transcript, each is one
	}
	return false
}

// copied is a copy in a folder of the gateway's.
func copied(segments []string) Place {
	place := leftover()
	if segments[len(segments)-1] == "creds.json.bak" { // maybeRestoreCredsFromBackup in web/auth-store.js
		place.Note = "the gateway falls back on it when creds.json beside it is damaged, and makes it again"
	}
	return place
}
