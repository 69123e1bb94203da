package gateway

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/clawsecrets/clawsecrets/internal/gatewaytest"
)

// Every file that the product is known to leave in its state directory has a surface
// and an action, and what is not read has a reason. A row of the table of facts is a
// paragraph here.
func TestClassify(t *testing.T) {
	for _, test := range []struct{ rel, surface, action string }{ // no surface: not read
		{"clawdbot.json", "config", "extract"},
		{"clawdbot.json.4711.0b8c2c5e-1f0a-4a53-9f0d-3f7f5a0f2f11.tmp", "backup", "extract"},

		{"clawdbot.json.bak", "backup", "extract"},
		{"clawdbot.json.bak.1", "backup", "extract"},
		{"clawdbot.json.bak.4", "backup", "extract"},
		{"moltbot.json", "config", "keep"},
		{"moltbot.json.bak.2", "backup", "extract"},
		{"openclaw.json", "config", "keep"},
		{"openclaw.json.clobbered.2026-09-06T10-00-00.000Z", "backup", "extract"},
		{"openclaw.json.rejected.1788000000", "backup", "extract"},
		{"openclaw.json.last-good", "backup", "extract"},
		{"openclaw.json.pre-update", "backup", "extract"},
		{"clawdbot.json~", "backup", "extract"},
		{".clawdbot.json.swp", "backup", "extract"},
		{"clawdbot-old.json", "backup", "extract"},
		{".clawdbot.json.clawsecrets-ABCD2345.tmp/incoming", "backup", "delete"},

		{"telegram.json5", "unknown", "keep"}, // an include; the config says which are
		{"telegram.json5.bak", "backup", "delete"},

		{".env", "dotenv", "keep"},
		{".env.bak", "backup", "delete"},
		{".env~", "backup", "delete"},

		{"credentials", "credentials", "keep"},
		{"credentials/oauth.json", "credentials", "keep"},

		{"credentials/whatsapp/default/creds.json", "credentials", "keep"},
		{"credentials/whatsapp/default/creds.json.bak", "backup", "delete"},
		{"credentials/whatsapp/default/pre-key-1.json", "credentials", "keep"},
		{"credentials/session-1.json", "credentials", "keep"},
		{"credentials/lid-mapping-1_reverse.json", "credentials", "keep"},

		{"credentials/github-copilot.token.json", "credentials", "keep"},
		{"credentials/matrix/credentials.json", "credentials", "keep"},
		{"credentials/telegram-pairing.json", "credentials", "keep"},
		{"credentials/telegram-allowFrom.json", "credentials", "keep"},
		{"credentials/browser-extension-relay.secret", "credentials", "keep"},

		{"agents/main/agent/auth-profiles.json", "auth-profile", "extract"},
		{"agents/main/agent/auth-profiles.json.lock", "lock", "keep"},
		{"agents/main/agent/auth-profiles.json.migrated-1788000000-0b8c2c5e", "backup", "delete"},
		{"agents/main/agent/auth.json", "auth-profile", "extract"},
		{"agents/work/agent/models.json", "generated", "redact"},
		{"agents/work/agent/models.json.bak", "backup", "delete"},
		{"agents/work/agent/plugins/acme/catalog.json", "generated", "redact"},
		{"agents/work/agent/plugins/a/b/catalog.json", "generated", "redact"},
		{"agents/work/agent/plugins/acme/catalog.json.bak", "backup", "delete"},
		{"agents/work/agent/plugins/acme/index.js", "settings", "keep"},
		{"agents/work/agent/catalog.json", "settings", "keep"},
		{"agents/work/agent/openclaw-agent.sqlite-wal", "database", "rotate"},
		{"agents/work/agent/prompts/x.md", "settings", "keep"},

		{"agents/main/sessions/9e6735dd-2c41.jsonl", "session", "redact"},
		{"agents/main/sessions/9e6735dd-topic-7.jsonl", "session", "redact"},
		{"agents/main/sessions/9e6735dd.jsonl.deleted.2026-01-20T10-00-00.000Z", "session", "redact"},
		{"agents/main/sessions/9e6735dd.jsonl.bak.2026-01-20T10-00-00.000Z", "session", "redact"},
		{"agents/main/sessions/9e6735dd.jsonl.reset.2026-01-20T10-00-00.000Z", "session", "redact"},
		{"agents/main/sessions/9e6735dd.jsonl.lock", "lock", "keep"},
		{"agents/main/sessions/cold/ab12.jsonl.zst", "archive", "delete"},
		{"agents/main/session-sqlite-import-archive/9e.jsonl.imported-1788000000", "session", "redact"},

		{"agents/main/sessions/sessions.json", "session", "redact"},
		{"agents/main/sessions/sessions.json.lock", "lock", "keep"},
		{"agents/main/sessions/sessions.json.4711.tmp", "backup", "delete"},

		{"agents/main/agent.legacy-1767000000/auth.json", "backup", "delete"},
		{"agents/main/sessions.legacy-1767000000/9e.jsonl", "session", "redact"},
		{"agent.legacy-1767000000/auth-profiles.json", "backup", "delete"},
		{"sessions.legacy-1767000000/9e.jsonl", "session", "redact"},
		{"agent/auth.json", "auth-profile", "extract"},
		{"agent/models.json", "generated", "redact"},
		{"sessions/9e.jsonl", "session", "redact"},
		{"sessions", "session", "redact"},

		{"devices/paired.json", "device", "keep"},
		{"devices/pending.json", "device", "keep"},
		{"identity/device.json", "device", "keep"},
		{"identity/device-auth.json", "device", "keep"},
		{"nodes/paired.json", "device", "keep"},
		{"nodes/pending.json", "device", "keep"},
		{"node.json", "device", "keep"},
		{"exec-approvals.json", "device", "keep"},
		{"exec-approvals.json.bak", "backup", "delete"},
		{"exec-approvals.json.4711.tmp", "backup", "delete"},
		{"devices/paired.json.migrated", "backup", "delete"},
		{"exec-approvals.sock", "", ""},
		{"gateway/tls/gateway-key.pem", "device", "keep"},
		{"gateway/tls/gateway-cert.pem", "device", "keep"},
		{"bridge/tls/bridge-key.pem", "device", "keep"},

		{"cron/jobs.json", "cron", "keep"},
		{"cron/jobs.json.bak", "backup", "delete"},
		{"cron/jobs.json.migrated", "backup", "delete"},
		{"cron/runs/1b2c.jsonl", "cron", "redact"},

		{"memory/main.sqlite", "database", "rotate"},
		{"memory/main.sqlite-wal", "database", "rotate"},
		{"memory/main.sqlite-journal", "database", "rotate"},
		{"memory/main.sqlite-shm", "", ""},
		{"memory/main.sqlite.tmp-0b8c2c5e", "database", "rotate"},
		{"memory/lancedb/memories.lance/data/1.lance", "database", "rotate"},
		{"state/openclaw.sqlite.doctor-gateway-token.0b8c.bak", "database", "rotate"},

		{"logs", "log", "redact"},
		{"logs/gateway.log", "log", "redact"},
		{"logs/gateway.err.log", "log", "redact"},
		{"logs/gateway.log.bak", "log", "redact"},
		{"logs/gateway.log.1.gz", "archive", "delete"},
		{"logs/config-audit.jsonl", "log", "redact"},
		{"logs/cache-trace.jsonl", "log", "redact"},
		{"logs/anthropic-payload.jsonl", "log", "redact"},
		{"logs/raw-stream.jsonl", "log", "redact"},
		{"logs/commands.log", "log", "redact"},

		{"media/inbound/photo.jpg", "media", "delete"},
		{"media/remote-cache/x/notes.txt", "media", "delete"},
		{"media/inbound/x.zip", "archive", "delete"},

		{"hooks/transforms/gmail.js", "hooks", "keep"},
		{"hooks/notify/handler.ts", "hooks", "keep"},
		{"extensions/acme/index.ts", "extension", "keep"},
		{"extensions/acme/node_modules", "", ""},
		{"extensions/acme/node_modules/x/index.js", "", ""},
		{"plugins/catalog.json", "extension", "keep"},
		{"mpm/plugins.json", "extension", "keep"},
		{"skills/tickets/SKILL.md", "skill", "keep"},
		{"skills/tickets/.git", "", ""},
		{"skills/tickets/.git/config", "", ""},
		{"skills/tickets/.gitignore", "skill", "keep"},
		{"skills/tickets/.env", "skill", "keep"}, // not the gateway's: a secret in it is one
		{"skills/tickets/cache.db", "database", "rotate"},
		{"tools/signal-cli/0.13/bin/signal-cli", "skill", "keep"},

		{"browser/chrome/user-data", "", ""},
		{"browser/chrome/user-data/Default/Cookies", "", ""},
		{"browser/chrome-extension/manifest.json", "browser", "keep"},

		{"sandbox/containers.json", "sandbox", "keep"},
		{"sandboxes/agent-main-1/notes.md", "sandbox", "keep"},

		{"subagents/runs.json", "session", "redact"},
		{"settings/tts.json", "settings", "keep"},
		{"settings/voicewake.json", "settings", "keep"},
		{"telegram/update-offset-default.json", "settings", "keep"},
		{"nostr/bus-state-default.json", "settings", "keep"},
		{"matrix/bot-storage.json", "credentials", "keep"},
		{"matrix/crypto/matrix-sdk-crypto.sqlite3", "database", "rotate"},
		{"msteams-conversations.json", "settings", "keep"},
		{"voice-calls/calls.jsonl", "session", "redact"},
		{"restart-sentinel.json", "settings", "keep"},
		{"update-check.json", "settings", "keep"},
		{"gateway.cmd", "service", "extract"},
		{"node.cmd", "service", "extract"},
		{"gateway.systemd.env", "service", "extract"},
		{"service-env/ai.openclaw.gateway.env", "service", "extract"},
		{"dns/clawdbot.internal.db", "settings", "keep"},

		{"workspace/MEMORY.md", "workspace", "keep"},
		{"workspace/notes.md.bak", "workspace", "keep"},
		{"workspace/all.tar.gz", "archive", "delete"},
		{"canvas/AGENTS.md", "workspace", "keep"},
		{"workspace/clawsecrets/notes.md", "workspace", "keep"},
		{"workspace-work/TOOLS.md", "workspace", "keep"},
		{"backups/tools-md-migration/main.md", "backup", "delete"},
		{"secrets.json", "credentials", "keep"},

		{"clawsecrets", "unknown", "keep"},
		{"clawsecrets/receipt.json", "", ""},
		{"clawsecrets/quarantine.env", "", ""},
		{"clawsecrets/lock", "", ""},
		{"clawsecrets/.receipt.json.clawsecrets-ABCD2345.tmp/incoming", "", ""},
		{"clawsecrets/notes.txt", "unknown", "keep"},
		{"clawsecrets/old/receipt.json", "unknown", "keep"},
		{"clawsecrets.txt", "unknown", "keep"},

		{".", "unknown", "keep"},
		{"notes.txt", "unknown", "keep"},
		{"id_ed25519", "unknown", "keep"},
		{"debug.log", "log", "redact"},
		{"new-folder/x.json", "unknown", "keep"},
		{"new-folder/x.json5.bak", "backup", "delete"},
		{"new-folder/x.txt.bak", "unknown", "keep"},
		{"old.tar", "archive", "delete"},
		{"state-2026.TGZ", "archive", "delete"},
		{"memory/main.sqlite.gz", "archive", "delete"},
		{"agents", "unknown", "keep"},
		{"agents/main", "unknown", "keep"},
		{"agents/main/agent", "settings", "keep"},
		{"./logs//gateway.log", "log", "redact"},
	} {
		place := Classify(test.rel)
		if string(place.Surface) != test.surface || place.Action != test.action || (place.Skip == "") != (test.surface != "") {
			t.Errorf("%s: got %q, %q, skip %q; want %q, %q", test.rel, place.Surface, place.Action, place.Skip, test.surface, test.action)
		}
	}
}

