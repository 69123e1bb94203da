package extract

import (
	"cmp"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/clawsecrets/clawsecrets/internal/durable"
	"github.com/clawsecrets/clawsecrets/internal/gateway"
	"github.com/clawsecrets/clawsecrets/internal/transcript"
)

// pruner finds what is old.
type pruner struct {
	PruneOptions
	plan    *PrunePlan
	view    *gateway.View
	running bool // the gateway
	indexes *sessionIndexes
}

// pruneKind returns what a file of the state directory is, "" for one that does not go for
// its age.
func pruneKind(rel string) PruneKind {
	place := gateway.Classify(rel)
	base := path.Base(rel)
	switch {
	case place.Surface == "session" && transcript.IsTranscript(base):
		return Transcript
	case place.Surface == "log":
		return Log
	case strings.HasPrefix(rel, "cron/runs/") && place.Action == "redact" && strings.HasSuffix(base, ".jsonl"):
		return Log
	}
	return ""
}

// mayHold reports whether a folder of the state directory may hold what grows old.
func mayHold(rel string) bool {
	switch {
	case rel == ".", rel == "agents", rel == "cron", path.Dir(rel) == "agents":
		return true
	}
	return gateway.Classify(rel).Skip == "" && pruneKind(rel+"/any.jsonl") != ""
}

// inside looks through the state directory. Symbolic links are not followed.
func (p *pruner) inside() {
	root := p.view.State().Path()
	_ = filepath.WalkDir(root, func(name string, entry fs.DirEntry, err error) error {
		rel, _ := filepath.Rel(root, name)
		rel = filepath.ToSlash(rel)
		switch {
		case err != nil:
			p.unlisted(rel, err)
		case entry.Type()&fs.ModeSymlink != 0:
			p.link(root, rel)
		case entry.IsDir() && durable.IsStaging(entry.Name()):
			p.staged(rel, p.view.State(), path.Dir(rel))
			return fs.SkipDir
		case entry.IsDir() && !mayHold(rel):
			return fs.SkipDir
		case !entry.IsDir():
			if kind := pruneKind(rel); kind != "" {
				p.consider(rel, kind, "")
			}
		}
		return nil
	})
}

// link names a symbolic link behind which there are old files. What it leads to within the
// state directory has a name of its own there.
func (p *pruner) link(root, rel string) {
	real, err := filepath.EvalSymlinks(filepath.Join(root, rel))
	if err != nil {
		return // it leads nowhere
	}
	if within, err := filepath.Rel(root, real); err == nil && filepath.IsLocal(within) {
		return
	}
	info, err := os.Stat(real)
	const why = "a symbolic link leads there, out of the state directory: delete it by hand"
	switch {
	case err == nil && !info.IsDir() && pruneKind(rel) != "" && p.old(info) && p.wanted(rel):
		p.leave(rel, why)
	case err == nil && info.IsDir() && mayHold(rel) && p.wanted(rel+"/"):
		p.leave(rel+"/", "a symbolic link leads there, out of the state directory: delete by hand what is old in it")
	}
}

func (p *pruner) staged(shown string, dir *durable.Dir, name string) {
	if !slices.Contains(p.plan.Unfinished, shown) {
		p.plan.Unfinished = append(p.plan.Unfinished, shown)
	}
	if folder := (stagedFolder{dir, name}); !slices.Contains(p.plan.staged, folder) {
		p.plan.staged = append(p.plan.staged, folder)
	}
}

// consider plans to delete a file if it is old and nothing speaks against it, nor stays.
func (p *pruner) consider(shown string, kind PruneKind, stays string) {
	info, err := os.Lstat(p.absolute(shown))
	if err != nil || !p.old(info) {
		return // gone, or young
	}
	if !p.wanted(shown) {
		p.plan.Narrowed++
		return
	}
	if stays == "" {
		_, _, stays = p.judge(shown, kind, info)
	}
	if stays != "" {
		p.leave(shown, stays)
		return
	}
	p.plan.Files = append(p.plan.Files, Pruned{shown, kind, info.Size(), info.ModTime()})
}

func (p *pruner) old(info fs.FileInfo) bool { return p.Now.Sub(info.ModTime()) > p.OlderThan }

// wanted reports whether Only and Skip let a file be pruned.
func (p *pruner) wanted(shown string) bool {
	fits := func(glob string) bool {
		relative, _ := filepath.Match(glob, shown)
		absolute, _ := filepath.Match(glob, p.named(shown))
		return relative || absolute
	}
	return (len(p.Only) == 0 || slices.ContainsFunc(p.Only, fits)) && !slices.ContainsFunc(p.Skip, fits)
}

// absolute returns where a file that is shown lies, symbolic links on the way to the state
// directory resolved.
func (p *pruner) absolute(shown string) string { return below(p.view.State().Path(), shown) }

// named returns the absolute path of a file as a person types it.
func (p *pruner) named(shown string) string { return below(p.view.Home.StateDir, shown) }

func below(dir, shown string) string {
	if filepath.IsAbs(shown) {
		return shown
	}
	return filepath.Join(dir, filepath.FromSlash(shown))
}

func (p *pruner) leave(shown, why string) {
	p.plan.Left = append(p.plan.Left, Left{Path: shown, Why: why})
}

func (p *pruner) unlisted(shown string, err error) {
	p.leave(shown, "cannot be looked into: "+cause(err))
	p.plan.Unlisted = true
}

// sort makes every run name the files in the same order.
func (p *pruner) sort() {
	slices.SortFunc(p.plan.Files, func(a, b Pruned) int { return cmp.Compare(a.Path, b.Path) })
	slices.SortFunc(p.plan.Left, func(a, b Left) int { return cmp.Compare(a.Path, b.Path) })
	slices.Sort(p.plan.Unfinished)
}
