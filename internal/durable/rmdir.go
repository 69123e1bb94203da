package durable

import (
	"errors"
	"io/fs"
	"syscall"
)

// RemoveEmpty removes the directory called name if nothing is in it, and makes
// that durable. One that is gone, or not empty, is no error.
func (d *Dir) RemoveEmpty(name string) error {
	f, base, err := d.locate(name)
	if err != nil {
		return err
	}
	defer f.close()
	err = f.remove(base)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTEMPTY) || errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return f.sync()
}
