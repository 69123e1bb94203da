package extract

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"

	"github.com/clawsecrets/clawsecrets/internal/dotenv"
	"github.com/clawsecrets/clawsecrets/internal/gateway"
	"github.com/clawsecrets/clawsecrets/internal/secret"
)

// ErrNothingToUndo says that a Home has no receipt.
var ErrNothingToUndo = errors.New("nothing to undo: there is no receipt of an extract here")

// Undone is one file that an undo puts back.
type Undone struct {
	File *gateway.File
	Old  []byte
	// Remove is set for a file that did not exist before.
	Remove bool
	// Mode are the permission bits that the file had, 0 where they were not changed.
	Mode   fs.FileMode
	copied *undoneCopy // of a copy, which has no Old
}

// UndoPlan is what an undo does: files first, the .env last, so that no reference
// is ever without its value.
type UndoPlan struct {
	Files []Undone
	// Left are files that stay as they are: generated ones that the gateway has written
	// anew since, as it will again from the config that comes back, and copies that are
	// gone or were written anew.
	Left    []Left
	view    *gateway.View
	key     secret.Key
	receipt *Receipt
}

// MakeUndo plans to put back every file that the receipt names, byte for byte. It
// refuses where a file was changed since, where a value was replaced in the .env,
// and where the receipt names a path outside the Home. Files that the gateway
// generates it changes all the time: one that did change is left.
func MakeUndo(view *gateway.View, key secret.Key) (*UndoPlan, error) {
	receipt, was, err := loadReceipt(view.State(), key)
	if err != nil {
		return nil, err
	}
	if was.Absent {
		return nil, ErrNothingToUndo
	}
	env, err := view.LoadEnv()
	if err != nil {
		return nil, err
	}
	quarantine, err := loadQuarantine(view.State(), key, receipt)
	if err != nil {
		return nil, err
	}
	plan := &UndoPlan{view: view, key: key, receipt: receipt}
	u := undoer{view: view, key: key, values: env.Dotenv, quarantine: quarantine, receipt: receipt}
	if err := u.unchangedValues(); err != nil {
		return nil, err
	}
	for _, file := range slices.Backward(receipt.Files) {
		var err error
		if file.Copy {
			err = u.addCopy(plan, file)
		} else {
			err = u.add(plan, file)
		}
		if file.Generated && errors.Is(err, errChangedSince) {
			plan.Left = append(plan.Left, Left{Path: file.Path, Why: "the gateway wrote it again since, as it does whenever an agent runs"})
			continue
		}
		if err != nil {
			return nil, err
		}
	}
	if receipt.Env != nil {
		if err := u.add(plan, receipt.Env); err != nil {
			return nil, err
		}
	}
	return plan, u.noDangling(plan)
}

// noDangling refuses an undo after which the config would refer to a variable that the
// undo took away: a reference that somebody else has written since.
func (u *undoer) noDangling(plan *UndoPlan) error {
	contents := map[string][]byte{}
	for _, undone := range plan.Files {
		if undone.copied == nil {
			contents[undone.File.Path] = undone.Old
		}
	}
	after := u.view.With(contents)
	config, err := after.LoadConfig()
	if err != nil {
		return err
	}
	env, err := after.LoadEnv()
	if err != nil {
		return err
	}
	for _, m := range config.Resolve(env).Missing {
		if slices.ContainsFunc(u.receipt.Names, func(n ReceiptName) bool { return n.Name == m.Name }) {
			return refuse("%s refers to %s at %s, which an undo would take away: the gateway would not start. Put the value there first, or keep things as they are", m.Leaf.File.Rel, m.Name, m.Leaf.Pattern())
		}
	}
	return nil
}

type undoer struct {
	view    *gateway.View
	key     secret.Key
	values  *dotenv.File
	receipt *Receipt

	quarantine *Quarantine
}

// unchangedValues refuses when a variable holds another value than was moved
// there: putting the file back would bring a rotated secret back to life. One that
// is missing stops only what needs it: a crash may have come before it was written.
func (u *undoer) unchangedValues() error {
	for _, name := range u.receipt.Names {
		value, ok := u.values.Get(name.Name)
		if ok && u.key.Fingerprint(secret.New(value)) != name.Fingerprint {
			return refuse("%s no longer holds the value that was moved to it; an undo would bring the old one back. Put the files back by hand, or keep them as they are", name.Name)
		}
	}
	return nil
}

