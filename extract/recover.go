package extract

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/clawsecrets/clawsecrets/internal/durable"
	"github.com/clawsecrets/clawsecrets/internal/gateway"
	"github.com/clawsecrets/clawsecrets/internal/secret"
)

// staleWait is how long a run waits for the gateway's lock when it may be one that a
// crash of ours left: such a lock can be taken over after 30 s.
const staleWait = 35 * time.Second

// Recover clears up what a crash of an earlier run left beside the files that it
// was writing: half-done writes, the gateway's locks, and our own folder where there
// is no receipt in it. Where there is nothing of that it writes nothing.
func Recover(ctx context.Context, view *gateway.View, key secret.Key) error {
	state := view.State()
	if _, err := os.Lstat(filepath.Join(state.Path(), Folder)); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if left, err := leftovers(view, key); err != nil || !left {
		return err
	}
	unlock, err := lockHome(ctx, state)
	if err != nil {
		return err
	}
	begun, err := recoverFiles(ctx, view, key)
	if err = errors.Join(err, unlock()); err != nil || begun {
		return err
	}
	return removeFolder(state)
}

// leftovers reports whether a crash left anything to clear up.
func leftovers(view *gateway.View, key secret.Key) (bool, error) {
	if staged(view.State(), Folder) || staged(view.State(), ".") {
		return true, nil
	}
	receipt, was, err := loadReceipt(view.State(), key)
	if err != nil || was.Absent {
		return was != nil && was.Absent, err
	}
	looked := map[string]bool{}
	for _, file := range receipt.Files {
		dir, name, err := locateRecorded(view, file)
		if err != nil {
			return false, err
		}
		if dir == nil || file.Copy && looked[filepath.Join(dir.Path(), filepath.Dir(name))] {
			continue
		}
		looked[filepath.Join(dir.Path(), filepath.Dir(name))] = true
		_, lockErr := os.Lstat(filepath.Join(dir.Path(), name+".lock"))
		if staged(dir, filepath.Dir(name)) || surfaceOf(file.Path) == "auth-profile" && lockErr == nil {
			return true, nil
		}
	}
	return false, nil
}

// staged reports whether a folder holds a half-done write. One that cannot be listed
// might.
func staged(dir *durable.Dir, folder string) bool {
	entries, err := os.ReadDir(filepath.Join(dir.Path(), folder))
	return err != nil && !errors.Is(err, fs.ErrNotExist) ||
		slices.ContainsFunc(entries, func(e os.DirEntry) bool { return durable.IsStaging(e.Name()) })
}

// recoverFiles reports whether there is a receipt, and so something to go on with.
func recoverFiles(ctx context.Context, view *gateway.View, key secret.Key) (begun bool, err error) {
	if err := view.State().Sweep(Folder); err != nil {
		return false, err
	}
	receipt, was, err := loadReceipt(view.State(), key)
	if err != nil {
		return false, err
	}
	return !was.Absent, receipt.sweep(ctx, view)
}

// sweep clears up beside every file that the receipt names, and the .env.
func (r *Receipt) sweep(ctx context.Context, view *gateway.View) error {
	type folder struct{ dir, name string }
	swept := map[folder]bool{}
	for _, file := range r.Files {
		dir, name, err := locateRecorded(view, file)
		if err != nil {
			return err
		}
		if dir == nil {
			continue // no longer where alone we write
		}
		at := folder{dir.Path(), filepath.Dir(name)}
		if swept[at] {
			continue
		}
		swept[at] = true
		if err := dir.Sweep(at.name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		if surfaceOf(file.Path) != "auth-profile" {
			continue
		}
		if err := releaseProductLock(ctx, dir, name); err != nil {
			return err
		}
	}
	return view.State().Sweep(".")
}

// locateRecorded returns through which directory a recorded file is written, nil where it
// no longer can be.
func locateRecorded(view *gateway.View, file *ReceiptFile) (dir *durable.Dir, name string, err error) {
	if !file.Copy {
		return view.Locate(file.Path)
	}
	if filepath.IsAbs(file.Path) {
		dir, name, err = view.LocateOutside(file.Path)
	} else {
		dir, name, err = view.Locate(file.Path)
	}
	if err != nil { // a copy may go, with its folder
		return nil, "", nil
	}
	return dir, name, nil
}

// releaseProductLock removes the gateway's lock on a file once nobody holds it. Ours
// does not go away with the process, since it is a directory.
func releaseProductLock(ctx context.Context, dir *durable.Dir, name string) error {
	if _, err := os.Lstat(filepath.Join(dir.Path(), name+".lock")); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, staleWait)
	defer cancel()
	unlock, err := dir.LockProduct(ctx, name)
	if err != nil {
		return err
	}
	return unlock()
}
