package extract_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/clawsecrets/clawsecrets/extract"
	"github.com/clawsecrets/clawsecrets/internal/gateway"
)

const (
	aDay   = 24 * time.Hour
	ninety = 90 * aDay
)

// age makes files of a state directory older than ninety days.
func age(t testing.TB, dir string, names ...string) {
	t.Helper()
	for _, name := range names {
		if err := os.Chtimes(filepath.Join(dir, name), time.Time{}, time.Now().Add(-100*aDay)); err != nil {
			t.Fatal(err)
		}
	}
}

// agedState is a state directory of files that are all old.
func agedState(t testing.TB, files map[string]string) string {
	t.Helper()
	dir := state(t, files)
	for name := range files {
		age(t, dir, name)
	}
	return dir
}

// ownGateway opens a state directory as the one that the person has.
func ownGateway(t testing.TB, dir string) *gateway.View {
	t.Helper()
	userHome := t.TempDir()
	home := &gateway.Home{Product: gateway.Clawdbot, StateDir: dir, ConfigPath: filepath.Join(dir, "clawdbot.json"), UserHome: userHome}
	view, err := gateway.Open(home)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = view.Close() })
	return view
}

func prunePlan(t testing.TB, view *gateway.View, options extract.PruneOptions) *extract.PrunePlan {
	t.Helper()
	options.OlderThan, options.Now = ninety, time.Now()
	if options.LogDirs == nil {
		options.LogDirs = []string{t.TempDir()}
	}
	p, err := extract.MakePrune(view, options)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func prunedPaths(p *extract.PrunePlan) []string {
	paths := []string{}
	for _, file := range p.Files {
		paths = append(paths, string(file.Kind)+" "+file.Path)
	}
	return paths
}

func leftWhy(p *extract.PrunePlan) map[string]string {
	why := map[string]string{}
	for _, left := range p.Left {
		why[left.Path] = left.Why
	}
	return why
}

func exists(dir, name string) bool {
	_, err := os.Lstat(filepath.Join(dir, name))
	return err == nil
}

func TestPruneTakesTranscriptsAndLogsAlone(t *testing.T) {
	goes := map[string]string{
		"agents/main/sessions/a.jsonl":                           "transcript",
		"agents/main/sessions/b.jsonl.deleted.2026-01-20T10":     "transcript",
		"agents/main/sessions/b.jsonl.reset.2026-01-20T10":       "transcript",
		"agents/main/sessions.legacy-1/c.jsonl":                  "transcript",
		"agents/main/session-sqlite-import-archive/d.imported.x": "",
		"sessions/e.jsonl":                                       "transcript",
		"logs/gateway.log":                                       "log",
		"logs/config-audit.jsonl":                                "log",
		"gateway.log":                                            "log",
		"cron/runs/job.jsonl":                                    "log",
		"agents/main/sessions/sessions.json":                     "",
		"agents/main/sessions/a.jsonl.lock":                      "",
		"agents/main/agent/auth-profiles.json":                   "",
		"cron/jobs.json":                                         "",
		"cron/runs/job.jsonl.bak":                                "",
		"clawdbot.json":                                          "",
		"clawdbot.json.bak":                                      "",
		".env":                                                   "",
		"workspace/notes.jsonl":                                  "",
		"workspace/logs/build.log":                               "",
		"workspace/sessions/f.jsonl":                             "",
		"media/inbound/a.log":                                    "",
		"memory/main.sqlite":                                     "",
		"clawsecrets/quarantine.env":                             "",
		"elsewhere/old.log":                                      "",
	}
	files := map[string]string{}
	var want []string
	for name, kind := range goes {
		files[name] = "{}\n"
		if kind != "" {
			want = append(want, kind+" "+name)
		}
	}
	slices.SortFunc(want, func(a, b string) int {
		return strings.Compare(a[strings.Index(a, " "):], b[strings.Index(b, " "):])
	})
	dir := agedState(t, files)
	for _, young := range []string{"agents/main/sessions/young.jsonl", "logs/young.log"} {
		if err := os.WriteFile(filepath.Join(dir, young), []byte("{}\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	before := tree(t, dir)

	p := prunePlan(t, open(t, dir), extract.PruneOptions{})
	if got := prunedPaths(p); !slices.Equal(got, want) {
		t.Fatalf("pruned\n%q, want\n%q", got, want)
	}
	if len(p.Left) > 0 || p.Unlisted || p.Bytes() != int64(3*len(want)) {
		t.Errorf("left %v, unlisted %v, %d bytes", p.Left, p.Unlisted, p.Bytes())
	}
	if changed := differences(before, tree(t, dir)); len(changed) > 0 {
		t.Fatalf("the plan alone changed %v", changed)
	}
	if err := p.Apply(t.Context()); err != nil {
		t.Fatal(err)
	}
	after := tree(t, dir)
	for _, name := range differences(before, after) {
		if goes[name] == "" || after[name] != "" {
			t.Errorf("%s: was %q, is %q", name, before[name], after[name])
		}
	}
	if gone := len(before) - len(after); gone != len(want) {
		t.Errorf("%d files are gone, want %d", gone, len(want))
	}
	if again := prunePlan(t, open(t, dir), extract.PruneOptions{}); !again.Empty() || again.Apply(t.Context()) != nil {
		t.Errorf("a second run would delete %v", again.Files)
	}
}

// What a session or a reader still needs stays, and the reason is said.
func TestPruneLeaves(t *testing.T) {
	const current = "the gateway would continue this session: its index of sessions names it"
	for name, test := range map[string]struct {
		files   map[string]string
		arrange func(t *testing.T, dir string)
		left    map[string]string // a part of the reason
		goes    []string
	}{
		"the current sessions": {
			files: map[string]string{
				"agents/main/sessions/sessions.json":          `{"agent:main:main": {"sessionId": "a"}, "t": {"sessionId": "b", "sessionFile": "/x/y/c.jsonl"}}`,
				"agents/main/sessions/a.jsonl":                "",
				"agents/main/sessions/c.jsonl":                "",
				"agents/main/sessions/a.jsonl.reset.2026-01":  "",
				"agents/other/sessions/a.jsonl":               "",
				"agents/main/sessions/older-than-both.jsonl":  "",
				"agents/main/sessions.legacy-1/sessions.json": `{"m": {"sessionId": "d"}}`,
				"agents/main/sessions.legacy-1/d.jsonl":       "",
			},
			left: map[string]string{
				"agents/main/sessions/a.jsonl": current, "agents/main/sessions/c.jsonl": current,
				"agents/main/sessions.legacy-1/d.jsonl": current,
			},
			goes: []string{
				"transcript agents/main/sessions/a.jsonl.reset.2026-01", "transcript agents/main/sessions/older-than-both.jsonl",
				"transcript agents/other/sessions/a.jsonl",
			},
		},
		"all beside an index that is broken": {
			files: map[string]string{
				"agents/main/sessions/sessions.json": `{"agent:main:main": `,
				"agents/main/sessions/a.jsonl":       "",
				"agents/other/sessions/a.jsonl":      "",
			},
			left: map[string]string{"agents/main/sessions/a.jsonl": "the index of sessions is broken"},
			goes: []string{"transcript agents/other/sessions/a.jsonl"},
		},
		"all beside an index that is no file": {
			files: map[string]string{
				"agents/main/sessions/sessions.json/x": "",
				"agents/main/sessions/a.jsonl":         "",
			},
			left: map[string]string{"agents/main/sessions/a.jsonl": "the index of sessions cannot be read"},
		},
		"a session that is locked": {
			files: map[string]string{"agents/main/sessions/a.jsonl": ""},
			arrange: func(t *testing.T, dir string) {
				if err := os.WriteFile(filepath.Join(dir, "agents/main/sessions/a.jsonl.lock"), nil, 0o600); err != nil {
					t.Fatal(err)
				}
			},
			left: map[string]string{"agents/main/sessions/a.jsonl": "the session is open (locked"},
		},
		"the sessions of an index that the config has within the state directory": {
			files: map[string]string{
				"clawdbot.json":                 `{"session": {"store": "STATE/stores/{agentId}.json"}}`,
				"stores/main.json":              `{"m": {"sessionId": "a"}}`,
				"agents/main/sessions/a.jsonl":  "",
				"agents/main/sessions/b.jsonl":  "",
				"agents/other/sessions/c.jsonl": "",
			},
			left: map[string]string{"agents/main/sessions/a.jsonl": current},
			goes: []string{"transcript agents/main/sessions/b.jsonl", "transcript agents/other/sessions/c.jsonl"},
		},
		"all sessions where the index that the config names is not found": {
			files: map[string]string{
				"clawdbot.json":                `{"session": {"store": "/not/there/{agentId}.json"}}`,
				"agents/main/sessions/a.jsonl": "",
				"logs/a.log":                   "",
			},
			left: map[string]string{"agents/main/sessions/a.jsonl": "nobody knows whether this session goes on"},
			goes: []string{"log logs/a.log"},
		},
		"what has a second name": {
			files: map[string]string{"agents/main/sessions/a.jsonl": "", "logs/a.log": ""},
			arrange: func(t *testing.T, dir string) {
				if err := os.Link(filepath.Join(dir, "agents/main/sessions/a.jsonl"), filepath.Join(dir, "linked")); err != nil {
					t.Skip(err)
				}
			},
			left: map[string]string{"agents/main/sessions/a.jsonl": "hard link"},
			goes: []string{"log logs/a.log"},
		},
		"what a symbolic link leads to": {
			files: map[string]string{"agents/main/sessions/a.jsonl": "", "agents/main/sessions/old.jsonl": ""},
			arrange: func(t *testing.T, dir string) {
				other := agedState(t, map[string]string{"b.jsonl": "", "logs/c.log": ""})
				for name, to := range map[string]string{
					"agents/main/sessions/b.jsonl": filepath.Join(other, "b.jsonl"), "logs": filepath.Join(other, "logs"),
					"agents/main/sessions/inside.jsonl": "old.jsonl", "agents/main/sessions/gone.jsonl": "nothing", "workspace": other,
				} {
					if err := os.Symlink(to, filepath.Join(dir, name)); err != nil {
						t.Skip(err)
					}
				}
				t.Cleanup(func() {
					if !exists(other, "b.jsonl") || !exists(other, "logs/c.log") {
						t.Error("what a symbolic link leads to was deleted")
					}
				})
			},
			left: map[string]string{"agents/main/sessions/b.jsonl": "a symbolic link", "logs/": "a symbolic link"},
			goes: []string{"transcript agents/main/sessions/a.jsonl", "transcript agents/main/sessions/old.jsonl"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := state(t, nil)
			for name, text := range test.files {
				path := filepath.Join(dir, name)
				if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(path, []byte(strings.ReplaceAll(text, "STATE", filepath.ToSlash(dir))), 0o600); err != nil {
					t.Fatal(err)
				}
				age(t, dir, name)
			}
			if test.arrange != nil {
				test.arrange(t, dir)
			}
			p := prunePlan(t, open(t, dir), extract.PruneOptions{})
			if got := prunedPaths(p); !slices.Equal(got, test.goes) {
				t.Errorf("pruned %q, want %q", got, test.goes)
			}
			why := leftWhy(p)
			for path, part := range test.left {
				if !strings.Contains(why[path], part) {
					t.Errorf("%s is left because %q, want %q", path, why[path], part)
				}
			}
			if len(p.Left) != len(test.left) {
				t.Errorf("left %v", p.Left)
			}
			if err := p.Apply(t.Context()); err != nil {
				t.Error(err)
			}
			for path := range test.left {
				if !exists(dir, path) {
					t.Errorf("%s is gone", path)
				}
			}
			for _, path := range test.goes {
				if _, path, _ = strings.Cut(path, " "); exists(dir, path) {
					t.Errorf("%s is still there", path)
				}
			}
		})
	}
}

// Of what lies outside, logs go that are named like logs; of a Home that was named, none.
func TestPruneOutside(t *testing.T) {
	logs := agedState(t, map[string]string{"clawdbot-2026-01-01.log": "", "notes.txt": ""})
	today := filepath.Join(logs, "clawdbot-today.log")
	named := agedState(t, map[string]string{"claw.log": "", "claw.log.1": "", "thesis": "", "store/sessions.json": `{"m": {"sessionId": "a"}}`, "store/b.jsonl": ""})
	dir := state(t, map[string]string{
		"agents/main/sessions/a.jsonl": "", "agents/main/sessions/b.jsonl": "",
		"clawdbot.json": `{"logging": {"file": "` + filepath.ToSlash(named) + `/claw.log"}, "diagnostics": {"cacheTrace": {"filePath": "` + filepath.ToSlash(named) + `/thesis"}},` +
			` "session": {"store": "` + filepath.ToSlash(named) + `/store/sessions.json"}}`,
	})
	age(t, dir, "agents/main/sessions/a.jsonl", "agents/main/sessions/b.jsonl")
	if err := os.WriteFile(today, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	options := extract.PruneOptions{LogDirs: []string{logs}}

	theirs := prunePlan(t, open(t, dir), options)
	if got, want := prunedPaths(theirs), []string{"transcript agents/main/sessions/b.jsonl"}; !slices.Equal(got, want) {
		t.Errorf("of a Home that was named %q would go, want %q", got, want)
	}
	if why := leftWhy(theirs)[filepath.Join(logs, "clawdbot-2026-01-01.log")]; why != "not proven to belong to the gateway that was named" {
		t.Errorf("the log is left because %q", why)
	}

	p := prunePlan(t, ownGateway(t, dir), options)
	want := []string{"transcript agents/main/sessions/b.jsonl"}
	for _, path := range []string{filepath.Join(logs, "clawdbot-2026-01-01.log"), filepath.Join(named, "claw.log"), filepath.Join(named, "claw.log.1")} {
		want = append(want, "log "+path)
	}
	got := prunedPaths(p)
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("pruned %q, want %q", got, want)
	}
	why := leftWhy(p)
	for path, part := range map[string]string{
		"agents/main/sessions/a.jsonl":        "would continue",
		filepath.Join(named, "thesis"):        "its name is not that of a log",
		filepath.Join(named, "store/b.jsonl"): "outside the state directory",
		filepath.Join(logs, "notes.txt"):      "",
		filepath.Join(named, "claw.log1"):     "",
	} {
		if !strings.Contains(why[path], part) || part == "" && why[path] != "" {
			t.Errorf("%s is left because %q, want %q", path, why[path], part)
		}
	}
	if err := p.Apply(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{today, filepath.Join(named, "thesis"), filepath.Join(named, "store/b.jsonl"), filepath.Join(named, "store/sessions.json"), filepath.Join(logs, "notes.txt")} {
		if !exists("", path) {
			t.Errorf("%s is gone", path)
		}
	}
	if exists(named, "claw.log") || exists(named, "claw.log.1") || exists(logs, "clawdbot-2026-01-01.log") {
		t.Error("an old log is still there")
	}
}

// In a directory that all may write to, a link could lead to anybody's logs.
func TestPruneLeavesLogsBehindALink(t *testing.T) {
	real := agedState(t, map[string]string{"mine.log": ""})
	link := filepath.Join(t.TempDir(), "clawdbot")
	if err := os.Symlink(real, link); err != nil {
		t.Skip(err)
	}
	p := prunePlan(t, ownGateway(t, state(t, map[string]string{"clawdbot.json": "{}"})), extract.PruneOptions{LogDirs: []string{link}})
	if len(p.Files) != 0 || len(p.Left) != 1 || !strings.Contains(p.Left[0].Why, "its folder is a symbolic link") {
		t.Errorf("pruned %v, left %v", p.Files, p.Left)
	}
}

func TestPruneOnlyAndSkip(t *testing.T) {
	dir := agedState(t, map[string]string{"agents/main/sessions/a.jsonl": "", "agents/main/sessions/b.jsonl": "", "logs/a.log": ""})
	for _, test := range []struct {
		only, skip []string
		want       []string
	}{
		{[]string{"logs/*"}, nil, []string{"log logs/a.log"}},
		{nil, []string{"agents/*/sessions/a.jsonl", filepath.Join(dir, "logs", "*")}, []string{"transcript agents/main/sessions/b.jsonl"}},
		{[]string{"nothing"}, nil, []string{}},
	} {
		p := prunePlan(t, open(t, dir), extract.PruneOptions{Only: test.only, Skip: test.skip})
		if got := prunedPaths(p); !slices.Equal(got, test.want) || p.Narrowed != 3-len(test.want) {
			t.Errorf("--only %q --skip %q: %q and %d left out, want %q", test.only, test.skip, got, p.Narrowed, test.want)
		}
	}
}

// What happens to a file while the person is asked keeps that file, and no other, from
// being deleted.
func TestPruneLooksAgain(t *testing.T) {
	for name, meanwhile := range map[string]func(t *testing.T, path string){
		"written to": func(t *testing.T, path string) { write(t, path, "more") },
		"locked":     func(t *testing.T, path string) { write(t, path+".lock", "") },
		"named by the index": func(t *testing.T, path string) {
			write(t, filepath.Join(filepath.Dir(path), "sessions.json"), `{"m": {"sessionId": "a"}}`)
		},
		"a link": func(t *testing.T, path string) {
			if err := errors.Join(os.Remove(path), os.Symlink("../../../clawdbot.json", path)); err != nil {
				t.Skip(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := agedState(t, map[string]string{
				"clawdbot.json": "{}", "agents/main/sessions/a.jsonl": "", "agents/main/sessions/b.jsonl": "", "agents/main/sessions/gone.jsonl": "",
				"agents/main/sessions/sessions.json": "{}",
			})
			p := prunePlan(t, open(t, dir), extract.PruneOptions{})
			meanwhile(t, filepath.Join(dir, "agents/main/sessions/a.jsonl"))
			if err := os.Remove(filepath.Join(dir, "agents/main/sessions/gone.jsonl")); err != nil {
				t.Fatal(err)
			}
			err := p.Apply(t.Context())
			if refusal, ok := errors.AsType[*extract.Refusal](err); !ok || !strings.HasPrefix(refusal.Why, "agents/main/sessions/a.jsonl ") {
				t.Errorf("the error is %v", err)
			}
			if exists(dir, "clawsecrets") {
				t.Error("our folder stayed")
			}
			if !exists(dir, "agents/main/sessions/a.jsonl") || !exists(dir, "clawdbot.json") || exists(dir, "agents/main/sessions/b.jsonl") {
				t.Error("the wrong files were deleted")
			}
		})
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// A run that was killed within a deletion is finished by the next one.
func TestPruneGoesOn(t *testing.T) {
	const staging = "agents/main/sessions/.a.jsonl.clawsecrets-ABCDEF27.tmp"
	dir := agedState(t, map[string]string{staging + "/incoming": "", "agents/main/sessions/sessions.json": "{}"})
	p := prunePlan(t, open(t, dir), extract.PruneOptions{})
	if p.Empty() || len(p.Files) > 0 || !slices.Equal(p.Unfinished, []string{staging}) {
		t.Fatalf("the plan is %v, unfinished %v", p.Files, p.Unfinished)
	}
	if err := p.Apply(t.Context()); err != nil || exists(dir, staging) || exists(dir, "clawsecrets") {
		t.Errorf("what was left over stayed (%v)", err)
	}
}

func TestPruneInterrupted(t *testing.T) {
	dir := agedState(t, map[string]string{"logs/a.log": "", "logs/b.log": ""})
	p := prunePlan(t, open(t, dir), extract.PruneOptions{})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := p.Apply(ctx); !errors.Is(err, context.Canceled) || !exists(dir, "logs/a.log") || exists(dir, "clawsecrets") {
		t.Errorf("the error is %v", err)
	}
}

// BenchmarkPrune deletes one file of 256 MiB: it is read twice, to be sure that it is the
// one that was listed.
func BenchmarkPrune(b *testing.B) {
	const size = 256 << 20
	dir := state(b, map[string]string{"clawdbot.json": "{}", "logs/a.log": ""})
	b.SetBytes(size)
	for b.Loop() {
		b.StopTimer()
		if err := os.WriteFile(filepath.Join(dir, "logs/a.log"), nil, 0o600); err != nil {
			b.Fatal(err)
		}
		if err := os.Truncate(filepath.Join(dir, "logs/a.log"), size); err != nil {
			b.Fatal(err)
		}
		age(b, dir, "logs/a.log")
		p := prunePlan(b, open(b, dir), extract.PruneOptions{})
		b.StartTimer()
		if err := p.Apply(context.Background()); err != nil {
			b.Fatal(err)
		}
	}
}