// A directory that is left out leaves out all that is in it, and only such a path is:
// a name that a file shares with one of ours or the product's hides nothing.
func FuzzClassify(f *testing.F) {
	for _, rel := range []string{"", "/", "..", "../x", "clawsecrets/x", "a/.git/b", "memory/x.sqlite-shm", "browser/a/user-data", "x\x00/é"} {
		f.Add(rel)
	}
	f.Fuzz(func(t *testing.T, rel string) {
		place := Classify(rel)
		if (place.Skip == "") != (place.Surface != "") || (place.Surface == "") != (place.Action == "") {
			t.Fatalf("%q: both read and not read: %+v", rel, place)
		}
		file := strings.HasSuffix(path.Clean(rel), "-shm") || path.Clean(rel) == "exec-approvals.sock"
		if place.Skip != "" && !file && Classify(rel+"/x").Skip == "" {
			t.Fatalf("%q is left out, and what is in it is not", rel)
		}
		if place.Skip == "" {
			return
		}
		for _, reason := range []string{"clawsecrets", ".git", "node_modules", "user-data", "-shm", ".sock"} {
			if strings.Contains(rel, reason) {
				return
			}
		}
		t.Fatalf("%q is left out: %s", rel, place.Skip)
	})
}

// The files of a real Home are all known, save what its config includes.
func TestClassifiesARealHome(t *testing.T) {
	root := filepath.Join("..", "..", "testdata", "state", "clawdbot-2026.1.24")
	files, includes := 0, map[string]bool{"skills.json5": true, "tools.exec.json": true, "tools.web.json5": true}
	err := filepath.WalkDir(root, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		rel, _ := filepath.Rel(root, name)
		rel = filepath.ToSlash(rel)
		files++
		if place := Classify(rel); (place.Surface == "unknown") != includes[rel] || place.Skip != "" {
			t.Errorf("%s: %+v", rel, place)
		}
		return nil
	})
	if err != nil || files < 20 {
		t.Fatal(files, err)
	}
}

