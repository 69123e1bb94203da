//go:build linux || darwin

package scancache

import (
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"testing"
	"time"
)

// Sizes of which all of the prefix is looked at, and those of which samples are; the
// odd ones end in a line that has no end yet.
func sizes() []int { return []int{100, 4096, 8192, 8300, 70_000, 73_800, 1_000_050} }

func forSizes(t *testing.T, test func(t *testing.T, size int)) {
	for _, size := range sizes() {
		t.Run(strconv.Itoa(size), func(t *testing.T) { test(t, size) })
	}
}

func TestUnchangedFileIsRemembered(t *testing.T) {
	forSizes(t, func(t *testing.T, size int) {
		text := lines(1, size)
		path, store := write(t, text), filepath.Join(t.TempDir(), "scan")
		c := openLater(store)
		if _, ok := lookup(t, c, path); ok {
			t.Fatal("an empty cache knows a file")
		}
		remember(t, c, path, text)
		must(t, c.Save())
		for _, again := range []*Cache{c, openLater(store), Open(store, testScope, testKey(1))} {
			if got, ok := lookup(t, again, path); !ok || !reflect.DeepEqual(got, entryOf(text)) {
				t.Errorf("%v %+v, want %+v", ok, got, entryOf(text))
			}
		}
	})
}

// What was appended does not change what is known of the rest, run after run.
func TestAppendedFileKeepsItsPrefix(t *testing.T) {
	forSizes(t, func(t *testing.T, size int) {
		text := lines(1, size)
		path, store := write(t, text), filepath.Join(t.TempDir(), "scan")
		c := openLater(store)
		remember(t, c, path, text)
		for round := range 5 {
			must(t, c.Save())
			known := entryOf(text)
			more := lines(uint64(round), 33_333)
			appendTo(t, path, more)
			text = append(text, more...)
			c = openLater(store)
			if got, ok := lookup(t, c, path); !ok || !reflect.DeepEqual(got, known) {
				t.Fatalf("round %d: %v %+v, want %+v", round, ok, got, known)
			}
			remember(t, c, path, text)
		}
	})
}

// change is something that happens to a file whose first scanned bytes are known.
type change struct {
	name string
	do   func(t *testing.T, c *Cache, path string, scanned int64)
}

func changes() []change {
	return []change{
		{"first byte", func(t *testing.T, _ *Cache, path string, _ int64) { flip(t, path, 0) }},
		{"end of the first block", func(t *testing.T, _ *Cache, path string, scanned int64) {
			flip(t, path, min(blockSize, scanned)-1)
		}},
		{"start of the last block", func(t *testing.T, _ *Cache, path string, scanned int64) {
			flip(t, path, max(0, scanned-blockSize))
		}},
		{"last byte", func(t *testing.T, _ *Cache, path string, scanned int64) { flip(t, path, scanned-1) }},
		{"a byte in the middle", func(t *testing.T, _ *Cache, path string, scanned int64) { flip(t, path, scanned/2) }},
		{"a byte more at the start", func(t *testing.T, _ *Cache, path string, _ int64) {
			text, err := os.ReadFile(path)
			must(t, err)
			edit(t, path, 0, slices.Concat([]byte("x"), text))
		}},
		{"one byte shorter than scanned", func(t *testing.T, _ *Cache, path string, scanned int64) {
			must(t, os.Truncate(path, scanned-1))
		}},
		{"empty", func(t *testing.T, _ *Cache, path string, _ int64) { must(t, os.Truncate(path, 0)) }},
		{"a copy of another inode", func(t *testing.T, _ *Cache, path string, _ int64) {
			text, err := os.ReadFile(path)
			must(t, err)
			must(t, os.WriteFile(path+".new", text, 0o600))
			must(t, os.Rename(path+".new", path))
		}},
	}
}

// Each of these has to be noticed, whether or not the file grows afterwards.
func TestChangedPrefixIsNotTrusted(t *testing.T) {
	for _, change := range changes() {
		for _, grows := range []bool{false, true} {
			t.Run(change.name+", grows "+strconv.FormatBool(grows), func(t *testing.T) {
				forSizes(t, func(t *testing.T, size int) {
					text := lines(1, size)
					path := write(t, text)
					c := openLater(filepath.Join(t.TempDir(), "scan"))
					remember(t, c, path, text)
					change.do(t, c, path, entryOf(text).Scanned)
					if grows {
						appendTo(t, path, lines(2, 2*size))
					}
					if _, ok := lookup(t, c, path); ok {
						t.Error("trusted")
					}
				})
			})
		}
	}
}

