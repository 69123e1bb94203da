//go:build unix

package gitobjects

import "syscall"

func makePipe(path string) error { return syscall.Mkfifo(path, 0o600) }
