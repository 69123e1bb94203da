package service

import (
	"path/filepath"
	"runtime"
)

func (q *EnvironmentQuery) tmpDirs() []string {
	if q.TmpDir != "" {
		return []string{q.TmpDir}
	}
	return temporaryDirs()
}

func (q *EnvironmentQuery) systemdDirs() []string {
	if q.SystemdDirs != nil {
		return q.SystemdDirs
	}
	if runtime.GOOS != "linux" {
		return nil
	}
	return []string{ // systemd-analyze --user unit-paths, then the system's own
		filepath.Join(q.Home, ".config/systemd/user.control"),
		filepath.Join(q.Home, ".config/systemd/user"),
		"/etc/xdg/systemd/user", "/etc/systemd/user", "/run/systemd/user",
		filepath.Join(q.Home, ".local/share/systemd/user"),
		"/usr/local/share/systemd/user", "/usr/share/systemd/user",
		"/usr/local/lib/systemd/user", "/usr/lib/systemd/user",
		"/etc/systemd/system", "/run/systemd/system",
		"/usr/local/lib/systemd/system", "/usr/lib/systemd/system",
	}
}

func (q *EnvironmentQuery) launchAgentsDirs() []string {
	if q.LaunchAgentsDir != "" {
		return []string{q.LaunchAgentsDir}
	}
	dirs := []string{filepath.Join(q.Home, "Library", "LaunchAgents")}
	if runtime.GOOS == "darwin" {
		dirs = append(dirs, "/Library/LaunchAgents", "/Library/LaunchDaemons")
	}
	return dirs
}
