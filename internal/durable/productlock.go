package durable

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"sync"
	"time"
)

// The product's lock on a file is a path, <file>.lock, whoever creates it. Clawdbot
// (proper-lockfile 4.1.2) makes it a directory, keeps its modification time fresh, and
// takes over one that is older than 30 s; OpenClaw makes it a file that names the
// holder. Each fails on the other's with EEXIST, so one path covers both. We make a
// directory: after a crash of ours it goes stale and every product takes it over, where
// a file would stop Clawdbot for ever.
const (
	lockSuffix     = ".lock"
	lockRefresh    = time.Second
	staleDirectory = 30 * time.Second
	// staleFile is the longest time after which a product calls a lock file of its own stale.
	staleFile = 180 * time.Second
)

// LockProduct takes the gateway's lock on the file called name, which need not exist.
// It waits until ctx is done, then returns a [*LockedError]; a context that is done
// already allows one attempt. Hold it for seconds, not minutes: the gateway
// gives up after about 50. The unlock function returns [ErrLockLost] if somebody took
// the lock over (this process was stopped for more than 30 s), in which case what was
// written meanwhile needs another look. It may be called more than once.
func (d *Dir) LockProduct(ctx context.Context, name string) (unlock func() error, err error) {
	f, base, err := d.locate(name)
	if err != nil {
		return nil, err
	}
	l := &productLock{folder: f, name: base + lockSuffix, holder: "another program"}
	if err := wait(ctx, l.try); err != nil {
		f.close()
		if errors.Is(err, errHeld) {
			return nil, &LockedError{Path: f.join(l.name), Holder: l.holder, cause: context.Cause(ctx)}
		}
		return nil, withHint(err)
	}
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		l.refresh(stop)
	}()
	return sync.OnceValue(func() error {
		close(stop)
		<-stopped
		defer f.close()
		return l.release()
	}), nil
}

// productLock is the gateway's lock on one file.
type productLock struct {
	*folder
	name    string
	holder  string    // who has it, when try says errHeld
	touched time.Time // the modification time we gave it, by which we know it is ours
	lost    bool
}

// try makes one attempt, and one more after it has cleared away a stale lock.
func (l *productLock) try() error {
	for range 2 {
		err := l.mkdir(l.name)
		if err == nil {
			if err = l.touch(); err != nil {
				_ = l.remove(l.name)
			}
			return err
		}
		if !errors.Is(err, fs.ErrExist) {
			return err
		}
		info, err := l.lstat(l.name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return err
		}
		var stale bool
		if stale, l.holder = l.judge(info); !stale {
			return errHeld
		}
		if err := l.clear(info); err != nil {
			return err
		}
	}
	return errHeld
}

// judge says whether a lock is stale, and who has it.
func (l *productLock) judge(info fs.FileInfo) (stale bool, holder string) {
	age := time.Since(info.ModTime())
	switch {
	case info.IsDir():
		return age > staleDirectory, fmt.Sprintf("another program (touched %s ago)", age.Round(time.Second))
	case info.Mode().IsRegular():
		h := l.holderOfFile()
		return age > staleFile && !h.lives(), h.String()
	}
	return false, "nobody we know: it is a " + kindOf(info.Mode())
}

// clear removes a stale lock. It is moved aside first and looked at, for
// somebody may have taken it over in this instant: then it is put back.
func (l *productLock) clear(seen fs.FileInfo) error {
	s, err := l.stage(l.name)
	if err != nil {
		return err
	}
	s.slot = slotStale
	defer func() { _ = s.discard() }()
	err = l.rename(l.name, s.base+"/"+s.slot)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	now, err := s.lstat(s.slot)
	if err == nil && sameLock(now, seen) {
		if err = s.remove(s.slot); err == nil {
			return nil
		}
		l.holder = "a stale lock that is not an empty directory; look into it"
	}
	_ = s.moveOut()
	return errHeld
}

// release removes the lock if it is ours still.
func (l *productLock) release() error {
	if l.lost || !l.ours() {
		return pathError("unlock", l.join(l.name), ErrLockLost)
	}
	return l.remove(l.name)
}

// refresh keeps the lock from going stale.
func (l *productLock) refresh(stop <-chan struct{}) {
	ticker := time.NewTicker(lockRefresh)
	defer ticker.Stop()
	for {
		select {
		case <-stop:
			return
		case <-ticker.C:
		}
		if l.lost = l.lost || !l.ours(); l.lost {
			return
		}
		_ = l.touch() // 29 more attempts before it is stale
	}
}

// touch makes the lock fresh and remembers by which modification time.
func (l *productLock) touch() error {
	now := time.Now()
	err := l.do("touch", l.name, func() error { return l.root.Chtimes(l.name, now, now) })
	if err != nil {
		return err
	}
	info, err := l.lstat(l.name) // the file system may round
	if err != nil {
		return err
	}
	l.touched = info.ModTime()
	return nil
}

// ours reports whether the lock has the time we gave it. The inode says nothing: a
// file system may use its number again at once.
func (l *productLock) ours() bool {
	info, err := l.lstat(l.name)
	return err == nil && info.IsDir() && info.ModTime().Equal(l.touched)
}

func sameLock(a, b fs.FileInfo) bool {
	return a.Mode() == b.Mode() && a.ModTime().Equal(b.ModTime())
}
