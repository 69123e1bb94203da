package scan_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/clawsecrets/clawsecrets/internal/fixture"
	"github.com/clawsecrets/clawsecrets/internal/gateway"
	"github.com/clawsecrets/clawsecrets/scan"
)

const homesSeed = 11

// severalHomes makes a person's home directory of files, as "->TARGET" symbolic links, and
// returns the Homes in it.
func severalHomes(t *testing.T, files map[string]string) (dir string, homes []*gateway.Home) {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("making symbolic links takes a right there")
	}
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		err := os.MkdirAll(filepath.Dir(path), 0o700)
		if target, ok := strings.CutPrefix(text, "->"); ok && err == nil {
			err = os.Symlink(filepath.FromSlash(target), path)
		} else if err == nil {
			err = os.WriteFile(path, []byte(text), 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	homes, err = gateway.FindAll(gateway.Query{UserHome: dir})
	if err != nil {
		t.Fatal(err)
	}
	return dir, homes
}

// scanHomes scans Homes as the first of them and others.
func scanHomes(ctx context.Context, t *testing.T, homes []*gateway.Home, everywhere *scan.Everywhere) (*scan.Result, error) {
	t.Helper()
	view, err := gateway.OpenToRead(homes[0])
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = view.Close() }()
	everywhere.LogDirs = []string{}
	return scan.Homes(ctx, view, homes[1:], scan.Options{Everywhere: everywhere})
}

// placesIn returns "file:line" of the findings, "~" for the home directory.
func placesIn(dir string, result *scan.Result) []string {
	var places []string
	for _, f := range result.Findings {
		places = append(places, strings.Replace(filepath.ToSlash(f.File.Rel), filepath.ToSlash(dir), "~", 1))
	}
	return places
}

// Two Homes that share files by symbolic links, also those that a gateway reads for what
// they mean, have each of them once, in the order of the Homes.
func TestHomesReadSharedFilesOnce(t *testing.T) {
	token := func(name string) string { return fixture.Secret(homesSeed, "hex", name) }
	key := func(name string) string { return fixture.Secret(homesSeed, "anthropic", name) }
	line := func(text string) string { return `{"message":{"content":"` + text + `"}}` + "\n" }
	files := map[string]string{
		".clawdbot/clawdbot.json":                             `{"hooks":{"token":"` + token("shared") + `"}}`,
		".clawdbot/agents/main/sessions/a.jsonl":              line(key("a")),
		".clawdbot/agents/main/sessions/linked.jsonl":         "->../../../../.clawdbot-dev/agents/main/sessions/b.jsonl",
		".clawdbot/all":                                       "->../.openclaw",
		".clawdbot-dev/clawdbot.json":                         "->../.clawdbot/clawdbot.json",
		".clawdbot-dev/.env":                                  "->../.clawdbot/.env",
		".clawdbot/.env":                                      "ANTHROPIC_API_KEY=" + key("env") + "\n",
		".clawdbot-dev/agents/main/agent/auth-profiles.json":  `{"version":1,"profiles":{"anthropic:default":{"type":"api_key","provider":"anthropic","key":"` + key("profile") + `"}}}`,
		".openclaw/agents/main/agent/auth-profiles.json":      "->../../../../.clawdbot-dev/agents/main/agent/auth-profiles.json",
		".openclaw/openclaw.json":                             `{"gateway":{"auth":{"token":"` + token("oc") + `"}}}`,
		".clawdbot-dev/agents/main/sessions/b.jsonl":          line(key("b")),
		".clawdbot-dev/agents/main/sessions/of-openclaw.json": "->../../../../.openclaw/notes.txt",
		".openclaw/extra.env":                                 "X_API_KEY=" + key("extra") + "\n",
		".openclaw/notes.txt":                                 "it was " + token("shared") + "\n",
		"clawd/TOOLS.md":                                      key("a") + "\n",
	}
	dir, homes := severalHomes(t, files)
	var total, progress int64
	starts := 0
	result, err := scanHomes(t.Context(), t, homes, &scan.Everywhere{
		Started: func(bytes int64) { starts++; total = bytes },
	})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"clawdbot.json", ".env", "~/clawd/TOOLS.md", "agents/main/sessions/a.jsonl",
		"~/.clawdbot-dev/agents/main/agent/auth-profiles.json", "~/.clawdbot-dev/agents/main/sessions/b.jsonl",
		"~/.openclaw/openclaw.json", "~/.openclaw/extra.env", "~/.openclaw/notes.txt",
	}
	if got := placesIn(dir, result); !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	real := 0
	for name, text := range files {
		if strings.HasPrefix(text, "->") {
			continue
		}
		real++
		if strings.HasSuffix(name, ".jsonl") || strings.HasSuffix(name, ".txt") || strings.HasSuffix(name, ".md") {
			progress += int64(len(text))
		}
	}
	if result.Coverage.Files != real {
		t.Errorf("%d files were read, of %d", result.Coverage.Files, real)
	}
	if starts != 1 || total < progress {
		t.Errorf("the search began %d times, with %d bytes of at least %d", starts, total, progress)
	}
	if result.Coverage.Unread() {
		t.Errorf("not read: %v", result.Coverage.Skipped)
	}
	var named []string
	for _, home := range result.Homes() {
		named = append(named, string(home.Product)+" "+filepath.Base(home.StateDir))
	}
	if got := strings.Join(named, ", "); got != "clawdbot .clawdbot, clawdbot .clawdbot-dev, openclaw .openclaw" {
		t.Errorf("the Homes are %s", got)
	}
	for _, f := range result.Findings {
		if f.File.Surface == "config" && strings.Contains(f.File.Path, "openclaw") && (f.Action != scan.Keep || f.Env != "" || f.Note == "") {
			t.Errorf("%s: %s, %q, %q", f.File.Rel, f.Action, f.Env, f.Note)
		}
	}
}

