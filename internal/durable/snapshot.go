package durable

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
)

// Snapshot is what a file was when it was read: what a later write expects to find.
// It is a value to look at; only the methods of this package may change it.
type Snapshot struct {
	Name   string // without symbolic links, relative to the directory, with slashes
	Data   []byte // the whole file
	Mode   fs.FileMode
	UID    int // -1 where files have no owner
	GID    int
	Links  uint64 // hard links
	Absent bool   // there was no such file

	dir  *Dir
	info fs.FileInfo // which file it was: device and inode
	sum  digest      // of Data, which the caller may have edited in place
	busy bool        // somebody has it open for writing
}

type digest [sha256.Size]byte

// Format writes the file's name and size, whatever the verb, and never its contents.
func (s Snapshot) Format(state fmt.State, _ rune) { _, _ = io.WriteString(state, s.placeholder()) }

// MarshalText returns the same, for encoding/json and log/slog.
func (s Snapshot) MarshalText() ([]byte, error) { return []byte(s.placeholder()), nil }

func (s Snapshot) placeholder() string { return fmt.Sprintf("[%s, %d bytes]", s.Name, len(s.Data)) }

// readAttempts is how often a file that is being written to is read before giving up.
const readAttempts = 5

var errMoving = errors.New("changes while it is read")

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
	s, err := f.read(base)
	if err != nil {
		return nil, err
	}
	// The folder was opened by its resolved name.
	s.Name = path.Join(f.name, base)
	return s, nil
}

// Absent returns the expectation that there is no file called name, for
// [Dir.Replace] to create it. It does not look.
func (d *Dir) Absent(name string) *Snapshot {
	return &Snapshot{Name: name, Absent: true, UID: -1, GID: -1, dir: d}
}

// read returns the regular file called name.
func (f *folder) read(name string) (*Snapshot, error) {
	return f.readWith(name, false)
}

// look returns whatever is called name. Of what cannot be read (not a regular file,
// too large, being written to) it returns the identity alone, and an error. It also
// finds out whether somebody has the file open for writing; that is sure only in
// a staging directory, where nobody else can open it.
func (f *folder) look(name string) (*Snapshot, error) {
	info, err := f.lstat(name)
	if err != nil {
		return nil, err
	}
	s, err := f.readWith(name, true)
	if err != nil {
		return f.snapshot(info, nil), err
	}
	return s, nil
}

func (f *folder) readWith(name string, findWriters bool) (*Snapshot, error) {
	for range readAttempts {
		s, err := f.readOnce(name, findWriters)
		if !errors.Is(err, errMoving) {
			return s, err
		}
	}
	return nil, pathError("read", f.join(name), ErrChanged)
}

func (f *folder) readOnce(name string, findWriters bool) (*Snapshot, error) {
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
	defer file.Close()
	opened, err := file.Stat()
	if err != nil {
		return nil, pathError("stat", f.join(name), err)
	}
	if !os.SameFile(before, opened) {
		return nil, errMoving
	}
	// Asked before the bytes are read: then nobody can write after that.
	busy := findWriters && hasWriters(file)
	var data []byte
	err = f.do("read", name, func() (err error) { data, err = readAll(file, opened.Size()); return err })
	if err != nil {
		return nil, err
	}
	after, err := file.Stat()
	if err != nil {
		return nil, pathError("stat", f.join(name), err)
	}
	if int64(len(data)) != after.Size() || !after.ModTime().Equal(opened.ModTime()) {
		return nil, errMoving
	}
	s := f.snapshot(after, data)
	s.busy = busy
	return s, nil
}

// readAll reads a file of about size bytes.
func readAll(file io.Reader, size int64) ([]byte, error) {
	if size > MaxSize {
		return nil, ErrTooLarge
	}
	data := make([]byte, 0, size+1)
	for {
		n, err := file.Read(data[len(data):cap(data)])
		data = data[:len(data)+n]
		switch {
		case err == io.EOF:
			return data, nil
		case err != nil:
			return nil, err
		case len(data) > MaxSize:
			return nil, ErrTooLarge
		case len(data) == cap(data):
			data = append(data, 0)[:len(data)]
		}
	}
}

func (f *folder) snapshot(info fs.FileInfo, data []byte) *Snapshot {
	stat := statOf(info)
	return &Snapshot{
		Name: info.Name(), Data: data, Mode: info.Mode(),
		UID: stat.uid, GID: stat.gid, Links: stat.links,
		dir: f.dir, info: info, sum: sha256.Sum256(data),
	}
}

// same reports whether two snapshots are of one file with the same bytes, mode and owner.
func (s *Snapshot) same(other *Snapshot) bool {
	return os.SameFile(s.info, other.info) && s.sum == other.sum &&
		s.Mode == other.Mode && s.UID == other.UID && s.GID == other.GID && s.Links == other.Links
}

// unchanged refuses when the file called name is not what was read.
func (f *folder) unchanged(name string, was *Snapshot) error {
	now, err := f.read(name)
	_, irregular := errors.AsType[*NotRegularError](err)
	switch {
	case errors.Is(err, fs.ErrNotExist), irregular, err == nil && !was.same(now):
		return pathError("compare", f.join(name), ErrChanged)
	}
	return err
}
