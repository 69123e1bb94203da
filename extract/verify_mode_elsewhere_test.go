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
	"github.com/clawsecrets/clawsecrets/internal/gateway"
)

// linkedHome makes a Home in a home directory that others can go through; of the named files
// the target is outside of the Home, and the name a link to it.
func linkedHome(t *testing.T, files, links map[string]string) *gateway.View {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("modes say nothing there")
	}
	view := person(t, files)
	dir := view.Home.UserHome
	for _, path := range []string{dir, filepath.Dir(dir)} {
		chmod(t, path, 0o755)
	}
	for name, target := range links {
		chmod(t, filepath.Dir(filepath.Join(dir, target)), 0o755)
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(filepath.Join(dir, target), filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	return view
}

func chmod(t *testing.T, path string, mode fs.FileMode) {
	t.Helper()
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
}

// fixModes verifies a Home and sets modes right, and returns how many.
func fixModes(t *testing.T, view *gateway.View) (fixed int) {
	t.Helper()
	scanned := looked(t, view)
	found, err := extract.Verify(t.Context(), scanned, testKey(), extract.VerifyOptions{Now: time.Now()})
	if err != nil {
		t.Fatal(err)
	}
	if fixed, err = found.FixModes(scanned); err != nil {
		t.Error(err)
	}
	return fixed
}

// What a link leads to is as open as a file of the Home would be, but not ours to change.
func TestVerifyModesOfWhatLinksLeadTo(t *testing.T) {
	env := "CLAWDBOT_GATEWAY_TOKEN=" + fixture.Secret(7, "hex", "token") + "\n"
	const refers = `{ gateway: { auth: { token: '${CLAWDBOT_GATEWAY_TOKEN}' } } }`
	profiles := `{"version":1,"profiles":{"openai:default":{"type":"api_key","provider":"openai","key":"` + fixture.Secret(7, "hex", "openai") + `"}}}`
	for _, test := range []struct {
		name         string
		link, target string // in the home directory
		text         string
		mode, above  fs.FileMode // of the target, and of its directory
		want         string      // a part of what is said, "" for nothing
	}{
		{"the .env", ".clawdbot/.env", "dot/env", env, 0o644, 0o755,
			"wrong .env: leads to ~/dot/env, which has mode 0644 (chmod 0600 ~/dot/env; the file lies outside"},
		{"the .env, for a group", ".clawdbot/.env", "dot/env", env, 0o640, 0o755, "leads to ~/dot/env, which has mode 0640 (chmod 0600"},
		{"the .env, private", ".clawdbot/.env", "dot/env", env, 0o600, 0o755, ""},
		{"the .env, where nobody gets", ".clawdbot/.env", "dot/env", env, 0o644, 0o700, ""},
		{"auth profiles", ".clawdbot/agents/main/agent/auth-profiles.json", "dot/profiles.json", profiles, 0o644, 0o755,
			"wrong agents/main/agent/auth-profiles.json: leads to ~/dot/profiles.json, which has mode 0644 (chmod 0600 ~/dot/profiles.json;"},
		{"a config that only refers", ".clawdbot/clawdbot.json", "dot/clawdbot.json", refers, 0o644, 0o755, ""},
		{"a config with a secret", ".clawdbot/clawdbot.json", "dot/clawdbot.json",
			`{ hooks: { token: '` + fixture.Secret(7, "hex", "hooks") + `' } }`, 0o644, 0o755, "wrong clawdbot.json: leads to ~/dot/clawdbot.json, which has mode 0644"},
	} {
		t.Run(test.name, func(t *testing.T) {
			files := map[string]string{".clawdbot/clawdbot.json": refers, ".clawdbot/.env": env}
			delete(files, test.link)
			files[test.target] = test.text
			view := linkedHome(t, files, map[string]string{test.link: test.target})
			target := filepath.Join(view.Home.UserHome, test.target)
			chmod(t, target, test.mode)
			chmod(t, filepath.Dir(target), test.above)
			got := problems(t, looked(t, view))
			if test.want == "" && strings.Contains(got, "has mode") || !strings.Contains(got, test.want) {
				t.Errorf("got %s", got)
			}
			fixModes(t, view)
			if info, err := os.Stat(target); err != nil || info.Mode().Perm() != test.mode {
				t.Errorf("mode %v (%v)", info.Mode(), err)
			}
		})
	}
}

// Secrets that extract can move none of are not passed over.
func TestVerifyWhereNothingCanMove(t *testing.T) {
	view := linkedHome(t, map[string]string{
		".clawdbot/clawdbot.json": `{ hooks: { token: '` + fixture.Secret(7, "hex", "hooks") + `' }, gateway: { auth: { token: '` + fixture.Secret(7, "hex", "token") + `' } } }`,
		"dot/env":                 "COLOUR=blue\n",
	}, map[string]string{".clawdbot/.env": "dot/env"})
	want := "wrong clawdbot.json:1:20: holds secrets in clear, in 2 places, which cannot move (; the .env leads out of the state directory, where nothing is written: put that right, then run clawsecrets extract)\n"
	if got := problems(t, looked(t, view)); got != want {
		t.Errorf("got %s", got)
	}
}

// The other name of a file may be one of any program: it is named, and keeps its mode.
func TestFixModesLeavesHardLinks(t *testing.T) {
	view := linkedHome(t, map[string]string{
		".clawdbot/clawdbot.json": `{}`, "other/file": "CLAWDBOT_GATEWAY_TOKEN=" + fixture.Secret(7, "hex", "token") + "\n",
	}, nil)
	env, other := view.Home.EnvPath(), filepath.Join(view.Home.UserHome, "other/file")
	if err := os.Link(other, env); err != nil {
		t.Skip("no hard links here: ", err)
	}
	chmod(t, other, 0o644)
	want := "wrong .env: has mode 0644 and a second name (a hard link), whose mode would change too (chmod 0600 ~/.clawdbot/.env; and look for the other name: find / -samefile ~/.clawdbot/.env)\n"
	if got := problems(t, looked(t, view)); got != want {
		t.Errorf("got %s", got)
	}
	if fixed := fixModes(t, view); fixed != 0 {
		t.Errorf("%d modes were set", fixed)
	}
	if info, err := os.Stat(other); err != nil || info.Mode().Perm() != 0o644 {
		t.Errorf("the other name has mode %v (%v)", info.Mode(), err)
	}
}

// A second name that comes between looking and fixing is left as well.
func TestFixModesLeavesNewHardLinks(t *testing.T) {
	view := linkedHome(t, map[string]string{".clawdbot/clawdbot.json": `{}`, "other": "x"}, nil)
	config, other := view.Home.ConfigPath, filepath.Join(view.Home.UserHome, "other")
	chmod(t, config, 0o644)
	chmod(t, other, 0o644)
	scanned := looked(t, view)
	found, err := extract.Verify(t.Context(), scanned, testKey(), extract.VerifyOptions{Now: time.Now()})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(config); err != nil {
		t.Fatal(err)
	}
	if err := os.Link(other, config); err != nil {
		t.Skip("no hard links here: ", err)
	}
	if _, err := found.FixModes(scanned); err == nil {
		t.Error("no error")
	}
	if info, err := os.Stat(other); err != nil || info.Mode().Perm() != 0o644 {
		t.Errorf("the other name has mode %v (%v)", info.Mode(), err)
	}
}

// What clawsecrets keeps in the Home is private as well.
func TestVerifyModesOfOurOwn(t *testing.T) {
	view := linkedHome(t, map[string]string{".clawdbot/clawdbot.json": `{}`, ".clawdbot/clawsecrets/lock": ""}, nil)
	own := filepath.Join(view.Home.StateDir, extract.Folder)
	chmod(t, own, 0o777)
	chmod(t, filepath.Join(own, "lock"), 0o666)
	want := "wrong clawsecrets: has mode 0777 (chmod 0700 ~/.clawdbot/clawsecrets; )\n" +
		"wrong clawsecrets/lock: has mode 0666 (chmod 0600 ~/.clawdbot/clawsecrets/lock; )\n"
	if got := problems(t, looked(t, view)); got != want {
		t.Errorf("got %s", got)
	}
	if fixed := fixModes(t, view); fixed != 2 {
		t.Errorf("%d modes were set", fixed)
	}
	if got := problems(t, looked(t, view)); got != "" {
		t.Errorf("still: %s", got)
	}
}

// What cannot be read for another reason than its mode is not said to need one.
func TestVerifyUnread(t *testing.T) {
	view := person(t, map[string]string{
		".clawdbot/clawdbot.json": `{}`, ".clawdbot/old-backup.tar.gz": "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03cut",
	})
	got := problems(t, looked(t, view))
	if !strings.Contains(got, "wrong old-backup.tar.gz: could not be read: ") || strings.Contains(got, "make it readable") ||
		!strings.Contains(got, "(; its mode is not the reason: unpack it or look") {
		t.Errorf("got %s", got)
	}
}
