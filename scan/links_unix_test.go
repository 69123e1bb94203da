//go:build unix

package scan_test

import (
	"context"
	"errors"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/clawsecrets/clawsecrets/internal/fixture"
	"github.com/clawsecrets/clawsecrets/scan"
)

func (p person) link(t testing.TB, target, rel string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(p.path(rel)), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(target, p.path(rel)); err != nil {
		t.Fatal(err)
	}
}

// A file is read once, under its own name if it has one in the Home; loops end.
func TestSymbolicLinks(t *testing.T) {
	p := newPerson(t)
	const far, own = "disk/far.jsonl", ".clawdbot/agents/work/sessions/own.jsonl"
	for _, path := range []string{far, own} {
		p.write(t, path, contents(path, plantedIn(path)...))
	}
	p.link(t, p.path("disk"), ".clawdbot/agents/other/sessions")                            // moved to another disk
	p.link(t, p.path(".clawdbot"), ".clawdbot/agents/loop")                                 // a loop
	p.link(t, "..", ".clawdbot/agents/work/up")                                             // another
	p.link(t, p.path(own), ".clawdbot/a-latest.jsonl")                                      // a second name
	p.link(t, p.path(".clawdbot/agents/work/sessions"), ".clawdbot/a-sessions")             // and a third
	p.link(t, p.path(".clawdbot/clawdbot.json"), ".clawdbot/workspace/config-to-edit.json") // of what is read first
	result := p.scan(t, scan.Options{})
	for path, planted := range map[string]string{".clawdbot/agents/other/sessions/far.jsonl": far, own: own} {
		if found := p.at(result, path); len(found) != len(plantedIn(planted)) || found[0].File.Surface != "session" {
			t.Errorf("%s: %d findings", path, len(found))
		}
	}
	seen := map[string]string{}
	for _, f := range result.Findings {
		for _, value := range slices.Concat(plantedIn(far), plantedIn(own)) {
			if f.Value.Reveal() == value && seen[value] != "" {
				t.Errorf("%s is read again as %s", seen[value], f.File.Rel)
			} else if f.Value.Reveal() == value {
				seen[value] = f.File.Rel
			}
		}
	}
	if found := p.at(result, ".clawdbot/workspace/config-to-edit.json"); len(found) > 0 {
		t.Error("the config is read twice")
	}
	if result.Coverage.Unread() {
		t.Errorf("could not read %v", result.Coverage.Skipped)
	}
}

// The state directory may be a symbolic link: that must not make two of every file.
func TestLinkedStateDirectory(t *testing.T) {
	p := newPerson(t)
	plain := places(p.scan(t, scan.Options{}))
	if err := os.Rename(p.path(".clawdbot"), p.path(".moved")); err != nil {
		t.Fatal(err)
	}
	p.link(t, ".moved", ".clawdbot")
	if linked := places(p.scan(t, scan.Options{})); linked != plain {
		t.Errorf("got\n%s\nwant\n%s", linked, plain)
	}
}

// What is no file is named and does not make the scan wait.
func TestPipesAndSockets(t *testing.T) {
	p := newPerson(t)
	if err := syscall.Mkfifo(p.path(".clawdbot/pipe.json"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Chdir(p.path(".clawdbot")) // a socket's path is short
	listener, err := net.Listen("unix", "agent.sock")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	result := p.scan(t, scan.Options{})
	for _, path := range []string{".clawdbot/pipe.json", ".clawdbot/agent.sock"} {
		if class := p.skipped(result, path); class != "excluded" {
			t.Errorf("%s: %q", path, class)
		}
	}
	if result.Coverage.Unread() {
		t.Errorf("could not read %v", result.Coverage.Skipped)
	}
}

// A pipe that is named is waited for, but not once the scan is to end.
func TestInterruptedPipe(t *testing.T) {
	p := newPerson(t)
	pipe := p.path("pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(10*time.Millisecond, cancel) // by then it waits, most of the time
	result, err := scan.Paths(ctx, []string{pipe}, scan.Options{})
	if !errors.Is(err, context.Canceled) || result == nil || !result.Coverage.Unread() {
		t.Errorf("got %v, %v", err, result)
	}
	// The scan's own goroutine still waits: let it go.
	if writer, err := os.OpenFile(pipe, os.O_WRONLY|syscall.O_NONBLOCK, 0); err == nil {
		_ = writer.Close()
	}
}

// What cannot be read is named, and what can be is still found.
func TestUnreadIsNamed(t *testing.T) {
	p := newPerson(t)
	p.link(t, "nowhere", ".clawdbot/logs/gateway.err.log")
	broken := fixture.SQLite(strings.Join(plantedIn("broken"), " "))
	p.write(t, ".clawdbot/memory/broken.sqlite", broken[:len(broken)-100])
	p.write(t, "clawd/notes.md", contents("notes.md", plantedIn("notes")...))
	want := []string{".clawdbot/logs/gateway.err.log", ".clawdbot/memory/broken.sqlite"}
	if os.Getuid() != 0 { // modes do not bind root
		p.write(t, ".clawdbot/logs/closed.log", nil)
		p.write(t, ".clawdbot/media/closed/x.txt", nil)
		for _, path := range []string{".clawdbot/logs/closed.log", ".clawdbot/media/closed"} {
			if err := os.Chmod(p.path(path), 0); err != nil {
				t.Fatal(err)
			}
			defer func() { _ = os.Chmod(p.path(path), 0o700) }()
			want = append(want, path)
		}
	}
	result := p.scan(t, scan.Options{})
	for _, path := range want {
		if class := p.skipped(result, path); class != "unread" {
			t.Errorf("%s: %q", path, class)
		}
	}
	if len(p.at(result, "clawd/notes.md")) != len(plantedIn("notes")) {
		t.Error("the rest is not found")
	}
}

// Where others can read is said of the file, not of its mode alone.
func TestReadableBy(t *testing.T) {
	p := newPerson(t)
	const open, closed = "clawd/open.md", "clawd/private/closed.md"
	for _, path := range []string{open, closed} {
		p.write(t, path, contents(path, plantedIn(path)...))
		if err := os.Chmod(p.path(path), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	above := filepath.Dir(p.path(open))
	for ; above != filepath.Dir(above) && above != filepath.Clean(os.TempDir()); above = filepath.Dir(above) {
		if err := os.Chmod(above, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for ; above != filepath.Dir(above); above = filepath.Dir(above) {
		if info, err := os.Stat(above); err != nil || info.Mode().Perm()&0o001 == 0 {
			t.Skip("nobody else gets into the temporary directory")
		}
	}
	result := p.scan(t, scan.Options{})
	for path, want := range map[string]scan.Readers{open: scan.Others, closed: scan.Owner} {
		for _, f := range p.at(result, path) {
			if f.ReadableBy != want || (f.Severity == scan.Critical) != (want == scan.Others) {
				t.Errorf("%s: readable by %s, %s", path, f.ReadableBy, f.Severity)
			}
		}
	}
}
