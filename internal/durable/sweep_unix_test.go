//go:build unix

package durable

import (
	"crypto/sha256"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

func TestParseStaging(t *testing.T) {
	for name, want := range map[string]string{
		".openclaw.json.clawsecrets-ABCDEF27.tmp":                 "openclaw.json",
		"..env.clawsecrets-ABCDEF27.tmp":                          ".env",
		"..env.clawsecrets-ABCDEF27.tmp.clawsecrets-QRSTUVWX.tmp": ".env.clawsecrets-ABCDEF27.tmp",
		".clawsecrets-ABCDEF27.tmp":                               "",
		"openclaw.json.clawsecrets-ABCDEF27.tmp":                  "",
		".openclaw.json.clawsecrets-ABCDEF2.tmp":                  "",
		".openclaw.json.clawsecrets-ABCDEF2!.tmp":                 "",
		".openclaw.json.clawsecrets-abcdef27.tmp":                 "",
		".openclaw.json.clawsecrets-ABCDEF27.tmp~":                "",
		"": "",
	} {
		got, _, ok := parseStaging(name)
		if ok != (want != "") || ok && got != want || IsStaging(name) != ok {
			t.Errorf("%q: %q, %v; want %q", name, got, ok, want)
		}
	}
}

// abandoned makes the directory that a crash in the middle of a replacement leaves.
func abandoned(t *testing.T, d *Dir, held, old, new string) string {
	t.Helper()
	const salt = "ABCDEF27"
	dir := mustMkdir(t, d.Path(), "."+target+stagingMark+salt+stagingSuffix)
	newSum := sha256.Sum256([]byte(new))
	if new == "" {
		newSum = gone()
	}
	file := filepath.Join(dir, seal(salt, sha256.Sum256([]byte(old)), newSum))
	put(t, file, held, 0o600)
	return file
}

func TestSweep(t *testing.T) {
	for name, c := range map[string]struct {
		target, held, old, new string
		want                   string
		leftover               bool
	}{
		"before the exchange":                   {"old", "new", "old", "new", "old", false},
		"after the exchange":                    {"new", "old", "old", "new", "new", false},
		"theirs came back":                      {"new", "theirs", "old", "new", "theirs", false},
		"theirs came back, target changed":      {"newer", "theirs", "old", "new", "newer", true},
		"theirs came back, target deleted":      {"", "theirs", "old", "new", "theirs", false},
		"removal, before":                       {"", "old", "old", "", "", false},
		"removal, theirs taken":                 {"", "theirs", "old", "", "theirs", false},
		"removal, theirs taken, target created": {"created", "theirs", "old", "", "created", true},
	} {
		t.Run(name, func(t *testing.T) {
			d := openTemp(t)
			file := filepath.Join(d.Path(), target)
			if c.target != "" {
				put(t, file, c.target, 0o600)
			}
			staged := abandoned(t, d, c.held, c.old, c.new)
			err := d.Sweep(".")
			kept, leftover := errors.AsType[*LeftoverError](err)
			if leftover != c.leftover || !leftover && err != nil {
				t.Fatalf("error %v", err)
			}
			if c.want == "" {
				onlyThese(t, d.Path())
				return
			}
			if got := contents(t, file); got != c.want {
				t.Errorf("target holds %q, want %q", got, c.want)
			}
			if !leftover {
				onlyThese(t, d.Path(), target)
			} else if kept.Path != staged || contents(t, staged) != c.held {
				t.Errorf("kept %q", kept.Path)
			}
		})
	}
}

// The old file, which somebody has open for writing: what he has yet to write counts.
func TestSweepPutsBackWhatIsOpen(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("only Linux can tell")
	}
	d := openTemp(t)
	file := filepath.Join(d.Path(), target)
	put(t, file, "new", 0o600)
	writer, err := os.OpenFile(abandoned(t, d, "old", "old", "new"), os.O_WRONLY|os.O_APPEND, 0)
	mustDo(t, err)
	defer writer.Close()
	mustDo(t, d.Sweep("."))
	_, err = writer.WriteString(" more")
	mustDo(t, err)
	if got := contents(t, file); got != "old more" {
		t.Errorf("file holds %q", got)
	}
	onlyThese(t, d.Path(), target)
}

// A file that was put back by a hard link, before its other name could be removed.
func TestSweepSecondName(t *testing.T) {
	d := openTemp(t)
	staged := abandoned(t, d, "theirs", "old", "new")
	mustDo(t, os.Link(staged, filepath.Join(d.Path(), target)))
	mustDo(t, d.Sweep("."))
	onlyThese(t, d.Path(), target)
	if s := mustRead(t, d, target); string(s.Data) != "theirs" || s.Links != 1 {
		t.Errorf("%q, %d links", s.Data, s.Links)
	}
}

// Sweep touches nothing but what this package makes, and goes on after a leftover.
func TestSweepLeavesOthersAlone(t *testing.T) {
	d := openTemp(t)
	at := func(name string) string { return filepath.Join(d.Path(), name) }
	put(t, at(".a.clawsecrets-ABCDEF27.tmp"), "a file", 0o600)
	put(t, at("clawdbot.json.tmp"), "the product's", 0o600)
	mustMkdir(t, at(".b.clawsecrets-ABCDEF27.tmp"))
	put(t, at(".b.clawsecrets-ABCDEF27.tmp/unknown"), "?", 0o600)
	mustMkdir(t, at(".c.clawsecrets-ABCDEF27.tmp"))
	put(t, at(".c.clawsecrets-ABCDEF27.tmp/incoming"), "half", 0o600)
	mustMkdir(t, at(".d.clawsecrets-ABCDEF27.tmp"))
	if err := os.Symlink("/", at(".e.clawsecrets-ABCDEF27.tmp")); err != nil {
		t.Fatal(err)
	}
	err := d.Sweep(".")
	if _, ok := errors.AsType[*LeftoverError](err); !ok {
		t.Errorf("error %v", err)
	}
	onlyThese(t, d.Path(), ".a.clawsecrets-ABCDEF27.tmp", ".b.clawsecrets-ABCDEF27.tmp", ".e.clawsecrets-ABCDEF27.tmp", "clawdbot.json.tmp")
	onlyThese(t, at(".b.clawsecrets-ABCDEF27.tmp"), "unknown")
}
