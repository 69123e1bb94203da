package extract_test

import (
	"encoding/base64"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/clawsecrets/clawsecrets/extract"
	"github.com/clawsecrets/clawsecrets/internal/fixture"
	"github.com/clawsecrets/clawsecrets/internal/gateway"
	"github.com/clawsecrets/clawsecrets/internal/gatewaytest"
)

// fixSettings writes the log settings of a Home and returns its problems before and after.
func fixSettings(t *testing.T, view *gateway.View) (before, after string, changed int) {
	t.Helper()
	home := *view.Home
	scanned := looked(t, view)
	found, err := extract.Verify(t.Context(), scanned, testKey(), extract.VerifyOptions{Now: time.Now()})
	if err != nil {
		t.Fatal(err)
	}
	if err := found.FixSettings(t.Context(), scanned, testKey()); err != nil {
		t.Fatal(err)
	}
	return problems(t, scanned), problems(t, looked(t, reopened(t, &home))), len(found.Settings)
}

// Log settings are put right wherever the config has them, in one go, and an undo takes that
// back byte for byte.
func TestFixSettings(t *testing.T) {
	discord := fixture.Secret(7, "discord", "bot")
	log := "login with " + discord + " failed\nAuthorization: Bearer " + fixture.Secret(7, "hex", "bearer") + "\n"
	const mode, patterns = `logging.redactSensitive is "off"`, "none of the gateway's patterns masks"
	for _, test := range []struct {
		name, config, log string
		include           string
		before            []string // parts of warnings
		present           int      // patterns afterwards, 0 for none
		fixable           bool
	}{
		{"nothing to do", `{}`, "all is well\n", "", nil, 0, false},
		{"masked by default", `{}`, "Authorization: Bearer " + fixture.Secret(7, "hex", "bearer") + "\n", "", nil, 0, false},
		{"off", `{ logging: { redactSensitive: 'off' } }`, "", "", []string{mode}, 0, true},
		{"on", `{ logging: { redactSensitive: 'tools' } }`, "", "", nil, 0, false},
		{"off in an include", `{ logging: { $include: './logging.json5' } }`, "", `{ redactSensitive: "off" }`, []string{mode}, 0, true},
		{"no settings", `{ gateway: { mode: 'local' } }`, log, "", []string{patterns + ": discord-bot-token"}, 17, true},
		{"an empty config", `{}`, log, "", []string{patterns}, 17, true},
		{"other settings", "{\n  // logs\n  logging: {\n    level: 'debug', // all\n  },\n}\n", log, "", []string{patterns}, 17, true},
		{"both", `{ "logging": { "redactSensitive": "off" } }`, log, "", []string{mode, patterns}, 17, true},
		{"an empty list", `{ logging: { redactPatterns: [] } }`, log, "", []string{patterns}, 17, true},
		{"a list", `{ logging: { redactPatterns: ['\\bBearer\\s+(\\S+)'] } }`, log, "", []string{patterns}, 2, true},
		{"a list in an include", `{ logging: { $include: './logging.json5' } }`, log, `{ redactPatterns: ["Bearer (.+)"] }`, []string{patterns}, 2, true},
		{"a list that masks it", `{ logging: { redactPatterns: ['Bearer (.+)', 'login with (\\S+)'] } }`, log, "", nil, 2, false},
		{"no config", "", log, "", []string{patterns}, 0, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			files := map[string]string{".clawdbot/logs/gateway.log": test.log}
			if test.config != "" {
				files[".clawdbot/clawdbot.json"] = test.config
			}
			if test.include != "" {
				files[".clawdbot/logging.json5"] = test.include
			}
			view := person(t, files)
			home := *view.Home
			before, after, changed := fixSettings(t, view)
			for _, want := range test.before {
				if !strings.Contains(before, want) {
					t.Errorf("not said: %s", want)
				}
			}
			if lines := strings.Count(before, "note "); lines != len(test.before) {
				t.Errorf("%d notes:\n%s", lines, before)
			}
			if test.fixable != (changed > 0) || test.fixable && after != "" {
				t.Errorf("%d files changed, and afterwards: %s", changed, after)
			}
			config, err := reopened(t, &home).LoadConfig()
			if err != nil {
				t.Fatal(err)
			}
			list, _ := gateway.Lookup(config.Raw(), "logging", "redactPatterns").([]any)
			if len(list) != test.present {
				t.Errorf("%d patterns instead of %d: %q", len(list), test.present, list)
			}
			if strings.Contains(fmt.Sprint(list), discord) {
				t.Error("a pattern shows the secret")
			}
			if test.fixable {
				undone(t, &home, files)
			}
		})
	}
}

