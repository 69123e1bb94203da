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
	if err := f.mkdir(base); err != nil && !errors.Is(err, fs.ErrExist) {
		return withHint(err)
	}
	info, err := f.lstat(base)
	if err != nil {
		return err
	}
	if !info.IsDir() {
		return pathError("mkdir", f.join(base), fs.ErrExist)
	}
	if err := checkOurs(info); err != nil {
		return pathError("mkdir", f.join(base), err)
	}
	return f.sync()
}
