package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/clawsecrets/clawsecrets/internal/fixture"
)

// scattered is a person's home directory with secrets in hundreds of places.
type scattered struct {
	fixture.Scatter
	tool string
}

func newScattered(t *testing.T, seed uint64) *scattered {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Fatal("git is missing: the scattered home has a repository")
	}
	scatter, err := fixture.Scattered(filepath.Join(t.TempDir(), "home"), fixture.ScatterOptions{Seed: seed, LivePID: os.Getpid()})
	if err != nil {
		t.Fatal(err)
	}
	return &scattered{scatter, buildTool(t)}
}

// run runs this program in the home directory and fails the test when it exits with
// another code. What it prints goes by unseen by an agent: it may hold secrets.
func (s *scattered) run(t *testing.T, code int, args ...string) []byte {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), s.tool, args...)
	outside := filepath.Dir(s.Home)
	cmd.Env = []string{
		"HOME=" + s.Home, "PATH=/usr/bin:/bin", "CLAWSECRETS_LOG_DIR=" + filepath.Join(outside, "log"),
		"XDG_CONFIG_HOME=" + filepath.Join(outside, "config"), "XDG_CACHE_HOME=" + filepath.Join(outside, "cache"),
	}
	cmd.Dir = s.Home
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) || cmd.ProcessState.ExitCode() != code {
		t.Fatalf("clawsecrets %v: exit code %d, want %d: %v\n%s", args, cmd.ProcessState.ExitCode(), code, err, stderr.String())
	}
	return stdout.Bytes()
}

// absolute returns a file as it is reported, as an absolute path.
func (s *scattered) absolute(file string) string {
	if filepath.IsAbs(file) {
		return file
	}
	return filepath.Join(s.State, file)
}

// TestScattered: every place of every secret is found; extract leaves plain copies in
// the .env, in its own folder and in files that it names; a second run writes nothing;
// and an undo restores every place.
func TestScattered(t *testing.T) {
	t.Parallel()
	for _, seed := range []uint64{4, 2026} {
		s := newScattered(t, seed)
		s.allFound(t)
		before := treeOf(t, s.Home)
		kept := s.extractAll(t)
		s.onlyKept(t, kept)
		after := treeOf(t, s.Home)
		s.run(t, 0, "extract", "--sessions", "--service", "--yes")
		if changed := differences(after, treeOf(t, s.Home)); len(changed) > 0 {
			t.Errorf("a second run changed %v", changed)
		}
		s.run(t, 0, "extract", "--undo", "--yes")
		if changed := differences(before, treeOf(t, s.Home)); len(changed) > 0 {
			t.Errorf("undo did not restore %v", changed)
		}
	}
}

// allFound checks that scan finds each value in each file that holds it.
func (s *scattered) allFound(t *testing.T) {
	t.Helper()
	var report struct {
		Findings []struct{ File, Secret string }
	}
	if err := json.Unmarshal(s.run(t, 1, "scan", "--json", "--show-secrets=always"), &report); err != nil {
		t.Fatal(err)
	}
	type place struct{ file, value string }
	found := map[place]bool{}
	for _, f := range report.Findings {
		found[place{s.absolute(f.File), strings.TrimSpace(f.Secret)}] = true
	}
	missed := 0
	for _, p := range s.Places {
		if !found[place{p.File, strings.TrimSpace(p.Value)}] {
			missed++
			t.Errorf("%s (%s) not found in %s", p.Surface, p.Encoding, p.File)
		}
	}
	t.Logf("%d of %d places found", len(s.Places)-missed, len(s.Places))
}

// extractAll extracts everywhere, and returns the files in which something was kept.
func (s *scattered) extractAll(t *testing.T) (kept map[string]bool) {
	t.Helper()
	var report struct {
		Kept []struct{ File, Why string }
	}
	if err := json.Unmarshal(s.run(t, 0, "extract", "--sessions", "--service", "--yes", "--json"), &report); err != nil {
		t.Fatal(err)
	}
	kept = map[string]bool{}
	for _, k := range report.Kept {
		kept[s.absolute(k.File)] = true
		if k.Why == "" {
			t.Errorf("%s is kept for no reason", k.File)
		}
	}
	return kept
}

// onlyKept checks, with a search of its own, where the values lie now.
func (s *scattered) onlyKept(t *testing.T, kept map[string]bool) {
	t.Helper()
	sightings, err := fixture.Sightings(s.Home, s.Values())
	if err != nil {
		t.Fatal(err)
	}
	mustGo := map[string]map[string]bool{}
	for _, p := range s.Places {
		if p.Expect == fixture.Moved {
			if mustGo[p.File] == nil {
				mustGo[p.File] = map[string]bool{}
			}
			mustGo[p.File][p.Value] = true
		}
	}
	for value, files := range sightings {
		for _, file := range files {
			switch {
			case file == filepath.Join(s.State, ".env"), strings.HasPrefix(file, filepath.Join(s.State, "clawsecrets")+"/"):
			case mustGo[file][value]:
				t.Errorf("a value that should have gone is still in %s", file)
			case !kept[file]:
				t.Errorf("a value is in %s, which is not named as kept", file)
			}
		}
	}
}

// treeOf reads every file below a directory, by name, with its mode; and for a file of
// sessions with its time. Our lock names who held it last.
func treeOf(t *testing.T, root string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || strings.HasSuffix(path, "/clawsecrets/lock") {
			return err
		}
		info, err := entry.Info()
		if err != nil || entry.IsDir() {
			files[path+"/"] = info.Mode().String()
			return err
		}
		data, err := os.ReadFile(path)
		text := info.Mode().String()
		if slices.Contains(strings.Split(path, "/"), "sessions") {
			text += info.ModTime().String()
		}
		files[path] = text + "\n" + string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}
