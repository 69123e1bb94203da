package durable

import (
	"os"

	"golang.org/x/sys/unix"
)

// takeLease asks for a read lease (fcntl(2), F_SETLEASE). When somebody opens the file
// for writing the kernel makes him wait, and sends SIGIO, which Go ignores. NFS and
// FUSE have no leases.
func takeLease(file *os.File) lease {
	_, err := unix.FcntlInt(file.Fd(), unix.F_SETLEASE, unix.F_RDLCK)
	switch err {
	case nil:
		return leaseTaken
	case unix.EAGAIN:
		return leaseRefused
	}
	return leaseUnknown
}

// leaseHolds reports whether nobody waits for the lease to end.
func leaseHolds(file *os.File) bool {
	kind, err := unix.FcntlInt(file.Fd(), unix.F_GETLEASE, 0)
	return err == nil && kind == unix.F_RDLCK
}

func dropLease(file *os.File) { _, _ = unix.FcntlInt(file.Fd(), unix.F_SETLEASE, unix.F_UNLCK) }
