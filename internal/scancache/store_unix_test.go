//go:build linux || darwin

package scancache

import (
	"os"
	"path/filepath"
	"testing"
)

func TestStoreRefusesWhatDoesNotFit(t *testing.T) {
	text := lines(1, 1050)
	for name, spoil := range map[string]func(e *Entry){
		"nothing":                      func(*Entry) {},
		"nothing scanned":              func(e *Entry) { *e = Entry{} },
		"negative":                     func(e *Entry) { *e = Entry{Scanned: -100} },
		"within a line":                func(e *Entry) { e.Scanned = 1050 },
		"beyond the file":              func(e *Entry) { e.Scanned = 1100 },
		"negative lines":               func(e *Entry) { e.Lines = -1 },
		"finding before the file":      func(e *Entry) { e.Findings[0].Start = -1 },
		"finding ends before it is":    func(e *Entry) { e.Findings[0].End = 2 },
		"finding beyond what was read": func(e *Entry) { e.Findings[1].End++ },
	} {
		t.Run(name, func(t *testing.T) {
			path := write(t, text)
			c := openLater(filepath.Join(t.TempDir(), "scan"))
			remember(t, c, path, text)
			entry := entryOf(text)
			spoil(&entry)
			want := name == "nothing"
			if store(t, c, path, entry) != want {
				t.Errorf("remembered: %v", !want)
			}
			if _, ok := lookup(t, c, path); ok != want {
				t.Errorf("known: %v", ok)
			}
		})
	}
}

// Of a file that changed during its scan nobody knows what was read.
func TestStoreRefusesAFileThatChanged(t *testing.T) {
	text := lines(1, 100_000)
	for name, change := range map[string]func(t *testing.T, path string){
		"appended": func(t *testing.T, path string) { appendTo(t, path, []byte("more\n")) },
		"edited":   func(t *testing.T, path string) { flip(t, path, 50_000) },
		"cut off":  func(t *testing.T, path string) { must(t, os.Truncate(path, 99_950)) },
	} {
		t.Run(name, func(t *testing.T) {
			path := write(t, text)
			c := openLater(filepath.Join(t.TempDir(), "scan"))
			remember(t, c, path, text)
			f, info := openFile(t, path)
			defer func() { _ = f.Close() }()
			change(t, path)
			entry := Entry{Scanned: 99_900}
			if c.Store(path, f, info, entry) {
				t.Error("remembered")
			}
			if _, ok := lookup(t, c, path); ok {
				t.Error("known")
			}
		})
	}
}

// The scan of a file that was replaced meanwhile says nothing about its successor.
func TestReplacedDuringTheScan(t *testing.T) {
	text := lines(1, 100_000)
	path := write(t, text)
	c := openLater(filepath.Join(t.TempDir(), "scan"))
	f, info := openFile(t, path)
	defer func() { _ = f.Close() }()
	must(t, os.WriteFile(path+".new", text, 0o600))
	must(t, os.Rename(path+".new", path))
	c.Store(path, f, info, entryOf(text))
	if _, ok := lookup(t, c, path); ok {
		t.Error("trusted")
	}
}

func TestStoreWantsARegularFileAndAnAbsolutePath(t *testing.T) {
	text := lines(1, 1000)
	path := write(t, text)
	c := openLater(filepath.Join(t.TempDir(), "scan"))
	f, info := openFile(t, path)
	defer func() { _ = f.Close() }()
	if c.Store("session.jsonl", f, info, entryOf(text)) {
		t.Error("a relative path is remembered")
	}
	folder, folderInfo := openFile(t, filepath.Dir(path))
	defer func() { _ = folder.Close() }()
	if c.Store(path, folder, folderInfo, entryOf(text)) {
		t.Error("a directory is remembered")
	}
	_ = f.Close()
	if c.Store(path, f, info, entryOf(text)) {
		t.Error("a file that cannot be read is remembered")
	}
	remember(t, c, path, text)
	if _, ok := c.Lookup(path, f, info); ok {
		t.Error("a file that cannot be read is trusted")
	}
}

func TestNilCache(t *testing.T) {
	var c *Cache
	path := write(t, lines(1, 1000))
	if store(t, c, path, Entry{Scanned: 1000}) {
		t.Error("remembered")
	}
	if _, ok := lookup(t, c, path); ok {
		t.Error("known")
	}
	must(t, c.Save())
}
