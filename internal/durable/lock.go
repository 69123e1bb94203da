package durable

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"
)

// The pause between two attempts at a lock doubles from the first to the last, half
// of it at random, so that two that wait do not go on colliding.
const (
	firstPause = 20 * time.Millisecond
	lastPause  = 500 * time.Millisecond
)

var (
	// errHeld says that a lock is somebody else's for now.
	errHeld = errors.New("held")
	// errNotALock keeps a planted link from making us write into another file.
	errNotALock = errors.New("is not a lock file of ours; look at it, move it away and run again")
)

// Lock takes the lock by which our own processes exclude each other: flock on the
// file called name, which is created (0600) and stays. It is released when the
// process ends, however. It waits until ctx is done, then returns a [*LockedError];
// a context that is done already allows one attempt. The unlock function may
// be called more than once.
func (d *Dir) Lock(ctx context.Context, name string) (unlock func() error, err error) {
	f, base, err := d.locateUnresolved(name)
	if err != nil {
		return nil, err
	}
	defer f.close()
	file, err := f.openLockFile(base)
	if err != nil {
		return nil, withHint(err)
	}
	full := f.join(base)
	err = wait(ctx, func() error { return tryLock(file) })
	if err == nil {
		writeHolder(file)
		return sync.OnceValue(func() error { return pathError("unlock", full, file.Close()) }), nil
	}
	holder, _ := readHolder(file)
	_ = file.Close()
	if errors.Is(err, errHeld) {
		return nil, &LockedError{Path: full, Holder: holder, cause: context.Cause(ctx)}
	}
	return nil, pathError("lock", full, err)
}

// openLockFile opens or creates a lock file. As it will be written to, it refuses what
// could be another file under this name: a link, or contents that are not ours.
func (f *folder) openLockFile(base string) (*os.File, error) {
	file, err := f.open(base, os.O_RDWR|os.O_CREATE|openNonblock)
	if err != nil {
		return nil, err
	}
	if err := f.checkLockFile(base, file); err != nil {
		_ = file.Close()
		return nil, err
	}
	return file, nil
}

func (f *folder) checkLockFile(base string, file *os.File) error {
	info, err := file.Stat()
	if err != nil {
		return pathError("stat", f.join(base), err)
	}
	named, err := f.lstat(base)
	if err != nil {
		return err
	}
	if !named.Mode().IsRegular() {
		return &NotRegularError{Path: f.join(base), Kind: kindOf(named.Mode())}
	}
	if _, ours := readHolder(file); !ours || !os.SameFile(named, info) || statOf(info).links > 1 {
		return pathError("lock", f.join(base), errNotALock)
	}
	if err := f.bequeathFile(base, file, info); err != nil {
		return err
	}
	if ownersExist && info.Mode().Perm() != modeFile {
		return pathError("chmod", f.join(base), file.Chmod(modeFile))
	}
	return nil
}

// writeHolder names us in a lock file. It only helps whoever waits, so a full disk is no
// obstacle; what excludes is the lock.
func writeHolder(file *os.File) {
	if err := file.Truncate(0); err == nil {
		_, _ = file.WriteAt([]byte(strconv.Itoa(os.Getpid())+"\n"), 0)
	}
}

// readHolder names the process that wrote its number into a lock file, and reports
// whether that is all there is in it.
func readHolder(file *os.File) (holder string, ours bool) {
	const unknown = "another process"
	text := make([]byte, 24)
	n, err := file.ReadAt(text, 0)
	if err != io.EOF {
		return unknown, false // longer than any process number
	}
	if n == 0 {
		return unknown, true
	}
	pid, err := strconv.Atoi(strings.TrimSuffix(string(text[:n]), "\n"))
	if err != nil || pid <= 0 {
		return unknown, false
	}
	return fmt.Sprintf("process %d", pid), true
}

// wait calls try until it returns something else than errHeld, or ctx is done.
func wait(ctx context.Context, try func() error) error {
	for pause := firstPause; ; pause = min(2*pause, lastPause) {
		if err := try(); !errors.Is(err, errHeld) {
			return err
		}
		select {
		case <-ctx.Done():
			return errHeld
		case <-time.After(pause/2 + rand.N(pause/2)):
		}
	}
}
