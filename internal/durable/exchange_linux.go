package durable

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// exchange makes two files change places in one step.
func exchange(oldDir *os.File, oldName string, newDir *os.File, newName string) error {
	return renameat2(oldDir, oldName, newDir, newName, unix.RENAME_EXCHANGE)
}

// renameNew moves a file where there must not be one yet (os.ErrExist).
func renameNew(oldDir *os.File, oldName string, newDir *os.File, newName string) error {
	return renameat2(oldDir, oldName, newDir, newName, unix.RENAME_NOREPLACE)
}

func renameat2(oldDir *os.File, oldName string, newDir *os.File, newName string, flags uint) error {
	for {
		err := unix.Renameat2(int(oldDir.Fd()), oldName, int(newDir.Fd()), newName, flags)
		switch {
		case err == unix.EINTR:
			continue
		case err == unix.EINVAL, errors.Is(err, errors.ErrUnsupported):
			return ErrNoExchange // NFS and some FUSE file systems; kernels before 3.15
		}
		return err
	}
}
