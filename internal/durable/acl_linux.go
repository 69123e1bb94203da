package durable

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

const (
	aclName    = "system.posix_acl_access" // acl(5)
	maxACLSize = 64 << 10                  // the kernel's limit for any attribute
)

// copyACL gives one file the access control list of another, or takes away the one
// it inherited. Without that the group bits of the mode would mean something else:
// with a list they are a mask, without one they let the owning group in.
func copyACL(from, to *os.File) error {
	list := make([]byte, maxACLSize)
	n, err := unix.Fgetxattr(int(from.Fd()), aclName, list)
	if noACL(err) {
		if err = unix.Fremovexattr(int(to.Fd()), aclName); noACL(err) {
			err = nil
		}
		return err
	}
	if err != nil {
		return err
	}
	return unix.Fsetxattr(int(to.Fd()), aclName, list[:n], 0)
}

func noACL(err error) bool {
	return err == unix.ENODATA || errors.Is(err, errors.ErrUnsupported)
}
