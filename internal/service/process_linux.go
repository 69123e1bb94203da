package service

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"syscall"
)

// ReadProcess reads a process from /proc. Another user's is returned without its
// environment, which Unreadable says; [ErrNoProcess] where there is none.
func ReadProcess(pid int) (Process, error) {
	dir := "/proc/" + strconv.Itoa(pid)
	process := Process{PID: pid, UID: -1}
	var err error
	if process.StartTime, err = readStartTime(dir); err != nil {
		return process, processError(pid, err)
	}
	process.UID = readUID(dir)
	if line, err := os.ReadFile(dir + "/cmdline"); err == nil {
		for arg := range strings.SplitSeq(strings.TrimRight(string(line), "\x00"), "\x00") {
			process.Args = append(process.Args, arg)
		}
	}
	environ, err := os.ReadFile(dir + "/environ")
	if err == nil {
		process.Dir, err = os.Readlink(dir + "/cwd")
	}
	if err != nil {
		process.Unreadable = plainReason(err)
	} else {
		process.Environ = parseEnviron(environ)
	}
	// What was read belongs to one process only if it is still the same one.
	if again, err := readStartTime(dir); err != nil || again != process.StartTime {
		return Process{PID: pid, UID: -1}, processError(pid, errors.Join(err, fs.ErrNotExist))
	}
	return process, nil
}

func processError(pid int, err error) error {
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ESRCH) {
		return fmt.Errorf("process %d: %w", pid, ErrNoProcess)
	}
	return fmt.Errorf("process %d cannot be read: %s", pid, plainReason(err))
}

// readStartTime returns field 22 of /proc/PID/stat (proc_pid_stat(5)). The
// command in field 2 may hold spaces and parentheses, so fields are counted from
// the last one. A process that has ended but is not reaped does not exist.
func readStartTime(dir string) (uint64, error) {
	stat, err := os.ReadFile(dir + "/stat")
	if err != nil {
		return 0, err
	}
	fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
	if len(fields) < 20 {
		return 0, errors.New("its stat file has too few fields")
	}
	if fields[0] == "Z" || fields[0] == "X" {
		return 0, fs.ErrNotExist
	}
	return strconv.ParseUint(fields[19], 10, 64)
}

// readUID returns the effective user of a process, -1 if it cannot be had. The
// owner of the directory in /proc is not always that user (proc(5)).
func readUID(dir string) int {
	status, err := os.ReadFile(dir + "/status")
	if err != nil {
		return -1
	}
	for line := range strings.Lines(string(status)) {
		fields := strings.Fields(line)
		if len(fields) < 3 || fields[0] != "Uid:" {
			continue
		}
		if uid, err := strconv.Atoi(fields[2]); err == nil {
			return uid
		}
	}
	return -1
}

// FileOwner returns the user who owns the file, false if that cannot be had.
func FileOwner(file string) (uid int, ok bool) {
	info, err := os.Stat(file)
	if err != nil {
		return 0, false
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return 0, false
	}
	return int(stat.Uid), true
}

// gatewayProcesses returns every process of the user that looks like a gateway.
// It finds those that hold no lock (CLAWDBOT_ALLOW_MULTI_GATEWAY) or hold it in
// another temporary directory.
func gatewayProcesses(uid int) []Process {
	var found []Process
	for _, pid := range processIDs() {
		line, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/cmdline")
		if err != nil || !isGatewayCommand(strings.Split(strings.TrimRight(string(line), "\x00"), "\x00")) {
			continue
		}
		if process, err := ReadProcess(pid); err == nil && process.UID == uid {
			found = append(found, process)
		}
	}
	return found
}

// processIDs returns the PIDs in /proc.
func processIDs() []int {
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return nil
	}
	var ids []int
	for _, entry := range entries {
		if pid, err := strconv.Atoi(entry.Name()); err == nil {
			ids = append(ids, pid)
		}
	}
	return ids
}
