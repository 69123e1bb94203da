package durable

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
)

// maxLockFile is the size in bytes up to which a lock file is read.
const maxLockFile = 4 << 10

// lockHolder is what OpenClaw writes into a lock file (plugin-sdk/file-lock.ts).
type lockHolder struct {
	PID       int         `json:"pid"`
	StartTime json.Number `json:"startTime"` // field 22 of /proc/PID/stat; absent elsewhere
}

// holderOfFile returns who made the lock file, the zero holder if it does not say so
// or is only half written.
func (l *productLock) holderOfFile() lockHolder {
	file, err := l.open(l.name, os.O_RDONLY|openNonblock)
	if err != nil {
		return lockHolder{}
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, maxLockFile))
	var h lockHolder
	if err != nil || json.Unmarshal(text, &h) != nil || h.PID <= 0 {
		return lockHolder{}
	}
	return h
}

// lives reports whether the very process that made the lock still runs. Where that
// cannot be told (no start time, no /proc) the answer is no, and age decides.
func (h lockHolder) lives() bool {
	return h.PID > 0 && h.StartTime != "" && processAlive(h.PID) && startTime(h.PID) == h.StartTime.String()
}

func (h lockHolder) String() string {
	if h.PID == 0 {
		return "another program, which does not say which"
	}
	return fmt.Sprintf("process %d", h.PID)
}

// startTime returns when a process started, in clock ticks since boot, "" if that is
// not to be had. A recycled process number has another one.
func startTime(pid int) string {
	if runtime.GOOS != "linux" {
		return ""
	}
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return ""
	}
	// Field 2 is the program's name in parentheses and may contain any character.
	rest := text[bytes.LastIndexByte(text, ')')+1:]
	const field22 = 22 - 3 // the first of the rest is field 3
	if fields := strings.Fields(string(rest)); len(fields) > field22 {
		return fields[field22]
	}
	return ""
}
