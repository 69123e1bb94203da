package extract_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/clawsecrets/clawsecrets/extract"
	"github.com/clawsecrets/clawsecrets/internal/fixture"
	"github.com/clawsecrets/clawsecrets/scan"
)

// Whatever holds a secret is readable by its owner alone, after FixModes if not before;
// what holds none is left as it is.
func TestVerifyModes(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("modes say nothing there")
	}
	token, pasted := fixture.Secret(7, "hex", "token"), fixture.Secret(7, "github", "pasted")
	session := `{"type":"session"}` + "\n" + `{"type":"message","id":"a","message":{"role":"user","content":"` + pasted + `"}}` + "\n"
	view := person(t, map[string]string{
		".clawdbot/clawdbot.json":                 `{ gateway: { auth: { token: '${CLAWDBOT_GATEWAY_TOKEN}' } }, logging: { file: '@/log/gateway.log' } }`,
		".clawdbot/.env":                          "CLAWDBOT_GATEWAY_TOKEN=" + token + "\n",
		".clawdbot/agents/main/sessions/s1.jsonl": session,
		".clawdbot/agents/main/sessions/s2.jsonl": `{"type":"session"}` + "\n",
		".clawdbot/skills/x/run.sh":               "#!/bin/sh\nexport GITHUB_TOKEN=" + pasted + "\n",
		".clawdbot/credentials/x.json":            `{}`,
		"log/gateway.log":                         "pasted " + pasted + "\n",
		"clawd/run.sh":                            "export GITHUB_TOKEN=" + pasted + "\n",
	})
	home := view.Home
	set := func(name string, mode fs.FileMode) string {
		path := filepath.Join(home.UserHome, name)
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		return path
	}
	for _, dir := range []string{home.UserHome, filepath.Dir(home.UserHome)} {
		if err := os.Chmod(dir, 0o755); err != nil { // so that others get to the log
			t.Fatal(err)
		}
	}
	want := map[string]fs.FileMode{
		set(".clawdbot", 0o755): 0o700, set(".clawdbot/credentials", 0o750): 0o700,
		set(".clawdbot/.env", 0o644): 0o600, set(".clawdbot/clawdbot.json", 0o700): 0o600,
		set(".clawdbot/agents/main/sessions/s1.jsonl", 0o644): 0o600, set(".clawdbot/agents/main/sessions/s2.jsonl", 0o644): 0o644,
		set(".clawdbot/skills/x/run.sh", 0o755): 0o700, set(".clawdbot/credentials/x.json", 0o644): 0o644,
		set("log", 0o755): 0o755, set("log/gateway.log", 0o644): 0o600, set("clawd/run.sh", 0o644): 0o644,
	}
	scanned := looked(t, view)
	found, err := extract.Verify(t.Context(), scanned, testKey(), extract.VerifyOptions{Now: time.Now()})
	if err != nil {
		t.Fatal(err)
	}
	fixed, err := found.FixModes(scanned)
	if err != nil {
		t.Error(err)
	}
	changed := 0
	for path, mode := range want {
		info, err := os.Stat(path)
		if err != nil || info.Mode().Perm() != mode {
			t.Errorf("%s has mode %v (%v), not %v", path, info.Mode(), err, mode)
		}
		if mode&0o077 == 0 {
			changed++
		}
	}
	if fixed != changed {
		t.Errorf("%d modes were set, %d had to be", fixed, changed)
	}
	if got := problems(t, looked(t, reopened(t, home))); strings.Contains(got, "has mode") {
		t.Errorf("still: %s", got)
	}
}

// FixModes follows no link that is put in the place of a log.
func TestFixModesFollowsNoLink(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("modes say nothing there")
	}
	view := person(t, map[string]string{
		".clawdbot/clawdbot.json": `{ logging: { file: '@/log/gateway.log' } }`,
		"log/gateway.log":         "pasted " + fixture.Secret(7, "github", "pasted") + "\n",
		"victim":                  "",
	})
	log, victim := filepath.Join(view.Home.UserHome, "log/gateway.log"), filepath.Join(view.Home.UserHome, "victim")
	for _, dir := range []string{view.Home.UserHome, filepath.Dir(view.Home.UserHome), filepath.Join(view.Home.UserHome, "log")} {
		if err := os.Chmod(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for _, file := range []string{log, victim} {
		if err := os.Chmod(file, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	scanned := looked(t, view)
	found, err := extract.Verify(t.Context(), scanned, testKey(), extract.VerifyOptions{Now: time.Now()})
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(problems(t, scanned), "wrong ~/log/gateway.log: has mode 0644") {
		t.Fatal("the log is not reported, so that nothing is proven")
	}
	if err := os.Remove(log); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(victim, log); err != nil {
		t.Fatal(err)
	}
	if _, err := found.FixModes(scanned); err == nil {
		t.Error("no error")
	}
	if info, err := os.Stat(victim); err != nil || info.Mode().Perm() != 0o644 {
		t.Errorf("the other file has mode %v (%v)", info.Mode(), err)
	}
}

// What belongs to somebody else in the Home is named, with the command that gives it back.
func TestVerifyOwner(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("only root can give a file away")
	}
	token := fixture.Secret(7, "hex", "token")
	view := person(t, map[string]string{
		".clawdbot/clawdbot.json":      `{ gateway: { auth: { token: '${CLAWDBOT_GATEWAY_TOKEN}' } } }`,
		".clawdbot/.env":               "CLAWDBOT_GATEWAY_TOKEN=" + token + "\n",
		".clawdbot/credentials/x.json": `{"token":"` + fixture.Secret(7, "hex", "x") + `"}`,
		".clawdbot/update-check.json":  `{}`,
	})
	for _, name := range []string{".env", "credentials/x.json", "update-check.json"} {
		if err := os.Chown(filepath.Join(view.Home.StateDir, name), 12345, 12345); err != nil {
			t.Fatal(err)
		}
	}
	want := "wrong .env: belongs to another user than the state directory (sudo chown root ~/.clawdbot/.env; )\n" +
		"wrong credentials/x.json: belongs to another user than the state directory (sudo chown root ~/.clawdbot/credentials/x.json; )\n"
	if got := problems(t, looked(t, view)); got != want {
		t.Errorf("got %s", got)
	}
}

// A mode is judged where the file is; who else can read a unit is no matter of modes.
func TestVerifyJudgesNoModeElsewhere(t *testing.T) {
	scanned := looked(t, person(t, map[string]string{".clawdbot/clawdbot.json": "{}", "clawd/MEMORY.md": fixture.Secret(7, "github", "pasted")}))
	for _, f := range scanned.Findings {
		f.ReadableBy = scan.Others
	}
	if got := problems(t, scanned); got != "" {
		t.Errorf("got %s", got)
	}
}
