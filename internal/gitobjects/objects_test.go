package gitobjects

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// expected returns all objects but trees, as git itself shows them one by one.
func expected(t *testing.T, folder string) map[string]string {
	t.Helper()
	objects := map[string]string{}
	for line := range strings.Lines(git(t, folder, "", "cat-file", "--batch-all-objects", "--batch-check=%(objectname) %(objecttype)")) {
		id, kind, _ := strings.Cut(strings.TrimSpace(line), " ")
		if kind != "tree" {
			objects[id] = kind + " " + git(t, folder, "", "cat-file", kind, id)
		}
	}
	return objects
}

func noise(n int) string {
	data := make([]byte, n)
	_, _ = rand.NewChaCha8([32]byte{1}).Read(data) // never fails
	return string(data)
}

// build makes a repository in which a secret lies in all the ways there are, and returns
// the ids of their objects.
func build(t *testing.T, folder string) map[string]string {
	t.Helper()
	ids := map[string]string{}
	_, ids["removed"] = commit(t, folder, "a/.env", "KEY="+secret("removed"), "first")
	_, ids["current"] = commit(t, folder, "a/.env", "KEY=current", "second")
	ids["message"], _ = commit(t, folder, "b", "b", "the key is "+secret("message"))
	git(t, folder, "", "tag", "-a", "v1", "-m", "tagged "+secret("tag"))
	ids["tag"] = git(t, folder, "", "rev-parse", "v1")
	_, ids["reflog"] = commit(t, folder, "b", secret("reflog"), "to be amended")
	commit(t, folder, "b", "amended", "amended", "--amend")
	_, ids["big"] = commit(t, folder, "big", noise(3<<20)+secret("big"), "big")
	ids["dangling"] = git(t, folder, secret("dangling"), "hash-object", "-w", "--stdin")
	return ids
}

func TestObjects(t *testing.T) {
	for _, form := range []string{"sha1", "sha256"} {
		for _, packed := range []bool{false, true} {
			t.Run(fmt.Sprint(form, " packed ", packed), func(t *testing.T) {
				folder := newRepository(t, "--object-format="+form)
				ids := build(t, folder)
				if packed {
					git(t, folder, "", "repack", "-adfkq")
				}
				got, err := read(t, folder)
				if err != nil {
					t.Fatal(err)
				}
				for _, name := range []string{"removed", "message", "tag", "reflog", "big", "dangling"} {
					if !strings.Contains(got[ids[name]], secret(name)) {
						t.Errorf("%s is not found", name)
					}
				}
				want := expected(t, folder)
				for id := range want {
					want[id] = strings.TrimSuffix(want[id], "\n") // as git() does with it
					got[id] = strings.TrimSuffix(got[id], "\n")
				}
				if !maps.Equal(got, want) {
					t.Errorf("%d objects are not the %d that git shows", len(got), len(want))
				}
			})
		}
	}
}

func TestObjectsOfNothing(t *testing.T) {
	if got, err := read(t, newRepository(t)); err != nil || len(got) != 0 {
		t.Errorf("%d objects in an empty repository, error %v", len(got), err)
	}
}

// What git says of other repositories in our own environment is not for this one.
func TestEnvironmentIsOurs(t *testing.T) {
	folder := newRepository(t)
	ids := build(t, folder)
	other := filepath.Join(newRepository(t), ".git")
	trace := filepath.Join(t.TempDir(), "trace")
	for name, value := range map[string]string{
		"GIT_DIR": other, "GIT_OBJECT_DIRECTORY": filepath.Join(other, "objects"), "GIT_INDEX_FILE": "/nothing",
		"GIT_TRACE": trace, "GIT_CONFIG_COUNT": "broken", "GIT_NAMESPACE": "other", "GIT_COMMON_DIR": other,
	} {
		t.Setenv(name, value)
	}
	got, err := read(t, folder)
	if err != nil || !strings.Contains(got[ids["removed"]], secret("removed")) {
		t.Errorf("%d objects, error %v", len(got), err)
	}
	if _, err := os.Stat(trace); err == nil {
		t.Error("git has written a trace")
	}
}

