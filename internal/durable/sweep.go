package durable

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
)

// Sweep finishes what a crash interrupted in the directory called name ("." for the
// top one; not in those below it): it removes the staging directories of this
// package. The caller holds our own lock ([Dir.Lock]), so that none is in use.
//
// A staging directory may hold three things, which the file's sealed name tells apart:
// the new bytes (the crash came before the exchange) and the old bytes
// (it came after), which are removed; and bytes that are neither. Those another
// program wrote in the instant before the exchange, and the crash came before they
// could be put back. Sweep puts them back if the target still is what we wrote, or
// is gone; else both stay and the error is a [LeftoverError]. Several
// are joined; the sweep goes on after each.
func (d *Dir) Sweep(name string) error {
	resolved, err := d.resolve(name)
	if err != nil {
		return pathError("open", d.join(name), err)
	}
	f, err := d.folder(resolved)
	if err != nil {
		return err
	}
	defer f.close()
	names, err := f.self.Readdirnames(-1)
	if err != nil {
		return pathError("list", f.path, err)
	}
	var errs []error
	swept := false
	for _, base := range names {
		if target, salt, ok := parseStaging(base); ok {
			swept = true
			errs = append(errs, f.sweep(base, target, salt))
		}
	}
	if swept {
		errs = append(errs, f.sync())
	}
	return errors.Join(errs...)
}

// sweep settles one staging directory and removes it.
func (f *folder) sweep(base, target, salt string) error {
	info, err := f.lstat(base)
	if err != nil {
		return err
	}
	if !info.IsDir() {
		return nil // not made by us
	}
	if uid, me := statOf(info).uid, os.Geteuid(); me > 0 && uid >= 0 && uid != me {
		return pathError("sweep", f.join(base), fmt.Errorf("%w (%d); run as that user", ErrOwner, uid))
	}
	own, err := openFolder(f.dir, f.root, base, f.join(base))
	if err != nil {
		return err
	}
	s := &staging{folder: own, parent: f, base: base, target: target, salt: salt}
	defer s.close()
	names, err := s.self.Readdirnames(-1)
	if err != nil {
		return pathError("list", s.path, err)
	}
	for _, s.slot = range names {
		if err := s.resolve(); err != nil {
			return err
		}
	}
	return f.remove(base)
}

// resolve removes the file in a directory that a crash left, or puts it back.
func (s *staging) resolve() error {
	if s.slot == slotIncoming || s.slot == slotStale {
		return s.empty()
	}
	before, after, sealed := strings.Cut(s.slot, ".")
	if !sealed {
		return s.leftover()
	}
	now, err := s.look(s.slot)
	if err == nil && !now.busy {
		if sum := sealOne(s.salt, now.sum); sum == before || sum == after {
			return s.empty()
		}
	}
	ours, err := s.parent.identify(s.target)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if s.moveOut() != nil {
			return s.leftover()
		}
		return nil
	case err == nil && now != nil && os.SameFile(now.info, ours.info):
		return s.empty() // a second name for what is in place
	case err != nil || sealOne(s.salt, ours.sum) != after:
		return s.leftover()
	}
	if err := s.putBack(ours); err != nil {
		return err
	}
	return s.empty()
}
