package scan

import (
	"cmp"
	"context"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/clawsecrets/clawsecrets/internal/gateway"
	"github.com/clawsecrets/clawsecrets/internal/gitobjects"
	"github.com/clawsecrets/clawsecrets/internal/rules"
	"github.com/clawsecrets/clawsecrets/internal/search"
)

// repository is a git repository.
type repository struct {
	gitDir string
	file   *gateway.File // stands for its history
	left   string        // why that is left out where nothing is known to look for
}

// repository takes the history that git keeps in gitDir, and which name stands for. It
// reports whether the options let it be shown.
func (p *places) repository(gitDir, name, shown, left string) bool {
	real, err := filepath.EvalSymlinks(gitDir)
	if err != nil {
		p.skip(shown+"/", "unread", cause(err))
		return true
	}
	var mode fs.FileMode
	if info, err := os.Stat(real); err == nil {
		mode = info.Mode().Perm()
	}
	file := &gateway.File{Path: name, Rel: shown, Surface: "git-history", Mode: mode}
	if !p.mayShow(p.names(file)...) {
		return false
	}
	if p.isNew(filepath.Join(real, "objects")) { // which a walk then passes over
		p.settle(file, gateway.Place{Surface: file.Surface, Action: string(Rotate)})
		p.repositories = append(p.repositories, repository{real, file, left})
	}
	return true
}

// histories searches the histories of the repositories for the known values. By the rules
// they are not searched: whatever is found there can only be rotated, which takes somebody
// who knows what it is.
func (p *places) histories(ctx context.Context, known []rules.Known) error {
	for _, r := range p.repositories {
		switch {
		case len(known) > 0 && !p.options.GitleaksOnly:
			p.history(ctx, r, known)
		case r.left != "":
			p.skip(r.file.Rel+"/", "excluded", r.left)
		}
	}
	return ctx.Err()
}

func (p *places) history(ctx context.Context, r repository, known []rules.Known) {
	searcher := &search.Searcher{Rules: rules.OnlyKnown(known)}
	committed := commits{}
	size := int64(0)
	err := gitobjects.Objects(ctx, r.gitDir, func(o gitobjects.Object, content io.Reader) error {
		report, err := searcher.Reader(ctx, content)
		size += o.Size
		for _, hit := range report.Hits {
			committed.add(o.ID, hit)
		}
		return err
	})
	if len(committed) > 0 {
		places, problem := gitobjects.Places(ctx, r.gitDir, committed.ids())
		for _, f := range committed.findings(r.file, places) {
			p.record(f)
		}
		err = cmp.Or(err, problem)
	}
	switch {
	case ctx.Err() != nil:
		p.skip(r.file.Rel+"/", "unread", interrupted)
		return
	case err != nil:
		p.skip(r.file.Rel+"/", "unread", err.Error())
		return
	}
	p.result.Coverage.Files++
	p.result.Coverage.Bytes += size
	p.skip(r.file.Rel+"/", "excluded", "the history of a repository: it was searched for known secrets alone; scan it with gitleaks git for others")
}
