// Package scancache remembers where a scan of append-only files stopped, so that
// the next one reads only what was added. It owns one file in the user's cache
// directory: for each scanned file its identity, how far it was scanned, seals
// (HMACs) of parts of that prefix, and what was found there, as places and names.
//
// The package must not know what a rule is, what a finding means, or the text of
// any: a value is read again from the file that holds it.
//
// # What is trusted
//
// A file with the same device, inode, size, mtime and ctime is unchanged if the
// first and the last 4 KiB of the scanned prefix are what they were. Of a file that grew
// all of the prefix has to be: it is read, which is much quicker than to scan it. All
// else is scanned again: another inode, a smaller file, one that was touched and did
// not grow, one that changed during its scan, other rules, other known values, another
// key.
//
// # What cannot be seen
//
// An edit inside the prefix goes unnoticed only if the size and the times of the file
// say nothing: an edit during the scan that got the very times of the write before it,
// and, of all but the first and the last block, one that sets no times (a shared memory
// map) or old ones (a clock set back).
//
// # What the signature is for
//
// The file carries an HMAC, so that whoever can write in the cache directory but
// cannot read the key cannot make a scan skip anything. It does not help against a
// program that runs as the same user and reads the key. An older cache that is put
// back says what was true of its files then, and is believed under the terms above.
package scancache

import (
	"errors"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/clawsecrets/clawsecrets/internal/secret"
)

// Finding is one secret in the scanned prefix of a file: where it is and what found
// it. It must hold nothing of the value: no mask, no fingerprint, no part of it.
type Finding struct {
	Rule, Detector string
	Start, End     int64  // bytes of the file
	Line, Column   int    // as the caller counts them
	Layers         string // how the value is wrapped; not looked at here
	From, To       int    // not looked at here
	Note           string
}

// Entry is what a scan learnt about the prefix of a file.
type Entry struct {
	// Scanned is the length of the prefix in bytes. It ends with a line feed.
	Scanned int64
	// Lines counts the line feeds in the prefix.
	Lines int64
	// Findings are those that lie in the prefix.
	Findings []Finding
}

// Cache holds the entries of one run. Its methods may be called from several
// goroutines at once. A nil Cache knows nothing and remembers nothing.
type Cache struct {
	path    string
	key     secret.Key // good for this schema and scope alone
	opened  time.Time
	limit   int // of the file, in bytes
	buffers sync.Pool
	pieces  sync.Pool // of *[]byte, for whole seals

	mu      sync.Mutex
	records map[string]*record // by path
	changed bool               // since it was read
}

// maxFile is the limit of the cache file in bytes: some 200,000 findings.
const maxFile = 32 << 20

// Open reads the cache file at path. One that is missing, cannot be read, is damaged,
// not signed with key, of another scope or of another version of this package gives an
// empty cache: a cache is never a reason not to scan.
//
// Open it before the first file of the scan is looked at: see "What cannot be seen".
func Open(path string, scope Scope, key secret.Key) *Cache {
	return open(path, scope, key, time.Now())
}

func open(path string, scope Scope, key secret.Key, now time.Time) *Cache {
	c := &Cache{path: path, key: scope.key(key), opened: now, limit: maxFile}
	c.records = c.load()
	return c
}

// DefaultPath returns the path of the cache file in the user's cache directory.
func DefaultPath() (string, error) {
	base, err := os.UserCacheDir()
	if err != nil {
		return "", errors.New("no cache directory: set HOME, or scan with --no-cache")
	}
	return filepath.Join(base, "clawsecrets", "scan"), nil
}

// recall returns what is known of the file at path.
func (c *Cache) recall(path string) (record, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	r, ok := c.records[path]
	if !ok {
		return record{}, false
	}
	return *r, true
}

// forget drops what is known of the file at path: what was once found wrong must not
// look right again after the next append.
func (c *Cache) forget(path string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, ok := c.records[path]; ok {
		delete(c.records, path)
		c.changed = true
	}
}
