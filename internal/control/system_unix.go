//go:build unix

package control

import (
	"os"
	"os/exec"
	"path"
	"strconv"
	"strings"
	"syscall"
)

func terminate(pid int) error { return syscall.Kill(pid, syscall.SIGTERM) }

// detach gives a child a session of its own, so that it outlives our terminal.
func detach(command *exec.Cmd) { command.SysProcAttr = &syscall.SysProcAttr{Setsid: true} }

// userUnit returns the unit of the person's service manager that a process belongs
// to, by its control group; "" if none.
func userUnit(pid int) string {
	text, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/cgroup")
	if err != nil {
		return ""
	}
	for line := range strings.Lines(string(text)) {
		group := strings.TrimSpace(line)
		unit := path.Base(group)
		if strings.Contains(group, "/user@") && strings.HasPrefix(unit, "clawdbot-gateway") && strings.HasSuffix(unit, ".service") {
			return unit
		}
	}
	return ""
}
