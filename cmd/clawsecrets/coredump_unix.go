//go:build unix

package main

import "syscall"

// disableCoreDumps keeps secrets out of core files: a crash leaves none.
func disableCoreDumps() {
	_ = syscall.Setrlimit(syscall.RLIMIT_CORE, &syscall.Rlimit{})
}
