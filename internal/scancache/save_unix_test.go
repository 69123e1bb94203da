//go:build linux || darwin

package scancache

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

func TestOnlyTheUserCanRead(t *testing.T) {
	defer syscall.Umask(syscall.Umask(0))
	text := lines(1, 1000)
	path, base := write(t, text), t.TempDir()
	store := filepath.Join(base, "new", "clawsecrets", "scan")
	for range 2 {
		c := openLater(store)
		remember(t, c, path, text)
		must(t, c.Save())
		var names []string
		must(t, filepath.WalkDir(filepath.Join(base, "new"), func(name string, entry fs.DirEntry, err error) error {
			must(t, err)
			info, err := entry.Info()
			must(t, err)
			want := fs.FileMode(0o600)
			if info.IsDir() {
				want = fs.ModeDir | 0o700
			}
			if info.Mode() != want {
				t.Errorf("%s has mode %v, want %v", name, info.Mode(), want)
			}
			names = append(names, entry.Name())
			return nil
		}))
		if got := strings.Join(names, " "); got != "new clawsecrets scan" {
			t.Errorf("left behind: %s", got)
		}
		must(t, os.Chmod(store, 0o644)) // the next one is private again
	}
}

// A scan that learns nothing writes nothing, until it is another day.
func TestNothingNewIsNotWritten(t *testing.T) {
	text := lines(1, 1000)
	path, store := write(t, text), filepath.Join(t.TempDir(), "scan")
	c := openLater(store)
	must(t, c.Save())
	if _, err := os.Stat(store); err == nil {
		t.Error("an empty cache is written")
	}
	remember(t, c, path, text)
	must(t, c.Save())
	for _, test := range []struct {
		later   time.Duration
		written bool
	}{{time.Hour, false}, {25 * time.Hour, true}, {25 * time.Hour, false}} {
		before, err := os.Stat(store)
		must(t, err)
		c := open(store, testScope, testKey(1), c.opened.Truncate(24*time.Hour).Add(test.later))
		if _, ok := lookup(t, c, path); !ok {
			t.Fatal("not known")
		}
		must(t, c.Save())
		after, err := os.Stat(store)
		must(t, err)
		if os.SameFile(before, after) == test.written {
			t.Errorf("%v later: written %v", test.later, !test.written)
		}
	}
}

func TestOldEntriesGo(t *testing.T) {
	dir, store := t.TempDir(), filepath.Join(t.TempDir(), "scan")
	text := lines(1, 1000)
	c := openLater(store)
	paths := map[string]string{}
	for _, name := range []string{"used", "unused", "gone"} {
		paths[name] = filepath.Join(dir, name)
		must(t, os.WriteFile(paths[name], text, 0o600))
		remember(t, c, paths[name], text)
	}
	must(t, c.Save())
	must(t, os.Remove(paths["gone"]))
	for _, test := range []struct {
		days int
		want string
	}{{1, "unused used"}, {90, "unused used"}, {91, "used"}} {
		c := open(store, testScope, testKey(1), c.opened.AddDate(0, 0, test.days))
		if _, ok := lookup(t, c, paths["used"]); !ok {
			t.Fatal("not known")
		}
		must(t, c.Save())
		var left []string
		again := openLater(store)
		for _, name := range []string{"gone", "unused", "used"} {
			if _, ok := again.records[paths[name]]; ok {
				left = append(left, name)
			}
		}
		if got := strings.Join(left, " "); got != test.want {
			t.Errorf("after %d days: %s, want %s", test.days, got, test.want)
		}
	}
}

// Beyond its limit the file keeps what was used last.
func TestFileHasALimit(t *testing.T) {
	dir, store := t.TempDir(), filepath.Join(t.TempDir(), "scan")
	text := lines(1, 1000)
	c := openLater(store)
	c.limit = 2000
	for day := range 30 {
		path := filepath.Join(dir, fmt.Sprint(day))
		must(t, os.WriteFile(path, text, 0o600))
		remember(t, c, path, text)
		c.records[path].day += int64(day)
	}
	must(t, c.Save())
	info, err := os.Stat(store)
	must(t, err)
	if info.Size() > 2000 || info.Size() < 1500 {
		t.Errorf("%d bytes", info.Size())
	}
	left := openLater(store).records
	if len(left) < 5 || len(left) > 15 {
		t.Fatalf("%d entries", len(left))
	}
	for i := range len(left) {
		if left[filepath.Join(dir, fmt.Sprint(29-i))] == nil {
			t.Errorf("the entry of day %d is gone, but there are %d", 29-i, len(left))
		}
	}
	// A file beyond the limit is not read.
	c = &Cache{path: store, key: c.key, limit: int(info.Size()) - 1}
	if len(c.load()) != 0 {
		t.Error("too large a file is read")
	}
}

// Scans that run at once do not disturb each other, in one process or in several.
func TestConcurrentScans(t *testing.T) {
	const files, workers = 40, 8
	dir, store := t.TempDir(), filepath.Join(t.TempDir(), "scan")
	text := lines(1, 20_000)
	for i := range files {
		must(t, os.WriteFile(filepath.Join(dir, fmt.Sprint(i)), text, 0o600))
	}
	var wait sync.WaitGroup
	for range 3 {
		c := openLater(store)
		for worker := range workers {
			wait.Go(func() { scanSome(t, c, dir, worker, workers, files, text) })
		}
	}
	wait.Wait()
	if t.Failed() {
		return
	}
	c, known := openLater(store), 0
	for i := range files {
		if _, ok := lookup(t, c, filepath.Join(dir, fmt.Sprint(i))); ok {
			known++
		}
	}
	if known == 0 {
		t.Error("no scan won")
	}
}

// scanSome does what one goroutine of a scan does, and saves far too often.
func scanSome(t *testing.T, c *Cache, dir string, from, step, files int, text []byte) {
	for i := from; i < files; i += step {
		path := filepath.Join(dir, fmt.Sprint(i))
		f, err := os.Open(path)
		if err != nil {
			t.Error(err)
			return
		}
		info, err := f.Stat()
		if err != nil {
			t.Error(err)
		}
		if _, ok := c.Lookup(path, f, info); !ok && !c.Store(path, f, info, entryOf(text)) {
			t.Errorf("%s is not remembered", path)
		}
		if _, ok := c.Lookup(path, f, info); !ok {
			t.Errorf("%s is not known", path)
		}
		if err := c.Save(); err != nil {
			t.Error(err)
		}
		_ = f.Close()
	}
}

func TestSaveSaysWhatToDo(t *testing.T) {
	text := lines(1, 1000)
	path := write(t, text)
	for name, store := range map[string]string{
		"a directory in its place": t.TempDir(),
		"a file for a directory":   filepath.Join(path, "scan"),
	} {
		c := openLater(store)
		remember(t, c, path, text)
		err := c.Save()
		if err == nil || !strings.Contains(err.Error(), "--no-cache") || !strings.Contains(err.Error(), filepath.Dir(store)) {
			t.Errorf("%s: %v", name, err)
		}
		if left, _ := filepath.Glob(store + ".*"); len(left) > 0 {
			t.Errorf("%s: left behind %v", name, left)
		}
	}
}