// What a service sets for one gateway is searched in the Homes of all, and what a Home knows
// in those before it too.
func TestHomesSearchValuesOfAll(t *testing.T) {
	const ofUnit, ofLast = "halibut5-unit", "sardine6-last"
	dir, homes := severalHomes(t, map[string]string{
		".clawdbot/clawdbot.json":                         "{}",
		".clawdbot/agents/main/sessions/a.jsonl":          `{"content":"` + ofLast + `"}` + "\n",
		".clawdbot-dev/clawdbot.json":                     "{}",
		".clawdbot-dev/agents/main/sessions/b.jsonl":      `{"content":"` + ofUnit + `"}` + "\n",
		".openclaw/notes.txt":                             ofUnit + "\n",
		".openclaw/openclaw.json":                         `{gateway:{auth:{password:"` + ofLast + `"}}}`,
		".config/systemd/user/clawdbot-gateway-d.service": "[Service]\nExecStart=/usr/bin/node entry.js gateway\nEnvironment=CLAWDBOT_STATE_DIR=%h/.clawdbot-dev\nEnvironment=MAIL_PASSWORD=" + ofUnit + "\n",
	})
	result, err := scanHomes(t.Context(), t, homes, &scan.Everywhere{})
	if err != nil {
		t.Fatal(err)
	}
	got := placesIn(dir, result)
	for _, want := range []string{
		"agents/main/sessions/a.jsonl", "~/.clawdbot-dev/agents/main/sessions/b.jsonl", "~/.openclaw/notes.txt", "~/.openclaw/openclaw.json",
	} {
		if !slices.Contains(got, want) {
			t.Errorf("nothing is found in %s: %q", want, got)
		}
	}
	if names := result.Names().Find("a-" + ofUnit + ".txt"); len(names) == 0 {
		t.Error("a value of another gateway's service is not masked in names")
	}
}

// A Home that cannot be opened is named, so is what is broken in one that is not the first,
// and the rest is scanned.
func TestHomesNamesWhatCannotBeOpened(t *testing.T) {
	dir, homes := severalHomes(t, map[string]string{
		".clawdbot/clawdbot.json": "{}", ".clawdbot-a/.env": "", ".clawdbot-b/clawdbot.json": "{{",
		".clawdbot-b/.env": "B_API_KEY=" + fixture.Secret(homesSeed, "anthropic", "b") + "\n",
	})
	if err := os.RemoveAll(filepath.Join(dir, ".clawdbot-a")); err != nil {
		t.Fatal(err)
	}
	result, err := scanHomes(t.Context(), t, homes, &scan.Everywhere{Strict: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{".clawdbot-a/", ".clawdbot-b/clawdbot.json"} {
		name = filepath.ToSlash(dir) + "/" + name
		if !slices.ContainsFunc(result.Coverage.Skipped, func(s scan.Skipped) bool {
			return filepath.ToSlash(s.File) == name && s.Class == "unread" && s.Why != ""
		}) {
			t.Errorf("%s is not named: %v", name, result.Coverage.Skipped)
		}
	}
	if got := placesIn(dir, result); !slices.Equal(got, []string{"~/.clawdbot-b/.env"}) {
		t.Errorf("found in %q", got)
	}
}

// An interrupted scan returns what it has of all Homes.
func TestInterruptedHomes(t *testing.T) {
	_, homes := severalHomes(t, map[string]string{
		".clawdbot/clawdbot.json":     `{"hooks":{"token":"` + fixture.Secret(homesSeed, "hex", "one") + `"}}`,
		".clawdbot-dev/clawdbot.json": `{"hooks":{"token":"` + fixture.Secret(homesSeed, "hex", "two") + `"}}`,
		".clawdbot-dev/notes.txt":     "text\n",
	})
	ctx, cancel := context.WithCancel(t.Context())
	result, err := scanHomes(ctx, t, homes, &scan.Everywhere{Started: func(int64) { cancel() }})
	if !errors.Is(err, context.Canceled) || result == nil || len(result.Findings) != 2 || !result.Coverage.Unread() {
		t.Errorf("interrupted before the search: %v, %v", err, result)
	}
	result, err = scanHomes(ctx, t, homes, &scan.Everywhere{})
	if !errors.Is(err, context.Canceled) || result == nil {
		t.Errorf("interrupted before it began: %v, %v", err, result)
	}
}
