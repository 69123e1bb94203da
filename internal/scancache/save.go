package scancache

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// keepDays is for how long an entry is kept that no scan asks for, as of another Home.
const keepDays = 90

// Save writes the cache, if there is anything new in it, to a file that only the user
// can read; a missing directory is made for the user alone. Left out are entries that
// were not used today and whose file is gone, those that nobody asked for in 90 days,
// and the least recently used ones where the file would grow beyond 32 MiB.
//
// The file is replaced in one step: of two scans that end together, one wins. It is
// not synced, because a file that a crash damaged counts as empty.
func (c *Cache) Save() error {
	if c == nil {
		return nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.changed {
		return nil
	}
	c.prune()
	if err := replace(c.path, c.encode()); err != nil {
		return fmt.Errorf("the scan cache is not saved: %w; make its directory writable, or scan with --no-cache", err)
	}
	c.changed = false
	return nil
}

// prune drops entries whose file is gone and those that nobody asked for in a long
// time. Files of entries that were used today, most of them by this run, are not
// looked for.
func (c *Cache) prune() {
	for path, r := range c.records {
		if r.day == c.today() {
			continue
		}
		_, err := os.Lstat(path)
		if errors.Is(err, fs.ErrNotExist) || c.today()-r.day > keepDays {
			delete(c.records, path)
		}
	}
}

// today returns the day of the run, counted from 1970.
func (c *Cache) today() int64 { return c.opened.Unix() / (24 * 60 * 60) }

// replace writes a file that nobody else can read in the place of the one at path.
func replace(path string, data []byte) error {
	folder := filepath.Dir(path)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	file, err := os.CreateTemp(folder, filepath.Base(path)+".*.tmp") // mode 0600
	if err != nil {
		return err
	}
	_, err = file.Write(data)
	if err = errors.Join(err, file.Close()); err == nil {
		err = os.Rename(file.Name(), path)
	}
	if err != nil {
		_ = os.Remove(file.Name())
	}
	return err
}
