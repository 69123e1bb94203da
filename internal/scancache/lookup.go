package scancache

import (
	"io"
	"io/fs"
	"os"
)

// Lookup returns what is known of the file at path, an absolute one, that is open as
// f: info is what f.Stat returned. It reports false if nothing is known or if the
// prefix may have changed; then the whole file has to be scanned. With true, bytes
// from Entry.Scanned on have not been scanned: none are left if that is the size.
func (c *Cache) Lookup(path string, f *os.File, info fs.FileInfo) (Entry, bool) {
	if c == nil {
		return Entry{}, false
	}
	now, ok := stampOf(info)
	if !ok {
		return Entry{}, false
	}
	was, ok := c.recall(path)
	if !ok {
		return Entry{}, false
	}
	findings, ok := decodeFindings(was.findings)
	if !ok || !c.holds(was, f, now) {
		c.forget(path)
		return Entry{}, false
	}
	c.confirm(path, was, now)
	return Entry{Scanned: was.scanned, Lines: was.lines, Findings: findings}, true
}

// holds reports whether the scanned prefix of a file is still there.
func (c *Cache) holds(was record, f io.ReaderAt, now stamp) bool {
	if !now.mayContinue(was.stamp) {
		return false
	}
	if sealed, ok := c.sealOf(f, edges(was.scanned)); !ok || sealed != was.edges {
		return false
	}
	if now == was.stamp && was.settled {
		return true
	}
	sealed, ok := c.wholeSeal(f, was.scanned)
	return ok && sealed == was.whole
}

// confirm notes that an entry was of use. It leaves the cache unchanged, with nothing
// to save, when that was noted on the same day.
func (c *Cache) confirm(path string, was record, now stamp) {
	c.mu.Lock()
	defer c.mu.Unlock()
	r, ok := c.records[path]
	if !ok || r.stamp != was.stamp {
		return // stored anew meanwhile
	}
	if today := c.today(); r.day != today {
		r.day, c.changed = today, true
	}
	if now == r.stamp && !r.settled && now.settled(c.opened) {
		r.settled, c.changed = true, true
	}
}
