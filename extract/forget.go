package extract

import (
	"context"
	"errors"
	"io/fs"
	"os"

	"github.com/clawsecrets/clawsecrets/internal/durable"
	"github.com/clawsecrets/clawsecrets/internal/gateway"
	"github.com/clawsecrets/clawsecrets/internal/secret"
)

// HasReceipt reports whether there is anything to undo or forget in a Home, whoever
// wrote it.
func HasReceipt(view *gateway.View) bool {
	_, err := os.Lstat(receiptPath(view.State()))
	return err == nil
}

// Forget removes the receipt and the quarantine: what was extracted stays so, and can no
// longer be undone.
func Forget(ctx context.Context, view *gateway.View) error {
	return underLock(ctx, view.State(), secret.Key{}, func() error { return nil }, func() *Receipt { return nil })
}

// underLock does something under our lock and then removes all that we keep in a
// Home: the quarantine, the receipt, and after the lock is released the lock and the
// folder. Where something remains to be said, the receipt says that, and the quarantine
// stays.
func underLock(ctx context.Context, state *durable.Dir, key secret.Key, do func() error, remaining func() *Receipt) error {
	unlock, err := lockHome(ctx, state)
	if err != nil {
		return err
	}
	err = do()
	if rest := remaining(); err == nil && rest != nil {
		err = rest.write(state, key)
	} else if err == nil {
		// The receipt goes last: while it is there, this can be run again.
		if err = removeIfThere(state, quarantineName); err == nil {
			err = removeIfThere(state, receiptName)
		}
	}
	if err == nil {
		err = state.Sweep(Folder)
	}
	if err = errors.Join(err, unlock()); err != nil {
		return err
	}
	return removeFolder(state)
}

// removeFolder removes our lock and our folder, unless there is something else in it.
func removeFolder(state *durable.Dir) error {
	// Another run may have taken the lock in this moment: then it stays.
	if err := removeIfThere(state, Folder+"/lock"); err != nil && !errors.Is(err, durable.ErrChanged) {
		return err
	}
	return state.RemoveEmpty(Folder)
}

func removeIfThere(state *durable.Dir, name string) error {
	was, err := state.Read(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return state.Remove(was)
}
