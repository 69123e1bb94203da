//go:build !linux

package gatewaytest

import (
	"errors"
	"os"
	"os/exec"
)

// Without the pinned linux binary there is nothing to install, and only
// installations that the environment names are driven: these do what can be done
// everywhere.

func ownGroup(*exec.Cmd) {}

func killGroup(process *os.Process) error { return process.Kill() }

func lockFile(string) (unlock func(), err error) {
	return nil, errors.New("locking the cached installation is implemented on linux only")
}
