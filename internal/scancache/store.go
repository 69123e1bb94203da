package scancache

import (
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// Store remembers what a scan learnt about the file at path, an absolute one, that is
// still open as f: info is what f.Stat returned before the scan read the first byte.
// It reports whether it did. A file that changed meanwhile is not remembered, because
// nobody knows which bytes the scan saw; nor is an entry that reaches beyond the file
// or does not end with a line feed. What was known before is forgotten either way.
//
// There is no need to store an entry again that [Cache.Lookup] returned and that
// covers all whole lines of the file.
func (c *Cache) Store(path string, f *os.File, info fs.FileInfo, entry Entry) bool {
	if c == nil {
		return false
	}
	c.forget(path)
	before, ok := stampOf(info)
	if !ok || !filepath.IsAbs(path) || !entry.sound() || !endsLine(f, entry.Scanned) {
		return false
	}
	r := &record{
		stamp:    before,
		settled:  before.settled(c.opened),
		day:      c.today(),
		scanned:  entry.Scanned,
		lines:    entry.Lines,
		findings: encodeFindings(entry.Findings),
	}
	if !c.seal(r, f) || !unchanged(f, before) {
		return false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.records[path], c.changed = r, true
	return true
}

// sound reports whether an entry can be true of some file.
func (e Entry) sound() bool {
	for _, f := range e.Findings {
		if f.Start < 0 || f.End < f.Start || f.End > e.Scanned {
			return false
		}
	}
	return e.Scanned > 0 && e.Lines >= 0
}

// endsLine reports whether the file has a prefix of that length that ends with a line feed.
func endsLine(f io.ReaderAt, length int64) bool {
	var last [1]byte
	n, _ := f.ReadAt(last[:], length-1)
	return n == 1 && last[0] == '\n'
}

// seal puts the seals of the prefix into its record.
func (c *Cache) seal(r *record, f io.ReaderAt) (ok bool) {
	if r.edges, ok = c.sealOf(f, edges(r.scanned)); !ok {
		return false
	}
	r.whole, ok = c.wholeSeal(f, r.scanned)
	return ok
}

// unchanged reports whether an open file still has that stamp.
func unchanged(f *os.File, was stamp) bool {
	info, err := f.Stat()
	if err != nil {
		return false
	}
	now, ok := stampOf(info)
	return ok && now == was
}
