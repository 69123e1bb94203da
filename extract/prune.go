package extract

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"github.com/clawsecrets/clawsecrets/internal/durable"
	"github.com/clawsecrets/clawsecrets/internal/gateway"
)

// PruneOptions says what is old, and which files are meant.
type PruneOptions struct {
	// OlderThan is how long a file was not written to, by its modification time, at Now.
	OlderThan time.Duration
	Now       time.Time
	// Only and Skip are globs over paths: relative to the state directory, and absolute.
	Only, Skip []string
	// Getenv is the environment of the person who runs us, nil for none.
	Getenv func(string) string
	// LogDirs is where gateways log to, nil for the real places.
	LogDirs []string
	// Progress, if set, is told of every part of a file that was read on its way out, in bytes.
	Progress func(bytes int64)
}

// The kinds of files that are pruned.
const (
	Transcript PruneKind = "transcript"
	Log        PruneKind = "log"
)

// PruneKind is what a file is that grows old.
type PruneKind string

// Pruned is a file that is to be deleted.
type Pruned struct {
	Path    string // as a person knows it: relative to the state directory with slashes, or absolute
	Kind    PruneKind
	Size    int64 // bytes
	ModTime time.Time
}

// PrunePlan is which transcripts and logs are to be deleted for their age. Nothing brings
// them back, an undo included.
type PrunePlan struct {
	Files []Pruned // sorted by path
	// Left are files that are as old and stay, with the reason, and folders that could not be
	// looked into.
	Left []Left
	// Unlisted is set where a folder could not be looked into.
	Unlisted bool
	// Unfinished are the paths of what an interrupted run has left, for Apply to clear up.
	Unfinished []string
	// Narrowed is how many old files Only and Skip leave out.
	Narrowed int

	view   *gateway.View
	pruner *pruner
	staged []stagedFolder
}

// stagedFolder is a folder with half-done writes in it.
type stagedFolder struct {
	dir  *durable.Dir
	name string
}

// MakePrune plans to delete the transcripts of sessions that are over, and logs, that are
// older than options say. A session that the gateway would continue is not over.
func MakePrune(view *gateway.View, options PruneOptions) (*PrunePlan, error) {
	config, err := view.LoadConfig()
	if err != nil {
		return nil, err
	}
	env, err := view.LoadEnv()
	if err != nil {
		return nil, err
	}
	resolved := config.Resolve(env)
	plan := &PrunePlan{view: view}
	outside := gateway.Outside(gateway.OutsideQuery{
		Home: view.Home, Resolved: resolved, Env: env, Getenv: options.Getenv, LogDirs: options.LogDirs,
	})
	plan.pruner = &pruner{
		PruneOptions: options, plan: plan, view: view,
		running: view.RunningGateway(resolved, env) != "",
		indexes: newSessionIndexes(view, resolved, outside),
	}
	plan.pruner.inside()
	for i := range outside {
		plan.pruner.outside(&outside[i])
	}
	plan.pruner.sort()
	return plan, nil
}

// Bytes returns the size of all files that are to be deleted.
func (p *PrunePlan) Bytes() int64 {
	var sum int64
	for _, file := range p.Files {
		sum += file.Size
	}
	return sum
}

// Empty reports whether there is nothing to do.
func (p *PrunePlan) Empty() bool { return len(p.Files) == 0 && len(p.Unfinished) == 0 }

// Apply deletes the files, one after the other; each deletion is durable before the next
// begins. The gateway may run. A file that was written to since the plan was made, or whose
// session was opened, stays and is part of the error; the others are deleted all the same.
func (p *PrunePlan) Apply(ctx context.Context) error {
	if p.Empty() {
		return nil
	}
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("stopped before anything was deleted: %w", err)
	}
	state := p.view.State()
	unlock, err := lockHome(ctx, state)
	if err != nil {
		return err
	}
	err = errors.Join(p.sweep(), p.delete(ctx), unlock())
	if HasReceipt(p.view) {
		return err
	}
	return errors.Join(err, removeFolder(state))
}

// sweep finishes what an interrupted run has begun.
func (p *PrunePlan) sweep() error {
	var errs []error
	for _, folder := range p.staged {
		errs = append(errs, folder.dir.Sweep(folder.name))
	}
	return errors.Join(errs...)
}

func (p *PrunePlan) delete(ctx context.Context) error {
	p.pruner.indexes.forget() // the person was asked meanwhile, which takes its time
	p.pruner.Now = time.Now()
	var errs []error
	for i, file := range p.Files {
		if err := ctx.Err(); err != nil {
			return errors.Join(append(errs, p.stopped(i, err))...)
		}
		err := p.deleteFile(ctx, file)
		if ctx.Err() != nil && errors.Is(err, ctx.Err()) {
			err = p.stopped(i, err)
			return errors.Join(append(errs, err)...)
		}
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

func (p *PrunePlan) stopped(done int, err error) error {
	return fmt.Errorf("stopped at file %d of %d; run the same command again to go on: %w", done+1, len(p.Files), err)
}

// deleteFile deletes one file, if it is as it was when the plan was made and may still go.
// One that is gone is no error.
func (p *PrunePlan) deleteFile(ctx context.Context, file Pruned) error {
	info, err := os.Lstat(p.pruner.absolute(file.Path))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	dir, name, why := p.pruner.judge(file.Path, file.Kind, info)
	if why != "" {
		return refuse("%s stays: %s", file.Path, why)
	}
	was, err := dir.ReadParts(name, func(part []byte) error {
		if p.pruner.Progress != nil {
			p.pruner.Progress(int64(len(part)))
		}
		return ctx.Err()
	})
	if err != nil {
		return err
	}
	if was.Size != file.Size || !was.ModTime.Equal(file.ModTime) || was.Name != name {
		return refuse("%s was written to meanwhile, so it stays", file.Path)
	}
	return dir.Remove(was)
}
