package extract_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/clawsecrets/clawsecrets/extract"
	"github.com/clawsecrets/clawsecrets/internal/fixture"
)

// However a secret is escaped, and whatever else stands on its line, a diff shows
// nothing of it.
func TestHunksMaskEveryEscape(t *testing.T) {
	const tail = "T4lk-2-n0b0dy-ab0ut"
	for _, written := range []string{
		`p\u00e4ss` + tail, `a\x5f` + tail, `a\/` + tail, "line\\\n" + tail, `a\u00a0` + tail, `\u0039` + tail, `a\ud800` + tail, "plain" + tail,
	} {
		dir := state(t, map[string]string{
			"clawdbot.json": `{gateway:{auth:{mode:"token",token:"` + fixture.Secret(1, "hex", "t") + `"},remote:{password:"` + written + `"}}}`,
		})
		result := scanned(t, dir)
		p, err := extract.Make(result)
		if err != nil {
			t.Fatal(err)
		}
		if len(p.Changes) == 0 {
			t.Fatalf("%q: nothing would change", written)
		}
		for _, hunk := range p.Changes[0].Hunks(result.Findings) {
			if shown := strings.Join(append(hunk.Old, hunk.New...), "\n"); strings.Contains(shown, tail) || !strings.Contains(shown, "********") {
				t.Errorf("%q: shown as %s", written, shown)
			}
		}
	}
}

// What goes with a member that is removed must not end up in the receipt: comments,
// and whatever else a profile holds.
func TestReceiptRecordsNothingElse(t *testing.T) {
	const stray = "7020655958:AA20H_RNY5omr1XSJbEPrrNqQafzbc2FxK2"
	moonshot := fixture.Secret(1, "moonshot", "m")
	profile := `"type":"api_key","provider":"moonshot","key":"` + moonshot + `"`
	for name, files := range map[string]map[string]string{
		"a comment beside a provider's key": {
			"clawdbot.json": `{ models: { providers: { moonshot: { baseUrl: 'https://h.invalid/v1',
				apiKey : "` + moonshot + `" /* before: ` + stray + ` */ ,
				models: [] } } }, gateway: { auth: { token: "` + fixture.Secret(1, "hex", "t") + `" } } }`,
		},
		"a comment at the end of plugins": {
			"clawdbot.json": "{ channels: { telegram: { botToken: '" + fixture.Secret(1, "telegram", "t") + "' } }, plugins: { entries: { discord: { enabled: false } // " + stray + "\n } } }",
		},
		"a comment in auth.profiles": {
			"clawdbot.json":                        "{ auth: { profiles: { 'moonshot:default': { provider: 'moonshot', mode: 'api_key' /* " + stray + " */ } } } }",
			"agents/main/agent/auth-profiles.json": `{"version":1,"profiles":{"moonshot:default":{` + profile + `}}}`,
		},
		"a field of its own in a profile": {
			"clawdbot.json":                        "{}",
			"agents/main/agent/auth-profiles.json": `{"version":1,"profiles":{"moonshot:default":{` + profile + `,"note":"` + stray + `"}}}`,
		},
		"a number in a profile": {
			"clawdbot.json":                        "{}",
			"agents/main/agent/auth-profiles.json": `{"version":1,"profiles":{"moonshot:default":{` + profile + `,"pin":70206559587020}}}`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := state(t, files)
			before := tree(t, dir)
			p := apply(t, dir)
			receipt, err := os.ReadFile(filepath.Join(dir, "clawsecrets", "receipt.json"))
			if err != nil && !p.Empty() {
				t.Fatal(err)
			}
			for _, secret := range []string{stray, "7020", moonshot} {
				if strings.Contains(string(receipt), secret) {
					t.Error("the receipt holds what does not belong there")
				}
			}
			if p.Empty() {
				return
			}
			undo(t, dir)
			if names := differences(before, tree(t, dir)); len(names) > 0 {
				t.Errorf("after undo these differ: %v", names)
			}
		})
	}
}

// The gateway reads an auth store as JSON: one that is only JSON5 is none for it, and
// its keys must not come to life.
func TestStoreThatTheGatewayCannotRead(t *testing.T) {
	dir := state(t, map[string]string{
		"clawdbot.json":                        "{}",
		"agents/main/agent/auth-profiles.json": `{"version":1,"profiles":{"openai:default":{"type":"api_key","provider":"openai","key":"` + fixture.Secret(1, "openai", "o") + `"},}}`,
	})
	view := open(t, dir)
	config, err := view.LoadConfig()
	if err != nil {
		t.Fatal(err)
	}
	env, err := view.LoadEnv()
	if err != nil {
		t.Fatal(err)
	}
	_, err = view.LoadAgents(config.Resolve(env))
	if err == nil || !strings.Contains(err.Error(), "auth-profiles.json:1:") {
		t.Errorf("accepted, or refused without a place: %v", err)
	}
}
