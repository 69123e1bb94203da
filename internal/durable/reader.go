package durable

import (
	"crypto/sha256"
	"errors"
	"hash"
	"io"
	"io/fs"
	"os"
)

// partSize is how many bytes of a file are held at a time.
const partSize = 256 << 10

// reader reads one regular file from its beginning to its end, and finds out what it
// is meanwhile. It never goes past the size that the file had when it was opened.
type reader struct {
	in    *folder
	name  string
	file  *os.File
	info  fs.FileInfo // when it was opened
	guard *guard      // nil if there is none
	sum   hash.Hash
	left  int64 // bytes
	err   error // the first one, which stays, so that nobody can pass over it
}

// openReader opens the regular file called name. It never blocks.
func (f *folder) openReader(name string) (*reader, error) {
	before, err := f.lstat(name)
	if err != nil {
		return nil, err
	}
	// Before opening: opening a device may do something.
	if !before.Mode().IsRegular() {
		return nil, &NotRegularError{Path: f.join(name), Kind: kindOf(before.Mode())}
	}
	file, err := f.open(name, os.O_RDONLY|openNonblock)
	if err != nil {
		return nil, err
	}
	info, err := file.Stat()
	// A file system may use the number of a deleted file again at once, even for a FIFO.
	if err == nil && (!info.Mode().IsRegular() || !os.SameFile(before, info)) {
		err = ErrChanged
	}
	if err != nil {
		_ = file.Close()
		return nil, pathError("open", f.join(name), err)
	}
	return &reader{in: f, name: name, file: file, info: info, sum: sha256.New(), left: info.Size()}, nil
}

// reopen opens the file that was read as was, or one that looks like it: what is in it
// is for [reader.unchanged] to say.
func (f *folder) reopen(name string, was *Snapshot) (*reader, error) {
	r, err := f.openReader(name)
	_, irregular := errors.AsType[*NotRegularError](err)
	other := err == nil && (!os.SameFile(r.info, was.info) || r.info.Size() != was.Size)
	if other {
		r.close()
	}
	if other || irregular || errors.Is(err, fs.ErrNotExist) {
		return nil, pathError("open", f.join(name), ErrChanged)
	}
	return r, err
}

func (r *reader) close() { _ = r.file.Close() }

// Read implements [io.Reader].
func (r *reader) Read(p []byte) (n int, err error) {
	if r.err == nil && r.left == 0 {
		return 0, io.EOF
	}
	if r.err == nil && r.guard.broken() {
		r.err = r.changed()
	}
	if r.err != nil {
		return 0, r.err
	}
	r.err = r.in.do("read", r.name, func() error {
		n, err = r.file.Read(p[:min(int64(len(p)), r.left)])
		if err == io.EOF {
			err = ErrChanged // it has become shorter
		}
		return err
	})
	r.sum.Write(p[:n])
	r.left -= int64(n)
	return n, r.err
}

// parts gives yield what is left of the file, part by part.
func (r *reader) parts(yield func(part []byte) error) error {
	buffer := make([]byte, min(r.left, partSize))
	for {
		n, err := r.Read(buffer)
		if n > 0 {
			if err := yield(buffer[:n]); err != nil {
				return err
			}
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// finish reads what is left, and returns what the file is: [ErrChanged] if it was
// written to since it was opened.
func (r *reader) finish() (*Snapshot, error) {
	if err := r.parts(func([]byte) error { return nil }); err != nil {
		return nil, err
	}
	after, err := r.file.Stat()
	if err != nil {
		return nil, pathError("stat", r.in.join(r.name), err)
	}
	if after.Size() != r.info.Size() || !after.ModTime().Equal(r.info.ModTime()) {
		return nil, r.changed()
	}
	return r.in.snapshot(after, digest(r.sum.Sum(nil))), nil
}

// unchanged refuses when the file, read to its end, is not what was read before.
func (r *reader) unchanged(was *Snapshot) error {
	now, err := r.finish()
	if err == nil && !was.same(now) {
		err = r.changed()
	}
	return err
}

func (r *reader) changed() error { return pathError("read", r.in.join(r.name), ErrChanged) }
