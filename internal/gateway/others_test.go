package gateway

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// othersTest is a person's home directory, as in outsideTest, and the Homes in it.
type othersTest struct {
	name   string
	files  map[string]string
	getenv map[string]string
	query  Query
	// all is what FindAll returns: "product directory config" of each Home, with the paths
	// relative to the home directory; "!" begins a part of the error.
	all []string
}

func (test othersTest) run(t *testing.T) {
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	write(t, dir, test.files)
	q := test.query
	q.UserHome = dir
	q.Getenv = func(name string) string { return strings.ReplaceAll(test.getenv[name], "@", dir) }
	if q.StateDir != "" {
		q.StateDir = filepath.Join(dir, q.StateDir)
	}
	homes, err := FindAll(q)
	var got []string
	for _, home := range homes {
		if home.UserHome != dir {
			t.Errorf("%s: belongs to %s", home.StateDir, home.UserHome)
		}
		got = append(got, string(home.Product)+" "+relative(dir, home.StateDir)+" "+relative(dir, home.ConfigPath))
	}
	if err != nil {
		got = append(got, "!"+err.Error())
	}
	if len(got) != len(test.all) {
		t.Fatalf("got %q, want %q", got, test.all)
	}
	for i, want := range test.all {
		part, isError := strings.CutPrefix(want, "!")
		if got[i] != want && (!isError || !strings.Contains(got[i], part)) {
			t.Errorf("got %q, want %q", got[i], want)
		}
	}
}

func relative(dir, path string) string {
	rel, err := filepath.Rel(dir, path)
	if err != nil {
		return path
	}
	return filepath.ToSlash(rel)
}