// A file that was touched and has its old size may have any other content.
func TestTouchedFileIsNotTrusted(t *testing.T) {
	text := lines(1, 300_000)
	for name, touch := range map[string]func(path string) error{
		"mtime":           func(path string) error { return os.Chtimes(path, time.Time{}, time.Unix(1, 0)) },
		"ctime":           func(path string) error { return os.Chmod(path, 0o400) },
		"half a line off": func(path string) error { return os.Truncate(path, 299_950) },
		"a line off":      func(path string) error { return os.Truncate(path, 299_900) },
		"a byte more, then less": func(path string) error {
			_ = os.Truncate(path, 300_001)
			return os.Truncate(path, 300_000)
		},
	} {
		t.Run(name, func(t *testing.T) {
			path := write(t, text)
			c := openLater(filepath.Join(t.TempDir(), "scan"))
			entry := entryOf(text)
			entry.Scanned, entry.Findings = 299_900, nil
			if !store(t, c, path, entry) {
				t.Fatal("not remembered")
			}
			ctime := ctimeOf(t, path)
			for ctimeOf(t, path) == ctime {
				must(t, touch(path))
			}
			if _, ok := lookup(t, c, path); ok {
				t.Error("trusted")
			}
		})
	}
}

func ctimeOf(t *testing.T, path string) int64 {
	t.Helper()
	info, err := os.Stat(path)
	must(t, err)
	s, _ := stampOf(info)
	return s.ctime
}

// Every field counts by itself.
func TestEveryFieldIsCompared(t *testing.T) {
	text := lines(1, 200_000)
	for name, spoil := range map[string]func(r *record){
		"nothing":  func(*record) {},
		"device":   func(r *record) { r.device++ },
		"inode":    func(r *record) { r.inode++ },
		"size":     func(r *record) { r.size++ },
		"mtime":    func(r *record) { r.mtime++ },
		"ctime":    func(r *record) { r.ctime-- },
		"scanned":  func(r *record) { r.scanned-- },
		"edges":    func(r *record) { r.edges[15] ^= 1 },
		"findings": func(r *record) { r.findings += "\x01" },
		"whole, unsettled": func(r *record) {
			r.settled = false
			r.whole[0] ^= 1
		},
		"whole, grown": func(r *record) {
			r.size--
			r.whole[0] ^= 1
		},
	} {
		t.Run(name, func(t *testing.T) {
			path := write(t, text)
			c := openLater(filepath.Join(t.TempDir(), "scan"))
			remember(t, c, path, text)
			spoil(c.records[path])
			if _, ok := lookup(t, c, path); ok != (name == "nothing") {
				t.Errorf("trusted: %v", ok)
			}
		})
	}
}

// What was once found wrong does not look right again after an append, in this run
// or, saved, in the next.
func TestMissForgets(t *testing.T) {
	text := lines(1, 1_000_000)
	path, store := write(t, text), filepath.Join(t.TempDir(), "scan")
	c := openLater(store)
	remember(t, c, path, text)
	must(t, c.Save())
	flip(t, path, 500_000)
	if _, ok := lookup(t, c, path); ok {
		t.Fatal("trusted after an edit in place")
	}
	must(t, c.Save())
	appendTo(t, path, []byte("more\n"))
	for _, c := range []*Cache{c, openLater(store)} {
		if _, ok := lookup(t, c, path); ok {
			t.Error("trusted after the append that followed")
		}
	}
}

// An edit in the middle is seen, whether the file grows or not.
func TestEditInTheMiddleIsSeen(t *testing.T) {
	text := lines(1, 1_000_000)
	for _, grows := range []bool{true, false} {
		path := write(t, text)
		c := openLater(filepath.Join(t.TempDir(), "scan"))
		remember(t, c, path, text)
		flip(t, path, 500_000)
		if grows {
			appendTo(t, path, []byte("more\n"))
		}
		if _, ok := lookup(t, c, path); ok {
			t.Errorf("grows %t: trusted", grows)
		}
	}
}

// Times that are too young to vouch for a file do so in a later run.
func TestYoungFileSettles(t *testing.T) {
	text := lines(1, 200_000)
	path, store := write(t, text), filepath.Join(t.TempDir(), "scan")
	c := Open(store, testScope, testKey(1))
	remember(t, c, path, text)
	if c.records[path].settled {
		t.Fatal("a file of this moment is settled")
	}
	must(t, c.Save())
	for run, want := range []bool{false, true, true} {
		c := Open(store, testScope, testKey(1))
		if run > 0 {
			c = openLater(store)
		}
		if _, ok := lookup(t, c, path); !ok {
			t.Fatal("not trusted")
		}
		must(t, c.Save())
		if again := openLater(store); again.records[path].settled != want {
			t.Errorf("run %d: settled %v", run, !want)
		}
	}
}
