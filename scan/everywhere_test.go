package scan_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/clawsecrets/clawsecrets/internal/fixture"
	"github.com/clawsecrets/clawsecrets/internal/gateway"
	"github.com/clawsecrets/clawsecrets/scan"
)

const everywhereSeed = 7

// surface is a file below a person's home directory in which secrets are planted.
type surface struct {
	path    string // with slashes
	surface gateway.Surface
	action  scan.Action
}

// Every row of the product's state layout, and of what belongs to it outside.
func surfaces() []surface {
	return []surface{
		{".clawdbot/clawdbot.json.bak.3", "backup", scan.Extract},
		{".clawdbot/clawdbot.json.4711.0f3c.tmp", "backup", scan.Extract},
		{".clawdbot/.env.old", "backup", scan.Delete},
		{".clawdbot/credentials/oauth.json", "credentials", scan.Keep},
		{".clawdbot/credentials/whatsapp/default/creds.json.bak", "backup", scan.Delete},
		{".clawdbot/agents/work/agent/auth.json", "auth-profile", scan.Extract},
		{".clawdbot/agents/work/agent/models.json", "generated", scan.Redact},
		{".clawdbot/agents/work/agent/plugins/acme/catalog.json", "generated", scan.Redact},
		{".clawdbot/agents/work/agent.legacy-1769000000/auth-profiles.json", "backup", scan.Delete},
		{".clawdbot/agents/work/sessions/a.jsonl", "session", scan.Redact},
		{".clawdbot/agents/work/sessions/a.jsonl.deleted.2026-01-20T10-00-00.000Z", "session", scan.Redact},
		{".clawdbot/agents/work/sessions/a.jsonl.lock", "lock", scan.Keep},
		{".clawdbot/agents/work/sessions.legacy-1769000000/b.jsonl", "session", scan.Redact},
		{".clawdbot/agent/auth-profiles.json", "auth-profile", scan.Extract},
		{".clawdbot/sessions/c.jsonl", "session", scan.Redact},
		{".clawdbot/devices/extra.json", "device", scan.Keep},
		{".clawdbot/identity/extra.json", "device", scan.Keep},
		{".clawdbot/nodes/pending.json", "device", scan.Keep},
		{".clawdbot/node.json", "device", scan.Keep},
		{".clawdbot/gateway/tls/gateway-key.pem", "device", scan.Keep},
		{".clawdbot/bridge/tls/bridge-key.pem", "device", scan.Keep},
		{".clawdbot/cron/jobs.json.bak", "backup", scan.Delete},
		{".clawdbot/cron/runs/job.jsonl", "cron", scan.Redact},
		{".clawdbot/memory/main.sqlite", "database", scan.Rotate},
		{".clawdbot/logs/gateway.err.log", "log", scan.Redact},
		{".clawdbot/logs/cache-trace.jsonl", "log", scan.Redact},
		{".clawdbot/media/inbound/letter.txt", "media", scan.Delete},
		{".clawdbot/hooks/transforms/mail.ts", "hooks", scan.Keep},
		{".clawdbot/extensions/mine/index.ts", "extension", scan.Keep},
		{".clawdbot/plugins/mine/index.js", "extension", scan.Keep},
		{".clawdbot/skills/mine/SKILL.md", "skill", scan.Keep},
		{".clawdbot/tools/mine/run.sh", "skill", scan.Keep},
		{".clawdbot/sandbox/containers.json", "sandbox", scan.Keep},
		{".clawdbot/sandboxes/agent-main/notes.txt", "sandbox", scan.Keep},
		{".clawdbot/subagents/runs.json", "session", scan.Redact},
		{".clawdbot/settings/tts.json", "settings", scan.Keep},
		{".clawdbot/voice-calls/calls.jsonl", "session", scan.Redact},
		{".clawdbot/gateway.cmd", "service", scan.Extract},
		{".clawdbot/service-env/gateway.env", "service", scan.Extract},
		{".clawdbot/restart-sentinel.json", "settings", scan.Keep},
		{".clawdbot/workspace-work/TOOLS.md", "workspace", scan.Keep},
		{".clawdbot/what-is-this.txt", "unknown", scan.Keep},
		{".clawdbot/clawsecrets/not-ours.txt", "unknown", scan.Keep},
		{".clawdbot/new-folder/state.json", "unknown", scan.Keep},

		{"clawd/TOOLS.md", "workspace", scan.Keep},
		{"clawd-work/memory/2026-01-20.md", "workspace", scan.Keep},
		{".config/systemd/user/clawdbot-gateway.service", "service", scan.Extract},
		{".config/systemd/user/clawdbot-gateway.service.bak", "service", scan.Extract},
		{".config/systemd/user/clawdbot-node.service", "service", scan.Extract},
		{"docker-compose.yml", "service", scan.Extract},
		{".env", "dotenv", scan.Keep},
		{".bash_history", "history", scan.Redact},
		{".local/share/fish/fish_history", "history", scan.Redact},
		{".zshrc", "shell", scan.Keep},
		{".claude/.credentials.json", "credentials", scan.Keep},
		{".codex/auth.json", "credentials", scan.Keep},
		{".qwen/oauth_creds.json", "credentials", scan.Keep},
		{"tmp/clawdbot/clawdbot-2026-01-20.log", "log", scan.Redact},
	}
}