// What a person has of gateways is found once, by its real path, whatever names it has.
func TestFindAll(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("making symbolic links takes a right there")
	}
	const (
		clawdbot = "clawdbot .clawdbot .clawdbot/clawdbot.json"
		openclaw = "openclaw .openclaw .openclaw/openclaw.json"
	)
	for _, test := range []othersTest{
		{
			name:  "one",
			files: map[string]string{".clawdbot/clawdbot.json": "{}"},
			all:   []string{clawdbot},
		},
		{
			name: "profiles and generations",
			files: map[string]string{
				".clawdbot/.env": "", ".clawdbot-dev/clawdbot.json": "{}", ".clawdbot-work/agents/": "",
				".moltbot/moltbot.json": "{}", ".moltbot-p/clawdbot.json": "{}", ".openclaw/openclaw.json": "{}", ".openclaw-dev/credentials/": "",
			},
			all: []string{
				clawdbot, "clawdbot .clawdbot-dev .clawdbot-dev/clawdbot.json", "clawdbot .clawdbot-work .clawdbot-work/clawdbot.json",
				"moltbot .moltbot .moltbot/moltbot.json", "clawdbot .moltbot-p .moltbot-p/clawdbot.json",
				openclaw, "openclaw .openclaw-dev .openclaw-dev/openclaw.json",
			},
		},
		{
			name: "what is none",
			files: map[string]string{
				".clawdbot/clawdbot.json": "{}", ".clawdbot-empty/": "", ".clawdbot-other/notes.txt": "", ".moltbot": "a file", ".openclaw": "->nowhere",
				".clawdbotter/clawdbot.json": "{}", "clawdbot-dev/clawdbot.json": "{}", ".clawdbot.old/clawdbot.json": "{}",
				".moltbot-a": "->.moltbot-b", ".moltbot-b": "->.moltbot-a",
			},
			all: []string{clawdbot},
		},
		{
			name:  "a link to the one that is found",
			files: map[string]string{".clawdbot/clawdbot.json": "{}", ".moltbot": "->.clawdbot", ".clawdbot-x": "->.moltbot"},
			all:   []string{clawdbot},
		},
		{
			name:  "what OpenClaw's doctor leaves",
			files: map[string]string{".openclaw/openclaw.json": "{}", ".openclaw/clawdbot.json": "{}", ".clawdbot": "->.openclaw"},
			all:   []string{openclaw},
		},
		{
			name:  "a link to what was never migrated",
			files: map[string]string{".openclaw/clawdbot.json": "{}", ".clawdbot": "->.openclaw"},
			all:   []string{"clawdbot .clawdbot .clawdbot/clawdbot.json"},
		},
		{
			name:  "several links, to a place of their own",
			files: map[string]string{"data/claw/openclaw.json": "{}", ".moltbot": "->data/claw", ".openclaw": "->data/claw", ".clawdbot/.env": ""},
			all:   []string{clawdbot, "openclaw .moltbot .moltbot/openclaw.json"},
		},
		{
			name:  "one inside another",
			files: map[string]string{".clawdbot/old/agents/": "", ".clawdbot/clawdbot.json": "{}", ".moltbot": "->.clawdbot/old", ".openclaw/x/agents/": "", ".openclaw/.env": "", ".clawdbot-x": "->.openclaw/x"},
			all:   []string{clawdbot, openclaw},
		},
		{
			name:   "the one that is found inside another",
			files:  map[string]string{".clawdbot/nested/agents/": "", ".clawdbot/clawdbot.json": "{}"},
			getenv: map[string]string{"CLAWDBOT_STATE_DIR": "~/.clawdbot/nested"},
			all:    []string{"clawdbot .clawdbot/nested .clawdbot/nested/clawdbot.json", clawdbot},
		},
		{
			name:  "none where the gateway looks",
			files: map[string]string{".clawdbot-dev/clawdbot.json": "{}", ".openclaw/openclaw.json": "{}"},
			all:   []string{"clawdbot .clawdbot-dev .clawdbot-dev/clawdbot.json", openclaw},
		},
		{
			name:  "another generation where the gateway looks",
			files: map[string]string{".clawdbot/openclaw.json": "{}"},
			all:   []string{"openclaw .clawdbot .clawdbot/openclaw.json"},
		},
		{
			name:  "none at all",
			files: map[string]string{".openclaw/": ""},
			all:   []string{"!no gateway at "},
		},
		{
			name:   "a variable that leads nowhere",
			files:  map[string]string{".openclaw/openclaw.json": "{}"},
			getenv: map[string]string{"CLAWDBOT_STATE_DIR": "~/typo"},
			all:    []string{"!no gateway at "},
		},
		{
			name:  "the one that was named",
			files: map[string]string{".clawdbot-dev/clawdbot.json": "{}", ".openclaw/openclaw.json": "{}"},
			query: Query{StateDir: ".clawdbot-dev"},
			all:   []string{"clawdbot .clawdbot-dev .clawdbot-dev/clawdbot.json"},
		},
		{
			name:  "another generation that was named",
			files: map[string]string{".clawdbot-dev/clawdbot.json": "{}", ".moltbot/moltbot.json": "{}"},
			query: Query{StateDir: ".moltbot"},
			all:   []string{"!is a Moltbot home, which this version does not read yet"},
		},
		{
			name:  "a product that was named",
			files: map[string]string{".clawdbot/clawdbot.json": "{}", ".clawdbot-dev/clawdbot.json": "{}", ".openclaw/openclaw.json": "{}"},
			query: Query{Product: "openclaw"},
			all:   []string{openclaw},
		},
		{
			name:  "the first product, named",
			files: map[string]string{".clawdbot/clawdbot.json": "{}", ".clawdbot-dev/clawdbot.json": "{}", ".openclaw/openclaw.json": "{}"},
			query: Query{Product: "clawdbot"},
			all:   []string{clawdbot, "clawdbot .clawdbot-dev .clawdbot-dev/clawdbot.json"},
		},
		{
			name:  "the variables of a later product",
			files: map[string]string{".clawdbot/clawdbot.json": "{}", "srv/openclaw.json": "{}", "etc/molt.json": "{}", ".moltbot/": "", ".openclaw/.env": ""},
			getenv: map[string]string{
				"OPENCLAW_STATE_DIR": "~/srv", "MOLTBOT_CONFIG_PATH": "@/etc/molt.json",
			},
			all: []string{clawdbot, "moltbot .moltbot etc/molt.json", openclaw, "openclaw srv srv/openclaw.json"},
		},
	} {
		t.Run(test.name, test.run)
	}
}

// Of a directory that cannot be looked into it is not known that nothing is there.
func TestOthersNamesWhatCannotBeSeen(t *testing.T) {
	if runtime.GOOS == "windows" || os.Getuid() == 0 {
		t.Skip("modes do not bind this user")
	}
	dir := t.TempDir()
	write(t, dir, map[string]string{".moltbot/agents/": ""})
	closed := filepath.Join(dir, ".moltbot")
	if err := os.Chmod(closed, 0); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.Chmod(closed, 0o700) })
	others := Others(nil, Query{UserHome: dir})
	if len(others) != 1 || others[0].StateDir != closed || others[0].Product != Moltbot {
		t.Errorf("got %v", others)
	}
}
