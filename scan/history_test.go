package scan_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/clawsecrets/clawsecrets/internal/fixture"
	"github.com/clawsecrets/clawsecrets/scan"
)

func place(f *scan.Finding) string { return fmt.Sprintf("%d:%d", f.Line, f.Column) }

// git runs git in a directory of the person's.
func (p person) git(t testing.TB, dir string, args ...string) {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("git is missing")
		}
		t.Skip("git is missing")
	}
	cmd := exec.Command("git", args...)
	cmd.Dir = p.path(dir)
	cmd.Env = []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + p.home, "GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL=" + os.DevNull,
		"GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@a.test", "GIT_COMMITTER_NAME=a", "GIT_COMMITTER_EMAIL=a@a.test",
		"GIT_AUTHOR_DATE=2026-01-20T10:00:00Z", "GIT_COMMITTER_DATE=2026-01-20T10:00:00Z",
	}
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("git %v: %v\n%s", args, err, out)
	}
}

func (p person) commit(t testing.TB, dir, message string) {
	t.Helper()
	p.git(t, dir, "add", "--all", "--force")
	p.git(t, dir, "commit", "--quiet", "--allow-empty", "--message", message)
}

// The histories of the workspace's and of the state directory's repositories are searched
// for what is known, also for what the rules have found meanwhile.
func TestHistory(t *testing.T) {
	known, byRule, inHistory := "hunter"+"2x", fixture.Secret(everywhereSeed, "github", "history"), fixture.Secret(everywhereSeed, "github", "only there")
	p := newPerson(t)
	p.write(t, ".clawdbot/clawdbot.json", []byte(`{"gateway": {"auth": {"password": "`+known+`"}}}`))
	p.write(t, "clawd/TOOLS.md", []byte("login "+known+"\n"))
	p.git(t, "clawd", "init", "--quiet", "--initial-branch=main")
	for version := range 3 {
		p.write(t, "clawd/TOOLS.md", []byte(fmt.Sprintf("version %d\nlogin %s\n", version, known)))
		p.write(t, "clawd/deep/x.json", []byte(`{"key":"`+byRule+`","other":"`+inHistory+`"}`))
		p.commit(t, "clawd", "Notes")
	}
	p.write(t, "clawd/TOOLS.md", []byte("nothing\n"))
	if err := os.Remove(p.path("clawd/deep/x.json")); err != nil {
		t.Fatal(err)
	}
	p.commit(t, "clawd", "Take "+known+" out")
	p.write(t, "clawd/lost.txt", []byte("lost "+known))
	p.git(t, "clawd", "hash-object", "-w", "lost.txt")
	if err := os.Remove(p.path("clawd/lost.txt")); err != nil {
		t.Fatal(err)
	}
	p.write(t, ".clawdbot/logs/gateway.log", []byte("using "+byRule+"\n"))
	p.git(t, ".clawdbot", "init", "--quiet", "--initial-branch=main")
	p.commit(t, ".clawdbot", "State")
	p.write(t, ".clawdbot/empty/x", []byte("x"))
	p.git(t, ".clawdbot/empty", "init", "--quiet")

	result := p.scan(t, scan.Options{})
	got := p.noted(result, "clawd/.git")
	want := []string{
		"github-pat in deep/x.json, commit #",
		"credential in TOOLS.md, commit #, and in 2 other objects",
		"credential in an object that no branch, tag or reflog leads to",
		"credential in the message of commit #",
	}
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	for _, f := range p.at(result, "clawd/.git") {
		if f.File.Surface != "git-history" || f.Action != scan.Rotate || len(f.Pointer) < 40 || f.Line != 0 || f.Start != 0 || f.Detector != scan.Known {
			t.Errorf("%+v", f.Location)
		}
	}
	if state := p.noted(result, ".clawdbot/.git"); !slices.Contains(state, "credential in clawdbot.json, commit #") ||
		!slices.Contains(state, "github-pat in logs/gateway.log, commit #") {
		t.Errorf("the state directory's: %q", state)
	}
	for _, path := range []string{"clawd/.git", ".clawdbot/.git", ".clawdbot/empty/.git"} {
		if class := p.skipped(result, path); class != "excluded" {
			t.Errorf("%s: %q: what was not looked for is not named", path, class)
		}
	}
	if result.Coverage.Unread() || places(result) != places(p.scan(t, scan.Options{})) {
		t.Error("something is unread, or a second scan has another order")
	}
	if skipped := p.scan(t, scan.Options{Skip: []string{p.path("clawd/.git")}}); len(p.at(skipped, "clawd/.git")) > 0 {
		t.Error("--skip has no effect")
	}
}

// noted returns the rules and notes of the findings in a file, sorted, with # for the ids of commits.
func (p person) noted(result *scan.Result, rel string) []string {
	var got []string
	for _, f := range p.at(result, rel) {
		note := f.Note
		if before, after, ok := strings.Cut(note, "commit "); ok {
			note = before + "commit #" + strings.TrimLeft(after, "0123456789abcdef")
		}
		got = append(got, f.Rule+" "+note)
	}
	slices.Sort(got)
	return got
}

