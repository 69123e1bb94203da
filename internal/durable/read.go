package durable

import (
	"errors"
	"io"
	"path"
)

// readAttempts is how often a file that is being written to is read before giving up.
const readAttempts = 5

// Read reads the regular file called name, resolving symbolic links inside the
// directory. It never blocks. Errors: fs.ErrNotExist, [ErrEscapes],
// [*NotRegularError], [ErrTooLarge], and [ErrChanged] for a file that is written to
// faster than it can be read.
func (d *Dir) Read(name string) (*Snapshot, error) {
	f, base, err := d.locate(name)
	if err != nil {
		return nil, err
	}
	defer f.close()
	return f.named(steadily(func() (*Snapshot, error) { return f.readWhole(base) }))
}

// ReadParts reads a regular file of any size from its beginning to its end, in parts of
// no more than 1 MiB, which are valid during the call of yield only. The snapshot has
// everything but Data. An error of yield ends the reading and is returned as it is.
//
// Errors: as for [Dir.Read], save [ErrTooLarge]. A file that is written to meanwhile is
// [ErrChanged] at once, and no second attempt is made, as parts of it were given away
// already: what yield was given is then perhaps half old and half new.
func (d *Dir) ReadParts(name string, yield func(part []byte) error) (*Snapshot, error) {
	f, base, err := d.locate(name)
	if err != nil {
		return nil, err
	}
	defer f.close()
	r, err := f.openReader(base)
	if err != nil {
		return nil, err
	}
	defer r.close()
	if err := r.parts(yield); err != nil {
		return nil, err
	}
	return f.named(r.finish())
}

// named gives a snapshot its name in the Dir. The folder was opened by its resolved one.
func (f *folder) named(s *Snapshot, err error) (*Snapshot, error) {
	if err == nil {
		s.Name = path.Join(f.name, s.Name)
	}
	return s, err
}

// steadily calls read until the file is not written to meanwhile.
func steadily(read func() (*Snapshot, error)) (s *Snapshot, err error) {
	for range readAttempts {
		if s, err = read(); !errors.Is(err, ErrChanged) {
			break
		}
	}
	return s, err
}

// readWhole returns the regular file called name with its bytes.
func (f *folder) readWhole(name string) (*Snapshot, error) {
	r, err := f.openReader(name)
	if err != nil {
		return nil, err
	}
	defer r.close()
	if r.left > MaxSize {
		return nil, pathError("read", f.join(name), ErrTooLarge)
	}
	data := make([]byte, r.left)
	if _, err := io.ReadFull(r, data); err != nil {
		return nil, err
	}
	s, err := r.finish()
	if err == nil {
		s.Data = data
	}
	return s, err
}

// identify returns the regular file called name without its bytes.
func (f *folder) identify(name string) (*Snapshot, error) {
	return steadily(func() (*Snapshot, error) {
		r, err := f.openReader(name)
		if err != nil {
			return nil, err
		}
		defer r.close()
		// Asked before the bytes are read: then nobody can write after that.
		busy := hasWriters(r.file)
		s, err := r.finish()
		if err == nil {
			s.busy = busy
		}
		return s, err
	})
}

// look returns whatever is called name. Of what cannot be read (not a regular file,
// being written to) it returns the identity alone, and an error. It also finds out
// whether somebody has the file open for writing; that is sure only in a staging
// directory, where nobody else can open it.
func (f *folder) look(name string) (*Snapshot, error) {
	info, err := f.lstat(name)
	if err != nil {
		return nil, err
	}
	s, err := f.identify(name)
	if err != nil {
		return f.snapshot(info, digest{}), err
	}
	return s, nil
}

// unchanged refuses when the file called name is not what was read.
func (f *folder) unchanged(name string, was *Snapshot) error {
	r, err := f.reopen(name, was)
	if err != nil {
		return err
	}
	defer r.close()
	return r.unchanged(was)
}
