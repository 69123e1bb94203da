package durable

import "io/fs"

// Chmod gives the file that was read as was the permission bits in mode, through an
// open file, so that a link put in its place is never followed, and syncs it. On
// success was.Mode is the new mode, so that a [Dir.Replace] or a [Dir.Rewrite] can follow. Errors: [ErrChanged]
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
	r, err := f.reopen(base, was)
	if err != nil {
		return err
	}
	defer r.close()
	if err := r.unchanged(was); err != nil {
		return err
	}
	want := was.Mode&^fs.ModePerm | mode.Perm()
	if want == was.Mode {
		return nil
	}
	if err := f.do("chmod", base, func() error { return r.file.Chmod(want) }); err != nil {
		return withHint(err)
	}
	if err := f.do("fsync", base, r.file.Sync); err != nil {
		return err
	}
	was.Mode = want
	return nil
}