// plantedIn returns the secrets that are planted in a file.
func plantedIn(path string) []string {
	var values []string
	for _, kind := range []string{"anthropic", "github", "groq", "slack-app", "telegram"} {
		values = append(values, fixture.Secret(everywhereSeed, kind, path))
	}
	return values
}

// contents returns a file of the kind that its name says, with the values.
func contents(path string, values ...string) []byte {
	prose := "use " + strings.Join(values, " or ") + " for that"
	line := "export KEY_%d=%s\n"
	switch filepath.Ext(path) {
	case ".sqlite":
		return fixture.SQLite("nothing", prose)
	case ".service":
		line = "Environment=\"KEY_%d=%s\"\n"
	case ".env":
		line = "KEY_%d=%s\n"
	}
	if strings.Contains(path, ".json") {
		text, _ := json.Marshal(map[string]any{"id": 1, "text": prose}) // strings always encode
		return append(text, '\n')
	}
	var b strings.Builder
	if strings.Contains(path, ".service") {
		b.WriteString("[Service]\nExecStart=/usr/bin/node /opt/clawdbot/dist/entry.js gateway\n")
	}
	for i, value := range values {
		fmt.Fprintf(&b, line, i, value)
	}
	return []byte(b.String())
}

// person is the home directory of somebody who runs a gateway.
type person struct {
	home string
}

func newPerson(t testing.TB) person {
	t.Helper()
	p := person{t.TempDir()}
	if err := fixture.Clawdbot(filepath.Join(p.home, ".clawdbot"), fixture.Options{Seed: everywhereSeed}); err != nil {
		t.Fatal(err)
	}
	return p
}

func (p person) path(rel string) string { return filepath.Join(p.home, filepath.FromSlash(rel)) }

func (p person) write(t testing.TB, rel string, data []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(p.path(rel)), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(p.path(rel), data, 0o600); err != nil {
		t.Fatal(err)
	}
}

func (p person) scan(t testing.TB, options scan.Options) *scan.Result {
	t.Helper()
	options.Everywhere = &scan.Everywhere{LogDirs: []string{p.path("tmp/clawdbot")}}
	result, err := p.scanUntil(t.Context(), t, options)
	if err != nil {
		t.Fatal(err)
	}
	return result
}

func (p person) scanUntil(ctx context.Context, t testing.TB, options scan.Options) (*scan.Result, error) {
	t.Helper()
	home, err := gateway.Find(gateway.Query{UserHome: p.home})
	if err != nil {
		t.Fatal(err)
	}
	view, err := gateway.OpenToRead(home)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = view.Close() }()
	return scan.Home(ctx, view, options)
}

// at returns the findings in a file, by its path below the home directory.
func (p person) at(result *scan.Result, rel string) []*scan.Finding {
	var found []*scan.Finding
	for _, f := range result.Findings {
		if f.File.Rel == p.shown(rel) {
			found = append(found, f)
		}
	}
	return found
}

// shown returns how a scan names a file.
func (p person) shown(rel string) string {
	if inside, ok := strings.CutPrefix(rel, ".clawdbot/"); ok {
		return inside
	}
	return p.path(rel)
}

func (p person) skipped(result *scan.Result, rel string) string {
	for _, s := range result.Coverage.Skipped {
		if strings.TrimSuffix(s.File, "/") == p.shown(rel) {
			return s.Class
		}
	}
	return ""
}

func TestEverySurface(t *testing.T) {
	p := newPerson(t)
	for _, s := range surfaces() {
		p.write(t, s.path, contents(s.path, plantedIn(s.path)...))
	}
	result := p.scan(t, scan.Options{})
	for _, s := range surfaces() {
		found := p.at(result, s.path)
		for _, value := range plantedIn(s.path) {
			i := slices.IndexFunc(found, func(f *scan.Finding) bool { return f.Value.Reveal() == value })
			if i < 0 {
				t.Errorf("%s: a secret is not found", s.path)
				continue
			}
			if f := found[i]; f.File.Surface != s.surface || f.Action != s.action || f.Severity == "" {
				t.Errorf("%s: got %s, %s, %q; want %s, %s", s.path, f.File.Surface, f.Action, f.Severity, s.surface, s.action)
			}
		}
		if len(found) != len(plantedIn(s.path)) {
			t.Errorf("%s: %d findings of %d secrets", s.path, len(found), len(plantedIn(s.path)))
		}
	}
	if result.Coverage.Unread() {
		t.Errorf("could not read %v", result.Coverage.Skipped)
	}
	again := p.scan(t, scan.Options{})
	if places(again) != places(result) {
		t.Error("a second scan has another order")
	}
}

