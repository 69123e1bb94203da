package transcript

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"time"
)

const (
	lockSuffix  = ".lock"
	maxLockFile = 4 << 10 // bytes of a lock that the gateway could have written

	// staleLock is the age from which the gateway takes a lock over.
	staleLock = 30 * time.Minute

	// quiet is how long nothing is written to a transcript before its session counts as
	// closed: an answer, or a tool, can take minutes.
	quiet = 10 * time.Minute
)

// Open says in a few words why the transcript at path must be left alone at the time now,
// such as "written 3 minutes ago"; "" if its session is closed. Where it cannot be told,
// the session counts as open.
//
// A session that waits for its user is closed by this: the gateway reads a transcript
// anew for each turn, and appends to whatever file has its name.
func Open(path string, now time.Time) string {
	if strings.HasSuffix(path, ".jsonl") {
		if why := locked(path+lockSuffix, now); why != "" {
			return why
		}
	}
	info, err := os.Stat(path)
	if err != nil {
		return "cannot be looked at: " + cause(err)
	}
	switch age := now.Sub(info.ModTime()); {
	case age < 0:
		return "written in the future, by its clock"
	case age < time.Minute:
		return "written less than a minute ago"
	case age < quiet:
		return "written " + minutes(age) + " ago"
	}
	return ""
}

// lock is what the gateway writes into a lock (agents/session-write-lock.js).
type lock struct {
	PID     int       `json:"pid"`
	Created time.Time `json:"createdAt"`
}

// locked says why a lock is to be respected, "" if it is not there or stale: older than
// 30 minutes, or of a process that is gone. One that does not say whose it is, such as
// one that is being written, has its modification time.
func locked(path string, now time.Time) string {
	info, err := os.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return ""
	}
	if err != nil {
		return "its lock cannot be looked at: " + cause(err)
	}
	var l lock
	if info.Mode().IsRegular() && info.Size() <= maxLockFile { // a pipe would make us wait
		l = readLock(path)
	}
	switch {
	case l.PID <= 0 || l.Created.IsZero():
		if now.Sub(info.ModTime()) <= staleLock {
			return "locked, by nobody knows whom"
		}
	case now.Sub(l.Created) <= staleLock && processAlive(l.PID):
		return fmt.Sprintf("locked by process %d", l.PID)
	}
	return ""
}

// readLock returns what a lock says, the zero lock if that is nothing.
func readLock(path string) lock {
	var l lock
	if text, err := os.ReadFile(path); err != nil || json.Unmarshal(text, &l) != nil {
		return lock{}
	}
	return l
}

// minutes returns a duration in words, rounded down.
func minutes(d time.Duration) string {
	if n := int(d.Minutes()); n > 1 {
		return fmt.Sprintf("%d minutes", n)
	}
	return "a minute"
}

// cause returns what is wrong with a file, without its name.
func cause(err error) string {
	if pathError, ok := errors.AsType[*fs.PathError](err); ok {
		return pathError.Err.Error()
	}
	return err.Error()
}
