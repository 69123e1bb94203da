package durable

import (
	"errors"
	"io/fs"
	"os"
)

// Chmod gives the file that was read as was the permission bits in mode, through an
// open file, so that a link put in its place is never followed, and syncs it. On
// success was.Mode is the new mode, so that a Replace can follow. Errors: [ErrChanged]
// if it is another file now, [ErrOwner] if it is not ours to change.
func (d *Dir) Chmod(was *Snapshot, mode fs.FileMode) error {
	if was.Absent {
		return pathError("chmod", d.join(was.Name), fs.ErrNotExist)
	}
	f, base, err := d.locateSnapshot(was)
	if err != nil {
		return err
	}
	defer f.close()
	file, err := f.reopen(base, was)
	if err != nil {
		return err
	}
	defer file.Close()
	if err := f.unchanged(base, was); err != nil {
		return err
	}
	want := was.Mode&^fs.ModePerm | mode.Perm()
	if want == was.Mode {
		return nil
	}
	if err := f.do("chmod", base, func() error { return file.Chmod(want) }); err != nil {
		return withHint(err)
	}
	if err := f.do("fsync", base, file.Sync); err != nil {
		return err
	}
	was.Mode = want
	return nil
}

// reopen opens the file that was read, or one that looks like it: unchanged tells.
func (f *folder) reopen(base string, was *Snapshot) (*os.File, error) {
	info, err := f.lstat(base)
	// A file system may use the number of a deleted file again at once, even for a link.
	other := err == nil && (!info.Mode().IsRegular() || !os.SameFile(info, was.info))
	if other || errors.Is(err, fs.ErrNotExist) {
		return nil, pathError("open", f.join(base), ErrChanged)
	}
	if err != nil {
		return nil, err
	}
	file, err := f.open(base, os.O_RDONLY|openNonblock)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, pathError("open", f.join(base), ErrChanged)
	}
	if err != nil {
		return nil, err
	}
	opened, err := file.Stat()
	if err != nil || !opened.Mode().IsRegular() || !os.SameFile(opened, was.info) {
		_ = file.Close()
		return nil, pathError("open", f.join(base), ErrChanged)
	}
	return file, nil
}
