package gateway

import (
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// namedPath is a config path whose text is the path of a file or directory.
type namedPath struct {
	pattern string // "*" stands for one key or index
	inside  string // where a state directory has the like of it
}

// backups returns the older versions of a config that lies outside the state directory:
// the product keeps them beside it.
func (o *outside) backups() []candidate {
	var found []candidate
	for _, path := range copiesOf(o.Home.ConfigPath) {
		found = append(found, candidate{path: path, inside: "clawdbot.json.bak", why: "an older version of the config"})
	}
	return found
}

// namedPaths are the paths in the config that lead to files with secrets, besides
// workspaces and the files of channels and plugins.
func namedPaths() []namedPath {
	return []namedPath{
		{"logging.file", "logs"},
		{"diagnostics.cacheTrace.filePath", "logs"},
		{"session.store", "sessions/sessions.json"},
		{"cron.store", "cron/jobs.json"},
		{"gateway.tls.keyPath", "gateway/tls"},
		{"bridge.tls.keyPath", "bridge/tls"},
		{"gateway.remote.sshIdentity", "credentials/ssh"},
		{"hooks.transformsDir", "hooks/transforms"},
		{"hooks.internal.load.extraDirs.*", "hooks"},
		{"skills.load.extraDirs.*", "skills"},
		{"plugins.load.paths.*", "extensions"},
		{"agents.list.*.agentDir", "agents/main/agent"},
		{"agents.defaults.sandbox.workspaceRoot", "sandboxes"},
		{"agents.list.*.sandbox.workspaceRoot", "sandboxes"},
		{"agents.defaults.memorySearch.store.path", "memory/main.sqlite"},
		{"agents.list.*.memorySearch.store.path", "memory/main.sqlite"},
		{"plugins.entries.memory-lancedb.config.dbPath", "memory/lancedb"},
		{"plugins.entries.voice-call.config.store", "voice-calls"},
	}
}

// configured returns what the config names: the paths of the table, and tokenFile,
// serviceAccountFile, botSecretFile, authDir and their like of channels and plugins.
func (o *outside) configured() []candidate {
	var found []candidate
	table := map[string]string{}
	for _, p := range namedPaths() {
		table[p.pattern] = p.inside
	}
	walkStrings(o.Resolved.Tree, nil, func(path []string, text string) {
		inside, ok := table[pattern(path)]
		if !ok && isCredentialsFile(path) {
			inside, ok = "credentials/named", true
		}
		if !ok || blank(text) {
			return
		}
		why := "the config names it at " + strings.Join(path, ".")
		for _, file := range o.perAgent(text) {
			c := candidate{path: o.absolute(file), inside: inside, why: why, claim: named}
			if inside == "hooks/transforms" { // the one that begins at the config
				c.path = o.resolve(filepath.Dir(o.Home.ConfigPath), file)
			}
			found = append(found, o.withCompanions(c)...)
		}
	})
	return found
}

// pattern returns the path with the indexes of lists as "*".
func pattern(path []string) string {
	tokens := slices.Clone(path)
	for i, token := range tokens {
		if _, err := strconv.Atoi(token); err == nil {
			tokens[i] = "*"
		}
	}
	return strings.Join(tokens, ".")
}

// isCredentialsFile reports whether a channel's or plugin's string is the path of a
// file that holds a credential, by its key.
func isCredentialsFile(path []string) bool {
	key := path[len(path)-1]
	return (path[0] == "channels" || path[0] == "plugins") && (strings.HasSuffix(key, "File") || key == "authDir")
}

// withCompanions adds what the product keeps beside a file under other names:
// transcripts beside a session store, rotated logs, the -wal of a database.
func (o *outside) withCompanions(c candidate) []candidate {
	found := []candidate{c}
	switch c.inside {
	case "sessions/sessions.json":
		found = append(found, candidate{path: filepath.Dir(c.path), inside: "sessions", why: c.why, claim: c.claim})
	case "logs", "memory/main.sqlite", "cron/jobs.json":
		for _, path := range copiesOf(c.path) {
			found = append(found, candidate{path: path, inside: c.inside, why: "it belongs to " + filepath.Base(c.path), claim: c.claim})
		}
	}
	return found
}

// perAgent returns a path for each agent, where it has "{agentId}" in it.
func (o *outside) perAgent(path string) []string {
	if !strings.Contains(path, "{agentId}") {
		return []string{path}
	}
	var paths []string
	for _, id := range o.agentIDs() {
		paths = append(paths, strings.ReplaceAll(path, "{agentId}", id))
	}
	return paths
}

// variables returns what variables name instead of the config.
func (o *outside) variables() []candidate {
	var found []candidate
	for _, v := range []struct{ name, inside string }{
		{"CLAWDBOT_OAUTH_DIR", "credentials"},
		{"CLAWDBOT_AGENT_DIR", "agents/main/agent"},
		{"PI_CODING_AGENT_DIR", "agents/main/agent"},
		{"CLAWDBOT_CACHE_TRACE_FILE", "logs"},
		{"CLAWDBOT_ANTHROPIC_PAYLOAD_LOG_FILE", "logs"},
		{"CLAWDBOT_RAW_STREAM_PATH", "logs"},
		{"CLAWDBOT_TTS_PREFS", "settings/tts.json"},
		{"GOOGLE_CHAT_SERVICE_ACCOUNT_FILE", "credentials/named"},
		{"GOOGLE_APPLICATION_CREDENTIALS", "credentials/named"},
	} {
		if path := o.variable(v.name); path != "" {
			found = append(found, candidate{path: o.absolute(path), inside: v.inside, why: v.name + " names it", claim: named})
		}
	}
	return found
}

// variable returns what the gateway has for a variable, else what the person has who
// did not name the Home.
func (o *outside) variable(name string) string {
	if value, ok := o.Env.Lookup(name); ok {
		return strings.TrimSpace(value)
	}
	return o.own(name)
}

// own returns a variable of the person who runs us.
func (o *outside) own(name string) string {
	if o.Getenv == nil || o.Home.Explicit {
		return ""
	}
	return strings.TrimSpace(o.Getenv(name))
}

// absolute resolves a path as the gateway would (resolveUserPath in utils.js): a
// relative one begins in its working directory.
func (o *outside) absolute(path string) string { return o.resolve(o.workingDir(), path) }

func (o *outside) resolve(base, path string) string {
	path = strings.TrimSpace(path)
	switch {
	case path == "~" || strings.HasPrefix(path, "~/"):
		return filepath.Join(o.gatewayHome(), path[1:])
	case filepath.IsAbs(path):
		return filepath.Clean(path)
	}
	return filepath.Join(base, path)
}

// walkStrings calls visit for every string of a tree, keys in order. The path is used
// again for the next.
func walkStrings(tree any, path []string, visit func(path []string, text string)) {
	switch value := tree.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(value)) {
			walkStrings(value[key], append(path, key), visit)
		}
	case []any:
		for i, item := range value {
			walkStrings(item, append(path, strconv.Itoa(i)), visit)
		}
	case string:
		if len(path) > 0 {
			visit(path, value)
		}
	}
}
