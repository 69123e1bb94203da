package durable

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// Replace makes data the contents of the file that was read as was, or creates it
// ([Dir.Absent]; mode 0600). At any time the file is its old bytes or its new
// bytes; mode and owner stay. When it returns nil, file and directory are on disk.
// If data is what was read, nothing is written, only synced.
//
// After an error the old bytes are in place and nothing is left beside them, with
// two exceptions that the error names: [LeftoverError], and a last sync that failed
// when the new bytes were in place already. Errors: [ErrChanged],
// [ErrHardLink], [ErrOwner], [ErrNoExchange], [ErrTooLarge], and the operating system's.
//
// A program that has the file open and writes to it without opening it again is
// noticed on Linux; elsewhere its write may be lost.
func (d *Dir) Replace(was *Snapshot, data []byte) error {
	if len(data) > MaxSize {
		return pathError("replace", d.join(was.Name), ErrTooLarge)
	}
	f, base, err := d.locateSnapshot(was)
	if err != nil {
		return err
	}
	defer f.close()
	if !was.Absent && sha256.Sum256(data) == was.sum {
		return f.confirm(base, was)
	}
	if err := f.expect(base, was); err != nil {
		return err
	}
	s, err := f.stage(base)
	if err != nil {
		return withHint(err)
	}
	return withHint(s.replace(was, data))
}

func (s *staging) replace(was *Snapshot, data []byte) error {
	staged, err := s.fill(was, data)
	if err == nil {
		err = s.install(was, staged)
	}
	return s.finish(err)
}

// finish leaves nothing behind and makes that durable.
func (s *staging) finish(err error) error {
	if _, kept := errors.AsType[*LeftoverError](err); kept {
		s.close()
		return err
	}
	if err != nil {
		err = errors.Join(err, s.discard())
		_ = s.parent.sync() // what comes back is swept by the next run
		return err
	}
	s.close()
	_ = s.parent.remove(s.base) // empty, and swept by the next run
	return s.parent.sync()
}

// install brings the staged file to its target, durably, or leaves the target as it was.
func (s *staging) install(was, staged *Snapshot) error {
	if was.Absent {
		return s.create(staged)
	}
	g, err := s.parent.guard(s.target, was)
	if err != nil {
		return err
	}
	defer g.release()
	err = s.exchange()
	if errors.Is(err, ErrNoExchange) {
		return s.overwrite(g, was)
	}
	if g.broken() {
		return s.because(s.changed(), s.retreat(staged))
	}
	// What is in the directory now says what really happened, not the error.
	if err != nil && s.holds(staged) == nil {
		if errors.Is(err, fs.ErrNotExist) {
			return s.changed()
		}
		return err
	}
	if err := s.settle(g, was); err != nil {
		return s.because(err, s.putBack(staged))
	}
	return nil
}

// settle deletes the displaced file if it is what was read, once the file in its place
// is durable.
func (s *staging) settle(g *guard, was *Snapshot) error {
	if err := s.verify(g, was); err != nil {
		return err
	}
	if err := s.parent.sync(); err != nil {
		return err
	}
	if g.broken() {
		return s.changed()
	}
	return s.empty()
}

// changed says that another program was faster.
func (s *staging) changed() error {
	return pathError("write", s.parent.join(s.target), ErrChanged)
}

// because returns why something was undone, unless undoing failed: that is worse news.
func (s *staging) because(why, undoing error) error {
	if undoing != nil {
		return undoing
	}
	return why
}

// create moves the staged file to where there is none.
func (s *staging) create(staged *Snapshot) error {
	if err := s.moveOut(); err != nil {
		return err
	}
	if err := s.parent.sync(); err != nil {
		return s.because(err, s.takeBack(staged))
	}
	return nil
}

// overwrite is the weaker way: a write between the comparison and the rename is lost.
func (s *staging) overwrite(g *guard, was *Snapshot) error {
	if !s.dir.AllowRename {
		return pathError("replace", s.parent.join(s.target), ErrNoExchange)
	}
	if err := s.parent.unchanged(s.target, was); err != nil {
		return err
	}
	if g.broken() {
		return s.changed()
	}
	return s.parent.rename(s.base+"/"+s.slot, s.target)
}

// locateSnapshot opens the directory a snapshot's file is in.
func (d *Dir) locateSnapshot(was *Snapshot) (*folder, string, error) {
	if was.dir != d {
		return nil, "", pathError("compare", d.join(was.Name), errors.New("was read from another directory"))
	}
	return d.locate(was.Name)
}

// expect refuses, before anything is written, what would be refused later.
func (f *folder) expect(base string, was *Snapshot) error {
	if was.Absent {
		there, err := f.exists(base)
		if there {
			err = pathError("create", f.join(base), ErrChanged)
		}
		return err
	}
	if me := os.Geteuid(); me > 0 && was.UID >= 0 && was.UID != me {
		return pathError("replace", f.join(base), fmt.Errorf("%w (%d:%d), which could not be kept; run as its owner", ErrOwner, was.UID, was.GID))
	}
	if was.Links > 1 {
		return pathError("replace", f.join(base), ErrHardLink)
	}
	return f.unchanged(base, was)
}

// confirm makes a file durable that already is as it should be: an earlier run may
// have been interrupted before it could.
func (f *folder) confirm(base string, was *Snapshot) error {
	if err := f.unchanged(base, was); err != nil {
		return err
	}
	file, err := f.open(base, openToSync)
	if err != nil {
		return err
	}
	defer file.Close()
	if err := f.do("fsync", base, file.Sync); err != nil {
		return err
	}
	return f.sync()
}
