package extract

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/clawsecrets/clawsecrets/internal/dotenv"
	"github.com/clawsecrets/clawsecrets/internal/durable"
	"github.com/clawsecrets/clawsecrets/internal/gateway"
	"github.com/clawsecrets/clawsecrets/internal/secret"
)

// lockWait is how long a run waits for a lock that somebody else holds.
const lockWait = 10 * time.Second

// ErrDamaged says that the .env does not read back as it was written.
var ErrDamaged = errors.New("what was written does not read back the same")

// Apply does the plan: the receipt first, since it says how to undo the rest; then
// the .env, read back from the disk in both readers; then each file. Each step is
// durable before the next begins, so that a crash at any moment leaves a Home that
// resolves as before, and a rerun goes on from there. An empty plan does nothing, and
// has no receipt.
//
// The gateway must not be running, and [Recover] must have run before the scan. A
// file that somebody changed since the plan was made is left as it is: the error is
// then durable.ErrChanged.
func (p *Plan) Apply(ctx context.Context, key secret.Key) (*Receipt, error) {
	if p.Empty() {
		return nil, nil
	}
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("stopped before anything was written: %w", err)
	}
	state := p.scanned.View.State()
	unlock, err := lockHome(ctx, state)
	if err != nil {
		return nil, err
	}
	defer func() { _ = unlock() }()
	receipt, was, err := loadReceipt(state, key)
	if err != nil {
		return nil, err
	}
	receipt.add(p, key)
	text, err := receipt.encode(key)
	if err != nil {
		return nil, err
	}
	if err := state.Replace(was, text); err != nil {
		return nil, err
	}
	if p.quarantine != nil {
		if err := p.quarantine.write(state); err != nil {
			return receipt, err
		}
	}
	if err := p.applyEnv(); err != nil {
		return receipt, err
	}
	for _, change := range p.Changes {
		if err := ctx.Err(); err != nil {
			return receipt, fmt.Errorf("stopped before %s; run the same command again to go on: %w", change.File.Rel, err)
		}
		if err := change.apply(ctx); err != nil {
			return receipt, err
		}
	}
	return receipt, p.applyRewrites(ctx)
}

// applyRewrites writes the copies. One that was changed meanwhile is left, and does not
// keep the others from being written.
func (p *Plan) applyRewrites(ctx context.Context) error {
	var changed []error
	for _, rewrite := range p.Rewrites {
		err := rewrite.apply(ctx)
		if err != nil && !errors.Is(err, durable.ErrChanged) {
			return errors.Join(append(changed, err)...)
		}
		if err != nil {
			changed = append(changed, err)
		}
	}
	return errors.Join(changed...)
}

// lockHome keeps other runs of ours away from a Home.
func lockHome(ctx context.Context, state *durable.Dir) (unlock func() error, err error) {
	if err := state.Mkdir(Folder); err != nil {
		return nil, notFolder(state, err)
	}
	ctx, cancel := context.WithTimeout(ctx, lockWait)
	defer cancel()
	return state.Lock(ctx, Folder+"/lock")
}

// notFolder says what to do about something else that lies where our folder should:
// err only says that there is something.
func notFolder(state *durable.Dir, err error) error {
	path := filepath.Join(state.Path(), Folder)
	if info, statErr := os.Lstat(path); statErr != nil || info.IsDir() {
		return err
	}
	return fmt.Errorf("%s is in the way: it is ours and should be a directory; move it away", path)
}

// applyEnv writes the .env and reads it back.
func (p *Plan) applyEnv() error {
	if p.Env != nil {
		p.Env.Dir.AllowRename = true // the gateway is stopped
		// Nobody else may read it before there is anything in it worth reading.
		if p.Env.loose() {
			if err := p.Env.Dir.Chmod(p.Env.Was, 0o600); err != nil {
				return err
			}
		}
		if err := p.Env.Dir.Replace(p.Env.Was, p.Env.New); err != nil {
			return err
		}
	}
	if len(p.Moves) == 0 {
		return nil
	}
	path := p.scanned.View.Home.EnvPath()
	back, err := p.scanned.View.State().Read(".env")
	if err != nil {
		return fmt.Errorf("%s: %w", path, ErrDamaged)
	}
	file := dotenv.Parse(back.Data)
	var names []string
	for _, m := range p.Moves {
		value, _ := file.Get(m.Name)
		if !secret.New(value).Equal(m.Value) {
			return fmt.Errorf("%s: %s: %w", path, m.Name, ErrDamaged)
		}
		names = append(names, m.Name)
	}
	if err := file.Check(names...); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}

// apply writes one file, readable by its owner alone, under the product's own lock where
// it takes one.
func (c *Change) apply(ctx context.Context) error {
	if c.loose() {
		if err := c.File.Dir.Chmod(c.File.Snapshot, tightened(c.File.Snapshot.Mode)); err != nil {
			return err
		}
	}
	return replaceUnderLock(ctx, c.File, c.New)
}

func replaceUnderLock(ctx context.Context, file *gateway.File, data []byte) error {
	file.Dir.AllowRename = true // the gateway is stopped
	if file.Surface != "auth-profile" {
		return file.Dir.Replace(file.Snapshot, data)
	}
	ctx, cancel := context.WithTimeout(ctx, lockWait)
	defer cancel()
	unlock, err := file.Dir.LockProduct(ctx, file.Snapshot.Name)
	if err != nil {
		return err
	}
	return errors.Join(file.Dir.Replace(file.Snapshot, data), unlock())
}
