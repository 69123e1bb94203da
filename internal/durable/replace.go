package durable

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"time"
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
	return withHint(s.replace(was, time.Time{}, func(new io.Writer) error {
		_, err := new.Write(data)
		return err
	}))
}

// replace puts a file with the bytes that write makes in the place of the one that was
// read, unless they are the same.
func (s *staging) replace(was *Snapshot, modTime time.Time, write func(new io.Writer) error) error {
	staged, err := s.fill(was, modTime, write)
	if err == nil && staged.sum == was.sum {
		return errors.Join(s.discard(), s.parent.confirm(s.target, was))
	}
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

// locateSnapshot opens the directory a snapshot's file is in.
func (d *Dir) locateSnapshot(was *Snapshot) (*folder, string, error) {
	if was.dir != d {
		return nil, "", pathError("compare", d.join(was.Name), errors.New("was read from another directory"))
	}
	return d.locate(was.Name)
}

// expect refuses, before anything is written, what would be refused later.
func (f *folder) expect(base string, was *Snapshot) error {
	if err := f.permit(base, was); err != nil || was.Absent {
		return err
	}
	return f.unchanged(base, was)
}

// permit is expect for what need not be read to be known.
func (f *folder) permit(base string, was *Snapshot) error {
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
	return nil
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
