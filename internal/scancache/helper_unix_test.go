//go:build linux || darwin

package scancache

import (
	"bytes"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/clawsecrets/clawsecrets/internal/secret"
)

const testScope = Scope("rules 1")

func testKey(n byte) secret.Key { return secret.Key{n, 1, 2, 3} }

// openLater opens a cache as if the files had not been written to for an hour.
func openLater(path string) *Cache {
	return open(path, testScope, testKey(1), time.Now().Add(time.Hour))
}

// lines returns size bytes of random letters in lines of 100 bytes; the last one
// is cut short and has no line feed unless size is a multiple of 100.
func lines(seed uint64, size int) []byte {
	random := rand.New(rand.NewPCG(seed, 0))
	text := make([]byte, size)
	for i := range text {
		text[i] = byte('a' + random.IntN(26))
		if i%100 == 99 {
			text[i] = '\n'
		}
	}
	return text
}

// entryOf returns the entry for all whole lines of a text.
func entryOf(text []byte) Entry {
	length := int64(bytes.LastIndexByte(text, '\n') + 1)
	return Entry{
		Scanned: length,
		Lines:   int64(bytes.Count(text, []byte("\n"))),
		Findings: []Finding{
			{Rule: "a-rule", Detector: "shape", Start: 3, End: 9, Line: 1, Column: 4, Layers: "jj", From: -1, To: 6, Note: "äö"},
			{Rule: "another", Start: length, End: length, Line: 1 << 30},
		},
	}
}

// write creates or overwrites a file in a new directory and returns its path.
func write(t testing.TB, text []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "session.jsonl")
	must(t, os.WriteFile(path, text, 0o600))
	return path
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func openFile(t testing.TB, path string) (*os.File, fs.FileInfo) {
	t.Helper()
	f, err := os.Open(path)
	must(t, err)
	info, err := f.Stat()
	must(t, err)
	return f, info
}

func lookup(t testing.TB, c *Cache, path string) (Entry, bool) {
	t.Helper()
	f, info := openFile(t, path)
	defer func() { _ = f.Close() }()
	return c.Lookup(path, f, info)
}

func store(t testing.TB, c *Cache, path string, entry Entry) bool {
	t.Helper()
	f, info := openFile(t, path)
	defer func() { _ = f.Close() }()
	return c.Store(path, f, info, entry)
}

// remember stores the entry of a file with that text, which must work.
func remember(t testing.TB, c *Cache, path string, text []byte) {
	t.Helper()
	if !store(t, c, path, entryOf(text)) {
		t.Fatal("not remembered")
	}
}

// edit writes text into a file at offset, until the file's ctime is another one:
// within one tick of the clock two writes look like one.
func edit(t testing.TB, path string, offset int64, text []byte) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	must(t, err)
	defer func() { _ = f.Close() }()
	before, err := f.Stat()
	must(t, err)
	was, _ := stampOf(before)
	for now := was; now.ctime == was.ctime; {
		_, err = f.WriteAt(text, offset)
		must(t, err)
		info, err := f.Stat()
		must(t, err)
		now, _ = stampOf(info)
	}
}

// appendTo makes a file longer.
func appendTo(t testing.TB, path string, text []byte) {
	t.Helper()
	info, err := os.Stat(path)
	must(t, err)
	edit(t, path, info.Size(), text)
}

// flip changes one byte of a file.
func flip(t testing.TB, path string, offset int64) {
	t.Helper()
	text, err := os.ReadFile(path)
	must(t, err)
	edit(t, path, offset, []byte{text[offset] ^ 1})
}
