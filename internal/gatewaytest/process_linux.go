package gatewaytest

import (
	"os"
	"os/exec"
	"syscall"
)

// ownGroup starts cmd as the head of a process group of its own, so that
// whatever it starts can be ended with it, and ends it with the test binary,
// even if that is killed.
func ownGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}

// killGroup ends the process group that the process heads.
func killGroup(process *os.Process) error {
	return syscall.Kill(-process.Pid, syscall.SIGKILL)
}

// lockFile takes the lock at path, waiting for whoever holds it. The returned
// function gives it back; so does the end of the process.
func lockFile(path string) (unlock func(), err error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX); err != nil {
		file.Close()
		return nil, err
	}
	return func() { file.Close() }, nil
}
