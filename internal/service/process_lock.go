package service

import (
	"cmp"
	"crypto/sha1"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// LockFile returns the lock that a gateway holds while it runs with this config
// (infra/gateway-lock.js). The path is hashed as it was given to the gateway,
// symlinks not resolved. A uid below 0 stands for a system without them.
func LockFile(tmp string, uid int, configPath string) string {
	sum := sha1.Sum([]byte(configPath))
	return filepath.Join(lockDir(tmp, uid), "gateway."+hex.EncodeToString(sum[:])[:8]+".lock")
}

func lockDir(tmp string, uid int) string {
	if uid < 0 {
		return filepath.Join(tmp, "clawdbot")
	}
	return filepath.Join(tmp, "clawdbot-"+strconv.Itoa(uid))
}

// LockError says that it cannot be told whether a gateway holds a lock.
type LockError struct {
	Path    string // the lock, or the directory of the locks
	Problem string
}

// Error names the lock and the problem.
func (e *LockError) Error() string {
	return "the gateway's lock " + e.Path + " cannot be read: " + e.Problem
}

// lockPayload is what the product writes into a lock file.
type lockPayload struct {
	PID        int     `json:"pid"`
	ConfigPath string  `json:"configPath"`
	StartTime  *uint64 `json:"startTime"`
}

// RunningByLock returns the gateway that holds a lock for this config, nil when
// there is none: the product leaves lock files behind when it stops, and PIDs are
// used again, so that the start time has to be the one in the lock. Where a lock
// has none, the arguments decide, as in the product.
//
// A *LockError says that a lock could not be read, so that a gateway may be
// running.
func RunningByLock(tmp string, uid int, configPath string) (*Process, error) {
	dir := lockDir(tmp, uid)
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, &LockError{dir, plainReason(err)}
	}
	own := filepath.Base(LockFile(tmp, uid, configPath))
	for _, entry := range entries {
		name := entry.Name()
		if !strings.HasPrefix(name, "gateway.") || !strings.HasSuffix(name, ".lock") {
			continue
		}
		running, err := lockHolder(filepath.Join(dir, name), uid, func(lock lockPayload) bool {
			return name == own || samePath(lock.ConfigPath, configPath)
		})
		if running != nil || err != nil && name == own {
			return running, err
		}
	}
	return nil, nil
}

// lockHolder returns the process that holds the lock, nil when it has ended or
// the lock is not one that matches.
func lockHolder(file string, uid int, matches func(lockPayload) bool) (*Process, error) {
	data, err := ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	var lock lockPayload
	if err == nil && json.Unmarshal(data, &lock) != nil {
		err = errors.New("it is not the JSON that the product writes: stop the gateway and remove the file")
	}
	if err != nil {
		return nil, &LockError{file, err.Error()}
	}
	// Anybody may create the lock directory of anybody else in a shared one.
	owner, told := FileOwner(file)
	foreign := told && uid >= 0 && owner != uid
	if lock.PID <= 0 || foreign || !matches(lock) {
		return nil, nil
	}
	process, err := ReadProcess(lock.PID)
	if errors.Is(err, ErrNoProcess) {
		return nil, nil
	}
	if err != nil {
		return nil, &LockError{file, err.Error()}
	}
	if !holds(process, lock, uid) {
		return nil, nil
	}
	return &process, nil
}

// holds reports whether process is the one that wrote the lock, and not a later
// one with its PID.
func holds(process Process, lock lockPayload, uid int) bool {
	switch {
	case uid >= 0 && process.UID >= 0 && process.UID != uid:
		return false
	case process.StartTime == 0:
		return true // the system does not tell more than that it lives
	case lock.StartTime != nil:
		return *lock.StartTime == process.StartTime
	default:
		return isGatewayCommand(process.Args)
	}
}

// temporaryDirs returns where the gateway may keep its locks: os.tmpdir() of node
// in this environment, and where a service has it, which inherits none.
func temporaryDirs() []string {
	node := cmp.Or(os.Getenv("TMPDIR"), os.Getenv("TMP"), os.Getenv("TEMP"))
	dirs := []string{os.TempDir()}
	if node != "" {
		dirs = append(dirs, filepath.Clean(node))
	}
	if filepath.Separator == '/' {
		dirs = append(dirs, "/tmp")
	}
	slices.Sort(dirs)
	return slices.Compact(dirs)
}
