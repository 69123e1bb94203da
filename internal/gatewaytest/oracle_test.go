package gatewaytest

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
)

func TestOracle(t *testing.T) {
	t.Parallel()
	in, h := Product(t), NewHome(t)
	h.Write(t, "clawdbot.json", `{
		// the token comes from the .env of the state directory
		gateway: {mode: "local", auth: {token: "${GW}"}},
		env: {vars: {VENDOR: "from-config", SHADOWED: "from-config"}},
		models: {providers: {mock: {baseUrl: "http://127.0.0.1:9/v1", apiKey: "${MOCK}", models: []}}},
		agents: {list: [{id: "main"}, {id: "work"}]},
	}`)
	h.Write(t, ".env", "GW=gw-state\nMOCK=mk-state\nSHADOWED=state\nPREC=state\nMOONSHOT_API_KEY=sk-moon-env\nTELEGRAM_BOT_TOKEN=1:x\n")
	h.Write(t, "agents/main/agent/auth-profiles.json", profileFor("anthropic", "sk-ant-profile"))
	h.Write(t, "agents/old/agent/auth.json", `{"groq": {"type": "api_key", "key": "gsk-legacy"}}`)
	cwd := t.TempDir()
	if err := os.WriteFile(filepath.Join(cwd, ".env"), []byte("PREC=cwd\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	before := tree(t, h.State)

	o := in.Oracle(t)
	r := o.Resolve(t, OracleRequest{State: h.State, Dir: cwd, Env: map[string]string{"HOME": h.Dir, "MOCK": "mk-process"}})

	if !r.Snapshot.Valid || len(r.Snapshot.Issues) != 0 {
		t.Errorf("snapshot: valid %v, issues %v", r.Snapshot.Valid, r.Snapshot.Issues)
	}
	wantEnv := map[string]string{
		"GW": "gw-state", "MOCK": "mk-process", "PREC": "cwd", "VENDOR": "from-config", "SHADOWED": "state",
		"HOME": h.Dir, "MOONSHOT_API_KEY": "sk-moon-env", "TELEGRAM_BOT_TOKEN": "1:x",
	}
	if !reflect.DeepEqual(r.Env, wantEnv) {
		t.Errorf("env %v, want %v", r.Env, wantEnv)
	}
	if r.GatewayAuth.Token != "gw-state" || r.GatewayAuth.Mode != "token" {
		t.Errorf("gateway auth %+v", r.GatewayAuth)
	}
	if got := fmt.Sprint(r.Config.(map[string]any)["gateway"].(map[string]any)["auth"]); got != "map[token:gw-state]" {
		t.Errorf("gateway.auth %s", got)
	}
	fromMain := map[string]Credential{
		"anthropic": {APIKey: "sk-ant-profile", Source: "profile:anthropic:default", ProfileID: "anthropic:default", Mode: "api-key"},
		"mock":      {APIKey: "mk-process", Source: "models.json", Mode: "api-key"},
		"moonshot":  {APIKey: "sk-moon-env", Source: "env: MOONSHOT_API_KEY", Mode: "api-key"},
	}
	// An agent without profiles of its own has those of main, even before its own legacy file.
	want := map[string]map[string]Credential{"main": fromMain, "work": fromMain, "old": fromMain}
	if !reflect.DeepEqual(r.Credentials, want) {
		t.Errorf("credentials %v, want %v", r.Credentials, want)
	}
	if len(r.AutoEnable) != 1 || !strings.HasPrefix(r.AutoEnable[0], "Telegram configured") {
		t.Errorf("auto-enable: %q", r.AutoEnable)
	}
	if after := tree(t, h.State); !reflect.DeepEqual(after, before) {
		t.Errorf("the oracle changed the state directory:\n%v\n%v", before, after)
	}
}

// TestOracleForgets asks for one state directory after another: no answer may
// know of an earlier one.
func TestOracleForgets(t *testing.T) {
	t.Parallel()
	in := Product(t)
	o := in.Oracle(t)
	set, unset := NewHome(t), NewHome(t)
	const config = `{gateway: {auth: {token: "${GW}"}}, env: {vars: {LATER: "x"}}}`
	set.Write(t, "clawdbot.json", config)
	set.Write(t, ".env", "GW=gw-value\nOPENAI_API_KEY=sk-value\n")
	unset.Write(t, "clawdbot.json", config)

	for range 2 {
		if r := o.Resolve(t, OracleRequest{State: set.State}); r.GatewayAuth.Token != "gw-value" {
			t.Errorf("token %q", r.GatewayAuth.Token)
		}
		r := o.Resolve(t, OracleRequest{State: unset.State})
		if r.Snapshot.Valid || len(r.Snapshot.Issues) != 1 || !strings.Contains(r.Snapshot.Issues[0].Message, `"GW"`) {
			t.Errorf("snapshot: valid %v, issues %v", r.Snapshot.Valid, r.Snapshot.Issues)
		}
		if len(r.Env) != 0 || len(r.Credentials["main"]) != 0 || len(r.Config.(map[string]any)) != 0 {
			t.Errorf("left over: env %v, credentials %v, config %v", r.Env, r.Credentials, r.Config)
		}
	}
}

// TestOracleForgetsPlugins: the product caches the plugins of a state directory
// without noting which one it was.
func TestOracleForgetsPlugins(t *testing.T) {
	t.Parallel()
	o := Product(t).Oracle(t)
	with, without := NewHome(t), NewHome(t)
	const config = `{plugins: {entries: {demo: {enabled: true}}}}`
	with.Write(t, "clawdbot.json", config)
	with.Write(t, "extensions/demo/clawdbot.plugin.json", `{"id": "demo", "configSchema": {"type": "object"}}`)
	with.Write(t, "extensions/demo/index.js", "export default {};")
	without.Write(t, "clawdbot.json", config)
	for range 2 {
		if r := o.Resolve(t, OracleRequest{State: with.State}); !r.Snapshot.Valid {
			t.Errorf("with the plugin: issues %v", r.Snapshot.Issues)
		}
		if r := o.Resolve(t, OracleRequest{State: without.State}); r.Snapshot.Valid {
			t.Error("without the plugin: valid, want an issue")
		}
	}
}

// TestOracleExpiredOAuth: a refresh needs the network and a lock; neither may be
// waited for.
func TestOracleExpiredOAuth(t *testing.T) {
	t.Parallel()
	in, h := Product(t), NewHome(t)
	h.Write(t, "agents/main/agent/auth-profiles.json", `{"version": 1, "profiles": {"anthropic:default":
		{"type": "oauth", "provider": "anthropic", "access": "a", "refresh": "r", "expires": 1}}}`)
	h.Write(t, ".env", "ANTHROPIC_API_KEY=sk-ant-env\n")
	o := in.Oracle(t)
	o.Resolve(t, OracleRequest{State: NewHome(t).State}) // loads the modules
	start := time.Now()
	r := o.Resolve(t, OracleRequest{State: h.State})
	if got := r.Credentials["main"]["anthropic"].APIKey; got != "sk-ant-env" {
		t.Errorf("credential %q, want that of the environment", got)
	}
	if took := time.Since(start); took > 15*time.Second {
		t.Errorf("took %s", took)
	}
}

func BenchmarkOracle(b *testing.B) {
	in, h := Product(b), NewHome(b)
	h.Write(b, "clawdbot.json", `{gateway: {mode: "local", auth: {token: "${GW}"}}}`)
	h.Write(b, ".env", "GW=gw-state\n")
	h.Write(b, "agents/main/agent/auth-profiles.json", profileFor("anthropic", "sk-ant-profile"))
	o := in.Oracle(b)
	o.Resolve(b, OracleRequest{State: h.State})
	for b.Loop() {
		o.Resolve(b, OracleRequest{State: h.State})
	}
}

// tree returns the content and mode of every file, by its path.
func tree(t *testing.T, root string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		files[path] = info.Mode().String() + string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}