// add plans one file.
func (u *undoer) add(plan *UndoPlan, recorded *ReceiptFile) error {
	path, err := u.path(recorded.Path)
	if err != nil {
		return err
	}
	file, err := u.view.Read(path, surfaceOf(recorded.Path))
	if err != nil {
		return err
	}
	created := recorded.Steps[0].Created
	if file == nil && created {
		return nil
	}
	switch {
	case file == nil:
		return changedSince(recorded)
	case file.Outside():
		return refuse("%s leads out of the state directory now, which it did not when it was extracted; nothing is undone", path)
	}
	old, done, err := u.old(recorded, file.Data)
	if err != nil {
		return err
	}
	undone := Undone{File: file, Old: old, Remove: created && len(old) == 0}
	if mode, err := strconv.ParseUint(recorded.Mode, 8, 9); err == nil {
		undone.Mode = fs.FileMode(mode)
	}
	if !done || undone.Mode != 0 {
		plan.Files = append(plan.Files, undone)
	}
	return nil
}

// path returns where a recorded file lies: in the Home, or the config itself.
func (u *undoer) path(recorded string) (string, error) {
	home := u.view.Home
	if recorded == home.ConfigPath {
		return recorded, nil
	}
	if !filepath.IsLocal(recorded) {
		return "", refuse("the receipt names %s, which is not in the state directory", recorded)
	}
	return filepath.Join(home.StateDir, recorded), nil
}

func surfaceOf(path string) gateway.Surface {
	if filepath.Base(path) == "auth-profiles.json" {
		return "auth-profile"
	}
	return "config"
}

// errChangedSince says that a file has been changed or removed since it was extracted.
var errChangedSince = errors.New("changed since extract")

func changedSince(recorded *ReceiptFile) error {
	return &Refusal{
		Why:   recorded.Path + " was changed since extract; nothing is undone. Make it again what extract left, or keep things as they are with clawsecrets extract --forget",
		cause: errChangedSince,
	}
}

// after returns the HMAC of a file's bytes after n of its steps.
func (f *ReceiptFile) after(n int) string {
	if n == 0 {
		return f.Steps[0].Was
	}
	return f.Steps[n-1].Now
}

// Apply puts the files back, the .env last, and then forgets the receipt. The
// gateway must not be running.
func (p *UndoPlan) Apply(ctx context.Context) error {
	return underLock(ctx, p.view.State(), p.key, func() error {
		for _, undone := range p.Files {
			if err := ctx.Err(); err != nil {
				return fmt.Errorf("stopped before %s; run the same command again to go on: %w", undone.File.Rel, err)
			}
			if err := undone.apply(ctx); err != nil {
				return err
			}
		}
		return p.receipt.sweep(ctx, p.view) // the last run that knows where to look
	}, p.remaining)
}

// Incomplete reports whether a copy stays as it is although something was taken out of it.
func (p *UndoPlan) Incomplete() bool {
	return slices.ContainsFunc(p.Left, func(left Left) bool { return left.copied != nil })
}

// remaining returns what is left to say of copies that stay as they are: what was taken
// out of them is in the quarantine alone. It is nil where there are none.
func (p *UndoPlan) remaining() *Receipt {
	var files []*ReceiptFile
	for _, left := range p.Left {
		if left.copied != nil {
			files = append(files, left.copied)
		}
	}
	if len(files) == 0 || len(p.receipt.Quarantine) == 0 {
		return nil
	}
	return &Receipt{Schema: p.receipt.Schema, Product: p.receipt.Product, Files: files, Quarantine: p.receipt.Quarantine}
}

func (u *Undone) apply(ctx context.Context) error {
	if u.copied != nil {
		return u.copied.apply(u.Mode)
	}
	if u.Remove {
		u.File.Dir.AllowRename = true // the gateway is stopped
		return u.File.Dir.Remove(u.File.Snapshot)
	}
	if err := replaceUnderLock(ctx, u.File, u.Old); err != nil || u.Mode == 0 {
		return err
	}
	back, err := u.File.Dir.Read(u.File.Snapshot.Name)
	if err != nil {
		return err
	}
	return u.File.Dir.Chmod(back, u.Mode)
}
