//go:build linux || darwin

package scancache

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// FuzzLookup: whatever is done to a file, whose prefix is short enough to be looked
// at as a whole, the entry is trusted only if that prefix is what it was; and it is
// trusted if nothing was done but to append.
func FuzzLookup(f *testing.F) {
	f.Add(uint16(300), []byte{0, 0, 1, 7})
	f.Add(uint16(30_000), []byte{1, 0, 77, 9, 0, 0, 1, 3})
	f.Add(uint16(9_000), []byte{2, 10, 0, 0, 0, 99, 99, 5})
	f.Add(uint16(60_000), []byte{3, 0, 0, 0})
	f.Fuzz(func(t *testing.T, size uint16, script []byte) {
		text := lines(1, int(size))
		entry := entryOf(text)
		if entry.Scanned < 100 {
			return
		}
		path, file := write(t, text), filepath.Join(t.TempDir(), "scan")
		c := Open(file, testScope, testKey(1))
		remember(t, c, path, text)
		must(t, c.Save())
		appended := true
		for step := range slices.Chunk(script, 4) {
			if len(step) == 4 {
				appended = play(t, path, step[0], int(step[1])<<8|int(step[2]), step[3]) && appended
			}
		}
		now, err := os.ReadFile(path)
		must(t, err)
		same := bytes.HasPrefix(now, text[:entry.Scanned])
		for _, c := range []*Cache{c, Open(file, testScope, testKey(1))} {
			_, ok := lookup(t, c, path)
			if ok && !same {
				t.Error("a changed prefix is trusted")
			}
			if !ok && appended {
				t.Error("an append makes the prefix distrusted")
			}
		}
	})
}

// play does one step to a file, and reports whether it was an append.
func play(t *testing.T, path string, step byte, n int, value byte) bool {
	t.Helper()
	text, err := os.ReadFile(path)
	must(t, err)
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	must(t, err)
	defer func() { _ = f.Close() }()
	switch step % 4 {
	case 0:
		_, err = f.WriteAt(bytes.Repeat([]byte{value}, 1+n%1000), int64(len(text)))
	case 1:
		_, err = f.WriteAt([]byte{value}, int64(n%(len(text)+1)))
	case 2:
		err = f.Truncate(int64(n % (len(text) + 1)))
	case 3:
		must(t, os.WriteFile(path+".new", text, 0o600))
		err = os.Rename(path+".new", path)
	}
	must(t, err)
	return step%4 == 0
}
