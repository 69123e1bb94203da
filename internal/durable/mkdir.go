package durable

import (
	"errors"
	"io/fs"
)

// Mkdir creates a directory called name with mode 0700 and makes it durable. One
// that exists is fine if it is a real directory (else [fs.ErrExist]), ours ([ErrOwner])
// and not writable by others ([ErrLoose]).
func (d *Dir) Mkdir(name string) error {
	f, base, err := d.locateUnresolved(name)
	if err != nil {
		return err
	}
	defer f.close()
	err = f.mkdir(base)
	if err == nil {
		err = f.bequeathDir(base)
	}
	if err != nil && !errors.Is(err, fs.ErrExist) {
		return withHint(err)
	}
	info, err := f.lstat(base)
	if err != nil {
		return err
	}
	if !info.IsDir() {
		return pathError("mkdir", f.join(base), fs.ErrExist)
	}
	if err := checkOurs(info, modeLoose); err != nil {
		return pathError("mkdir", f.join(base), err)
	}
	return f.sync()
}

// bequeathDir gives a new directory to whom it must belong.
func (f *folder) bequeathDir(name string) error {
	uid, gid, err := f.heir()
	if err != nil || uid < 0 {
		return err
	}
	return f.do("chown", name, func() error { return f.root.Lchown(name, uid, gid) })
}
