//go:build unix

package durable

import (
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// tryLock takes the whole-file lock without waiting.
func tryLock(file *os.File) error {
	for {
		err := unix.Flock(int(file.Fd()), unix.LOCK_EX|unix.LOCK_NB)
		switch err {
		case unix.EINTR:
			continue
		case unix.EWOULDBLOCK:
			return errHeld
		}
		return err
	}
}

// processAlive reports whether there is a process with that number.
func processAlive(pid int) bool {
	err := syscall.Kill(pid, 0)
	return err == nil || err == syscall.EPERM
}
