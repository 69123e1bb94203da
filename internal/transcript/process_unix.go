//go:build unix

package transcript

import "syscall"

// processAlive reports whether there is a process with that number.
func processAlive(pid int) bool {
	err := syscall.Kill(pid, 0)
	return err == nil || err == syscall.EPERM
}