// places returns where the findings are, one a line.
func places(result *scan.Result) string {
	var b strings.Builder
	for _, f := range result.Findings {
		fmt.Fprintln(&b, f.File.Rel, f.Line, f.Column, f.Pointer, f.Rule)
	}
	for _, s := range result.Coverage.Skipped {
		fmt.Fprintln(&b, s.File, s.Class, s.Why)
	}
	return b.String()
}

// What is left out on purpose is named, and nothing of it is read.
func TestWhatIsLeftOutIsNamed(t *testing.T) {
	p := newPerson(t)
	for path, left := range map[string]string{
		".clawdbot/extensions/mine/node_modules/x/index.js":  ".clawdbot/extensions/mine/node_modules",
		".clawdbot/browser/clawd/user-data/Default/Cookies":  ".clawdbot/browser/clawd/user-data",
		".clawdbot/clawsecrets/receipt.json":                 ".clawdbot/clawsecrets/receipt.json",
		".clawdbot/workspace/site/node_modules/y/.npmrc.txt": ".clawdbot/workspace/site/node_modules",
	} {
		p.write(t, path, contents(path, plantedIn(path)...))
		result := p.scan(t, scan.Options{})
		if class := p.skipped(result, left); class != "excluded" {
			t.Errorf("%s: %q", left, class)
		}
		for _, f := range result.Findings {
			if slices.Contains(plantedIn(path), f.Value.Reveal()) {
				t.Errorf("%s: read all the same", path)
			}
		}
	}
}

// A value that no rule would take for a secret is one wherever it stands, once the config
// says so.
func TestKnownValueIsFoundEverywhere(t *testing.T) {
	weak := "hunter" + "2x"
	nested := func(text string) string {
		encoded, _ := json.Marshal(map[string]string{"note": text}) // strings always encode
		return string(encoded)
	}
	p := newPerson(t)
	p.write(t, ".clawdbot/clawdbot.json", []byte(`{"gateway": {"auth": {"password": "`+weak+`"}}}`))
	encoded := base64.StdEncoding.EncodeToString([]byte("login with " + weak + " please"))
	for path, data := range map[string]string{
		".clawdbot/agents/main/sessions/plain.jsonl":  nested("I use "+weak+" there") + "\n",
		".clawdbot/agents/main/sessions/nested.jsonl": nested(nested(nested("say "+weak+" to it"))) + "\n",
		".clawdbot/agents/main/sessions/base64.jsonl": nested("it printed "+encoded) + "\n",
		".clawdbot/agents/main/sessions/url.jsonl":    nested("GET /?q=a%20b%22"+weak+"%22%20c") + "\n",
		".clawdbot/memory/notes.sqlite":               string(fixture.SQLite("the word is " + weak + ", as agreed")),
		".config/systemd/user/clawdbot-node.service":  "[Service]\nExecStart=/usr/bin/clawdbot node --flag " + weak + "\n",
		"clawd/MEMORY.md":                             "- they say " + weak + "\n",
	} {
		p.write(t, path, []byte(data))
		found := p.at(p.scan(t, scan.Options{}), path)
		if len(found) != 1 || found[0].Value.Reveal() != weak || found[0].Detector != scan.Known {
			t.Errorf("%s: %d findings, want the known value alone", path, len(found))
		}
	}
}

func TestOptionsNarrowEverywhere(t *testing.T) {
	p := newPerson(t)
	for _, s := range surfaces() {
		p.write(t, s.path, contents(s.path, plantedIn(s.path)...))
	}
	only := p.scan(t, scan.Options{Only: []string{"agents/*/sessions/*"}})
	for _, f := range only.Findings {
		if f.File.Surface != "session" && f.File.Surface != "lock" {
			t.Errorf("--only: %s is found", f.File.Rel)
		}
	}
	if len(p.at(only, ".clawdbot/agents/work/sessions/a.jsonl")) == 0 || p.skipped(only, ".bash_history") != "excluded" {
		t.Error("--only: leaves out too much, or does not say what")
	}
	skipped := p.scan(t, scan.Options{Skip: []string{p.path(".bash_history"), "memory/*"}})
	for _, path := range []string{".bash_history", ".clawdbot/memory/main.sqlite"} {
		if len(p.at(skipped, path)) > 0 || p.skipped(skipped, path) != "excluded" {
			t.Errorf("--skip: %s is found, or not named as left out", path)
		}
	}
}
