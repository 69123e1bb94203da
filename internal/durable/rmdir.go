package durable

import (
	"errors"
	"io/fs"
	"syscall"
)

// RemoveEmpty removes the directory called name if nothing is in it, and makes
// that durable. One that is gone, or not empty, is no error; what is no directory is
// left and is a [*NotRegularError].
func (d *Dir) RemoveEmpty(name string) error {
	f, base, err := d.locateUnresolved(name)
	if err != nil {
		return err
	}
	defer f.close()
	info, err := f.lstat(base)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if !info.IsDir() {
		return &NotRegularError{Path: f.join(base), Kind: kindOf(info.Mode())}
	}
	err = f.remove(base)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTEMPTY) || errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return f.sync()
}