// What yield returns ends the walk, and what it does not read is passed over.
func TestYield(t *testing.T) {
	folder := newRepository(t)
	build(t, folder)
	gitDir, _ := Repository(folder)
	all := 0
	if err := Objects(t.Context(), gitDir, func(Object, io.Reader) error { all++; return nil }); err != nil || all != len(expected(t, folder)) {
		t.Errorf("%d objects without reading, error %v", all, err)
	}
	enough, seen := errors.New("enough"), 0
	err := Objects(t.Context(), gitDir, func(Object, io.Reader) error { seen++; return enough })
	if !errors.Is(err, enough) || seen != 1 {
		t.Errorf("%d objects, error %v", seen, err)
	}
}

func TestInterrupt(t *testing.T) {
	folder := newRepository(t)
	ids := build(t, folder)
	gitDir, _ := Repository(folder)
	ctx, cancel := context.WithCancel(t.Context())
	seen := 0
	err := Objects(ctx, gitDir, func(Object, io.Reader) error { seen++; cancel(); return nil })
	if !errors.Is(err, context.Canceled) || seen != 1 {
		t.Errorf("%d objects, error %v", seen, err)
	}
	if _, err := Places(ctx, gitDir, []string{ids["removed"]}); !errors.Is(err, context.Canceled) {
		t.Errorf("places: error %v", err)
	}
	// A git that hangs is ended: this one waits for somebody to write to its config.
	if err := makePipe(filepath.Join(folder, "pipe")); err != nil {
		t.Skip("no pipes here")
	}
	git(t, folder, "", "config", "include.path", "../pipe")
	hung, stop := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer stop()
	err = Objects(hung, gitDir, func(Object, io.Reader) error { return nil })
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a git that hangs: error %v", err)
	}
}

func TestDamaged(t *testing.T) {
	folder := newRepository(t)
	ids := build(t, folder)
	object := filepath.Join(folder, ".git/objects", ids["big"][:2], ids["big"][2:])
	data := must(os.ReadFile(object))
	for name, damaged := range map[string][]byte{
		"header": append([]byte("xxxx"), data[4:]...), "end": data[:len(data)/2], "empty": nil,
	} {
		must(0, os.Remove(object))
		write(t, object, string(damaged))
		got, err := read(t, folder)
		if !errors.Is(err, ErrIncomplete) {
			t.Errorf("%s: %d objects, error %v", name, len(got), err)
		}
		if text := fmt.Sprint(err); strings.Contains(text, ids["big"]) || strings.Contains(text, "fatal") {
			t.Errorf("%s: the error repeats what git says: %q", name, text)
		}
	}
}

func TestRefused(t *testing.T) {
	t.Run("no git", func(t *testing.T) {
		t.Setenv("PATH", t.TempDir())
		err := Objects(t.Context(), t.TempDir(), nil)
		_, placesErr := Places(t.Context(), t.TempDir(), []string{strings.Repeat("0", 40)})
		if err != ErrNoGit || placesErr != ErrNoGit {
			t.Errorf("errors %v and %v", err, placesErr)
		}
	})
	for name, config := range map[string]string{
		"damaged config": "[core\n", "unknown extension": "[core]\nrepositoryformatversion = 1\n[extensions]\nstrange = 1\n",
		"later version": "[core]\nrepositoryformatversion = 99\n",
	} {
		t.Run(name, func(t *testing.T) {
			folder := newRepository(t)
			write(t, filepath.Join(folder, ".git/config"), config)
			if _, err := read(t, folder); err != ErrNotRepository {
				t.Errorf("error %v", err)
			}
		})
	}
	needGit(t)
	if err := Objects(t.Context(), t.TempDir(), nil); err != ErrNotRepository {
		t.Errorf("an empty folder: error %v", err)
	}
}

func TestCause(t *testing.T) {
	for text, want := range map[string]error{
		"fatal: detected dubious ownership in repository at '/r'\n":           ErrOwner,
		"fatal: unsafe repository ('/r' is owned by someone else)\n":          ErrOwner,
		"fatal: not a git repository: '/r'\n":                                 ErrNotRepository,
		"error: inflate: data stream error\nfatal: loose object is corrupt\n": ErrIncomplete,
		"": ErrIncomplete,
		strings.Repeat("warning: much\n", 10_000): ErrIncomplete,
	} {
		var said complaints
		for chunk := range strings.SplitAfterSeq(text, " ") {
			must(io.WriteString(&said, chunk))
		}
		if got := said.cause(); got != want || len(said.text) > 4<<10 {
			t.Errorf("%.40q means %v, with %d bytes kept", text, got, len(said.text))
		}
	}
}