// A worktree has its repository elsewhere, also outside of the workspace: it is read once.
func TestHistoryElsewhere(t *testing.T) {
	known := "hunter" + "2x"
	p := newPerson(t)
	p.write(t, ".clawdbot/clawdbot.json", []byte(`{"gateway": {"auth": {"password": "`+known+`"}}}`))
	for _, dir := range []string{"clawd/main", "elsewhere", "linked"} {
		p.write(t, dir+"/x.txt", []byte(known+"\n"))
		p.git(t, dir, "init", "--quiet", "--initial-branch=main")
		p.commit(t, dir, "x")
	}
	p.git(t, "clawd/main", "worktree", "add", "--quiet", "-b", "b", p.path("clawd/second"))
	p.git(t, "elsewhere", "worktree", "add", "--quiet", "-b", "b", p.path("clawd/third"))
	p.write(t, "clawd/fourth/x", []byte("x"))
	if err := os.Symlink(p.path("linked/.git"), p.path("clawd/fourth/.git")); err != nil {
		t.Fatal(err)
	}
	p.write(t, "elsewhere/.git/COMMIT_EDITMSG", []byte("use "+known+"\n"))
	p.git(t, "clawd/main", "clone", "--quiet", "--bare", ".", p.path("clawd/bare.git"))
	result := p.scan(t, scan.Options{})
	for path, want := range map[string]int{"clawd/main/.git": 1, "clawd/second/.git": 0, "clawd/third/.git": 1, "clawd/fourth/.git": 1, "clawd/bare.git": 1} {
		if got := len(p.at(result, path)); got != want {
			t.Errorf("%s: %d findings, want %d", path, got, want)
		}
	}
	for _, path := range []string{"clawd/third/.git", "clawd/fourth/.git"} {
		if p.skipped(result, path) != "excluded" {
			t.Errorf("%s: what was not looked for is not named", path)
		}
	}
	if len(p.at(result, "elsewhere/.git/COMMIT_EDITMSG")) != 1 {
		t.Error("what git keeps beside the objects elsewhere is not searched")
	}
}

// What git keeps beside its objects is text, and read as any other file.
func TestBesideTheObjects(t *testing.T) {
	known, byRule := "hunter"+"2x", fixture.Secret(everywhereSeed, "github", "beside the objects")
	p := newPerson(t)
	p.write(t, ".clawdbot/clawdbot.json", []byte(`{"gateway": {"auth": {"password": "`+known+`"}}}`))
	for _, dir := range []string{"clawd", ".clawdbot/agents/main/sessions"} {
		p.write(t, dir+"/x", []byte("x"))
		p.git(t, dir, "init", "--quiet")
		for _, rel := range []string{
			"hooks/pre-push", "FETCH_HEAD", "COMMIT_EDITMSG", "logs/refs/heads/b", "description", "packed-refs.old", "info/exclude",
			"modules/x/config", "modules/x/hooks/y",
		} {
			path := dir + "/.git/" + rel
			p.write(t, path, []byte("# "+known+" and "+byRule+"\n"))
			result := p.scan(t, scan.Options{})
			found := p.at(result, path)
			if len(found) != 2 {
				t.Errorf("%s: %d findings", path, len(found))
			}
			for _, f := range found {
				if f.Action != scan.Keep {
					t.Errorf("%s: %s", path, f.Action)
				}
			}
		}
	}
}

// The repository of a submodule that is not checked out has objects, too.
func TestHistoryOfAModule(t *testing.T) {
	known := "hunter" + "2x"
	p := newPerson(t)
	p.write(t, ".clawdbot/clawdbot.json", []byte(`{"gateway": {"auth": {"password": "`+known+`"}}}`))
	p.write(t, "elsewhere/x.txt", []byte(known+"\n"))
	p.git(t, "elsewhere", "init", "--quiet")
	p.commit(t, "elsewhere", "x")
	p.write(t, "clawd/x", []byte("x"))
	p.git(t, "clawd", "init", "--quiet")
	p.git(t, "elsewhere", "clone", "--quiet", "--bare", ".", p.path("clawd/.git/modules/x"))
	result := p.scan(t, scan.Options{})
	if got := len(p.at(result, "clawd/.git/modules/x")); got != 1 || result.Coverage.Unread() {
		t.Errorf("%d findings, %v", got, result.Coverage.Skipped)
	}
}

// A repository that git does not read, or no git to read it with, is named as unread.
func TestHistoryUnread(t *testing.T) {
	p := newPerson(t)
	p.write(t, "clawd/x.txt", []byte("x"))
	p.git(t, "clawd", "init", "--quiet")
	p.commit(t, "clawd", "x")
	objects, err := filepath.Glob(p.path("clawd/.git/objects/??/*"))
	if err != nil || len(objects) == 0 {
		t.Fatal(objects, err)
	}
	if err := os.Chmod(objects[0], 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(objects[0], []byte("damaged"), 0o600); err != nil {
		t.Fatal(err)
	}
	if class := p.skipped(p.scan(t, scan.Options{}), "clawd/.git"); class != "unread" {
		t.Errorf("damaged: %q", class)
	}
	p.write(t, "clawd/headless/.git/objects/aa/b", []byte("x"))
	p.write(t, "clawd/lost/.git", []byte("gitdir: /nowhere/at/all\n"))
	result := p.scan(t, scan.Options{})
	for _, path := range []string{"clawd/headless/.git", "clawd/lost/.git"} {
		if class := p.skipped(result, path); class != "unread" {
			t.Errorf("%s: %q", path, class)
		}
	}
	t.Setenv("PATH", t.TempDir())
	if class := p.skipped(p.scan(t, scan.Options{}), "clawd/.git"); class != "unread" {
		t.Errorf("no git: %q", class)
	}
}
