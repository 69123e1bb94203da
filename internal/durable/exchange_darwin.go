package durable

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// exchange makes two files change places in one step.
func exchange(oldDir *os.File, oldName string, newDir *os.File, newName string) error {
	return renameatx(oldDir, oldName, newDir, newName, unix.RENAME_SWAP)
}

// renameNew moves a file where there must not be one yet (os.ErrExist).
func renameNew(oldDir *os.File, oldName string, newDir *os.File, newName string) error {
	return renameatx(oldDir, oldName, newDir, newName, unix.RENAME_EXCL)
}

func renameatx(oldDir *os.File, oldName string, newDir *os.File, newName string, flags uint32) error {
	for {
		err := unix.RenameatxNp(int(oldDir.Fd()), oldName, int(newDir.Fd()), newName, flags)
		switch {
		case err == unix.EINTR:
			continue
		case err == unix.EINVAL, errors.Is(err, errors.ErrUnsupported):
			return ErrNoExchange // HFS+ and network volumes; APFS can
		}
		return err
	}
}