// undone undoes what was done to a Home and compares its files.
func undone(t *testing.T, home *gateway.Home, files map[string]string) {
	t.Helper()
	plan, err := extract.MakeUndo(reopened(t, home), testKey())
	if err != nil {
		t.Fatal(err)
	}
	if err := plan.Apply(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if text, err := os.ReadFile(filepath.Join(home.UserHome, name)); err != nil || string(text) != files[name] {
			t.Errorf("%s is %q after the undo (%v)", name, text, err)
		}
	}
}

// The gateway itself takes the patterns that were written, and masks what it let through.
func TestProductTakesTheSettings(t *testing.T) {
	installation := gatewaytest.Product(t)
	discord := fixture.Secret(7, "discord", "bot")
	view := person(t, map[string]string{
		".clawdbot/clawdbot.json":    `{ logging: { redactSensitive: 'off' } }`,
		".clawdbot/logs/gateway.log": "login with " + discord + " failed\n",
	})
	home := view.Home
	shown := func() bool {
		module := fmt.Sprintf(`
			import { redactToolDetail } from %q;
			process.stdout.write(redactToolDetail(process.argv[1]));`, "file://"+filepath.Join(installation.Modules, "clawdbot/dist/logging/redact.js"))
		command := exec.CommandContext(t.Context(), installation.Node, "--no-warnings", "--input-type=module", "--eval", module, "login with "+discord)
		command.Env = []string{"HOME=" + home.UserHome}
		out, err := command.Output()
		if err != nil || !strings.Contains(string(out), "login with ") {
			t.Fatalf("%q, %v", out, err)
		}
		return strings.Contains(string(out), discord)
	}
	if !shown() {
		t.Fatal("the gateway masks it without our patterns, so that nothing is proven")
	}
	fixSettings(t, view)
	if shown() {
		t.Error("the gateway still shows it")
	}
}

// A secret in a log that no pattern can be made for is named, once for each rule.
func TestShapelessInLogs(t *testing.T) {
	password := "correct" + "horse" + "battery"
	view := person(t, map[string]string{
		".clawdbot/clawdbot.json":    `{ hooks: { token: '${HOOKS_TOKEN}' }, gateway: { auth: { password: '${GATEWAY_PASSWORD}' } } }`,
		".clawdbot/.env":             "HOOKS_TOKEN=" + password + "\nGATEWAY_PASSWORD=" + password + "staple\n",
		".clawdbot/logs/gateway.log": "said " + password + " aloud\nand " + password + "staple too\n",
	})
	const want = "note logs/gateway.log:1:6: a log holds a secret that no pattern can tell from other text: credential (; rotate it: the gateway would log it again)\n"
	if got := problems(t, looked(t, view)); strings.Count(got, "no pattern can tell") != 1 || !strings.Contains(got, want) {
		t.Errorf("got %s", got)
	}
}

// One that is encoded in a log is named as well: the gateway's patterns do not read it.
func TestEncodedInLogs(t *testing.T) {
	token := fixture.Secret(7, "hex", "token")
	view := person(t, map[string]string{
		".clawdbot/clawdbot.json":    `{ hooks: { token: '${HOOKS_TOKEN}' } }`,
		".clawdbot/.env":             "HOOKS_TOKEN=" + token + "\n",
		".clawdbot/logs/gateway.log": "said " + base64.StdEncoding.EncodeToString([]byte(token)) + " aloud\n",
	})
	if got := problems(t, looked(t, view)); strings.Count(got, "note logs/gateway.log:1:6: a log holds a secret that no pattern can tell") != 1 {
		t.Errorf("got %s", got)
	}
}