// Whatever the product's own code joins to its state directory is known.
func TestClassifiesWhatTheProductNames(t *testing.T) {
	installation := gatewaytest.Product(t)
	joined := regexp.MustCompile(`path\.join\((?:CONFIG_DIR|STATE_DIR_CLAWDBOT|resolve(?:State|Config)Dir\([^)]*\)|(?:params\.)?stateDir)((?:,\s*"[^"]+")+)`)
	seen := map[string]bool{}
	for _, folder := range []string{"dist", "extensions"} {
		root := filepath.Join(installation.Modules, "clawdbot", folder)
		err := filepath.WalkDir(root, func(name string, entry fs.DirEntry, err error) error {
			if err != nil || !entry.Type().IsRegular() || filepath.Ext(name) != ".js" && filepath.Ext(name) != ".ts" {
				return err
			}
			text, err := os.ReadFile(name)
			for _, match := range joined.FindAllSubmatch(text, -1) {
				rel := strings.NewReplacer(`"`, "", ",", "/", " ", "", "\n", "").Replace(string(match[1]))[1:]
				if !seen[rel] && Classify(rel).Surface == "unknown" && rel != "agents" && rel != "memory" {
					t.Errorf("%s names %s, which is not known", name, rel)
				}
				seen[rel] = true
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%d paths", len(seen))
	if len(seen) < 25 {
		t.Error("the pattern finds too little in the product")
	}
}

func BenchmarkClassify(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		Classify("agents/main/sessions/4d0c2a6e-7b95-4c1d-9f38-e15a60b7c283.jsonl.deleted.2026-01-20T10-00-00.000Z")
	}
}
