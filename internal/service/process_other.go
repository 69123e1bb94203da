//go:build !linux

package service

import (
	"errors"
	"fmt"
	"net"
	"os"
	"runtime"
	"strconv"
	"syscall"
	"time"
)

// ReadProcess reports whether the process lives, [ErrNoProcess] if it does not.
// This system shows no more without asking another program.
func ReadProcess(pid int) (Process, error) {
	process := Process{PID: pid, UID: -1, Unreadable: "the environment of a process is not shown on " + runtime.GOOS}
	found, err := os.FindProcess(pid)
	if err == nil && runtime.GOOS != "windows" {
		err = found.Signal(syscall.Signal(0))
	}
	if err != nil && !errors.Is(err, os.ErrPermission) {
		return process, fmt.Errorf("process %d: %w", pid, ErrNoProcess)
	}
	return process, nil
}

// FileOwner returns false: who owns a file is not told in the same way by every system.
func FileOwner(string) (uid int, ok bool) { return 0, false }

// gatewayProcesses returns nothing: processes are found by their lock only.
func gatewayProcesses(int) []Process { return nil }

// Listener reports whether anything answers a TCP connection to 127.0.0.1:port.
// The PID is always 0: this system does not tell.
func Listener(port int) (pid int, listening bool, err error) {
	connection, err := net.DialTimeout("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)), time.Second)
	if err != nil {
		return 0, false, nil
	}
	return 0, true, connection.Close()
}
