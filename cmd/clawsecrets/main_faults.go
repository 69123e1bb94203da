//go:build faults

package main

import "runtime"

// strace counts system calls by thread when it injects faults. With main on one
// thread, the Nth call of a run is the same call in the next: see
// internal/faulttest. Only an init function runs before main on that thread.
func init() { runtime.LockOSThread() }
