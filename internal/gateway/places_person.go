package gateway

import (
	"cmp"
	"path/filepath"
	"slices"
	"strings"
)

// workspaces returns the directories that the agents work in: the one that each agent
// has now (resolveAgentWorkspaceDir in agents/agent-scope.js), also an agent that the
// config does not mention, and those that the agents may have had before.
func (o *outside) workspaces() []candidate {
	defaults := strings.TrimSpace(text(o.Resolved.Tree, "agents", "defaults", "workspace"))
	initial := "~/clawd"
	if profile := o.profile(); profile != "" {
		initial += "-" + profile
	}
	own := map[string]string{}
	list, _ := Lookup(o.Resolved.Tree, "agents", "list").([]any)
	for _, entry := range list {
		own[lower(text(entry, "id"))] = strings.TrimSpace(text(entry, "workspace"))
	}
	var found []candidate
	add := func(path, why string, claim claim) {
		found = append(found, candidate{path: o.absolute(path), inside: "workspace", why: why, claim: claim})
	}
	for _, id := range o.agentIDs() {
		if id == o.defaultAgent() {
			add(cmp.Or(own[id], defaults, initial), "the workspace of the default agent", named)
		} else {
			add(cmp.Or(own[id], "~/clawd-"+id), "the workspace of an agent", named)
		}
	}
	if defaults != "" {
		add(defaults, "the agents' workspace, as agents.defaults.workspace names it", named)
	}
	add(initial, "the agents' workspace, by default", likely)
	return found
}

// agentIDs returns the agents of the config and of the state directory, the default
// one among them, sorted.
func (o *outside) agentIDs() []string {
	ids := []string{o.defaultAgent()}
	list, _ := Lookup(o.Resolved.Tree, "agents", "list").([]any)
	for _, entry := range list {
		if id := lower(text(entry, "id")); id != "" {
			ids = append(ids, id)
		}
	}
	found, _ := subdirectories(filepath.Join(o.Home.StateDir, "agents")) // none where it cannot be listed: the walk says so
	for _, id := range found {
		ids = append(ids, lower(id))
	}
	slices.Sort(ids)
	return slices.DeleteFunc(slices.Compact(ids), func(id string) bool { return strings.ContainsAny(id, `/\`) })
}

// defaultAgent returns the agent that the default workspace is for
// (resolveDefaultAgentId): the one that says so, else the first.
func (o *outside) defaultAgent() string {
	list, _ := Lookup(o.Resolved.Tree, "agents", "list").([]any)
	first := ""
	for i, entry := range list {
		id := lower(text(entry, "id"))
		if marked, _ := Lookup(entry, "default").(bool); marked {
			return cmp.Or(id, mainAgent)
		}
		if i == 0 {
			first = id
		}
	}
	return cmp.Or(first, mainAgent)
}

// profile returns the profile that the gateway runs under, "" for the default one.
func (o *outside) profile() string {
	name := o.variable("CLAWDBOT_PROFILE")
	if inName, ok := strings.CutPrefix(filepath.Base(o.Home.StateDir), ".clawdbot-"); ok && name == "" {
		name = inName
	}
	if lower(name) == "default" {
		return ""
	}
	return name
}

// person returns what the person's shells and other programs keep: keys that were typed
// or exported, and logins that the gateway copies on every load
// (agents/cli-credentials.js).
func (o *outside) person() []candidate {
	var found []candidate
	add := func(surface Surface, why string, paths ...string) {
		for _, path := range paths {
			found = append(found, candidate{path: filepath.Join(o.Home.UserHome, path), surface: surface, why: why, claim: likely})
		}
	}
	add("dotenv", "the gateway loads it when it is started in the home directory", ".env")
	add("history", "commands that were typed, with keys as flags",
		".bash_history", ".zsh_history", ".zhistory", ".histfile", ".sh_history", ".ash_history", ".python_history", ".node_repl_history",
		".local/share/fish/fish_history", ".local/share/powershell/PSReadLine/ConsoleHost_history.txt",
		"AppData/Roaming/Microsoft/Windows/PowerShell/PSReadLine/ConsoleHost_history.txt")
	add("shell", "a shell exports variables from it, and the gateway reads keys out of it",
		".profile", ".bash_profile", ".bash_login", ".bashrc", ".bash_aliases", ".zshrc", ".zprofile", ".zshenv", ".zlogin",
		".config/fish/config.fish", ".config/fish/fish_variables", ".pam_environment")
	add("credentials", "a login that the gateway copies into its auth profiles",
		".claude/.credentials.json", ".codex/auth.json", ".qwen/oauth_creds.json")

	at := func(surface Surface, why, dir string, names ...string) {
		for _, name := range names {
			if dir != "" {
				found = append(found, candidate{path: filepath.Join(o.absolute(dir), name), surface: surface, why: why, claim: likely})
			}
		}
	}
	at("history", "HISTFILE names it", o.own("HISTFILE"), "")
	at("history", "commands that were typed", o.own("XDG_DATA_HOME"), "fish/fish_history")
	at("shell", "a shell exports variables from it", o.own("XDG_CONFIG_HOME"), "fish/config.fish", "fish/fish_variables")
	at("shell", "a shell exports variables from it", o.own("ZDOTDIR"), ".zshrc", ".zprofile", ".zshenv", ".zlogin")
	at("history", "commands that were typed", o.own("ZDOTDIR"), ".zsh_history")
	at("credentials", "a login that the gateway copies into its auth profiles", o.variable("CODEX_HOME"), "auth.json")
	for _, listed := range []struct {
		dir, suffix string
		surface     Surface
	}{
		{".config/fish/conf.d", ".fish", "shell"}, {".zsh_sessions", "", "history"}, {".bash_sessions", "", "history"},
	} {
		for _, path := range entries(filepath.Join(o.Home.UserHome, listed.dir), "", listed.suffix) {
			at(listed.surface, "a shell keeps it", path, "")
		}
	}
	return found
}

// fixed returns what the product keeps in ~/.clawdbot whatever its state directory is
// (infra/device-identity.js, infra/exec-approvals.js, memory-lancedb, sandboxes, the
// hook that logs commands).
func (o *outside) fixed() []candidate {
	var found []candidate
	for _, inside := range []string{
		"identity/device.json", "exec-approvals.json", "memory/lancedb", "sandboxes", "logs/commands.log", "sessions",
	} {
		found = append(found, candidate{
			path: o.absolute("~/.clawdbot/" + inside), inside: inside,
			why: "the product keeps it there for every state directory", claim: likely,
		})
	}
	return found
}
