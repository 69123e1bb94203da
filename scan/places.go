package scan

import (
	"context"
	"path/filepath"

	"github.com/clawsecrets/clawsecrets/internal/gateway"
	"github.com/clawsecrets/clawsecrets/internal/search"
)

// places collects the files to read.
type places struct {
	*scanner
	ctx   context.Context
	real  map[string]bool // what was taken: files and directories, symbolic links resolved
	links []func()        // symbolic links, followed when all that has a name of its own is taken
	read  []*gateway.File // by the names of their keys
	files []search.File   // to be searched
	found []*gateway.File // as files
	place []gateway.Place // as files
	bytes int64
	met   []pathName // all that walks have come across

	packed       []packed // archives, it may be
	repositories []repository
}

func newPlaces(ctx context.Context, s *scanner) *places {
	return &places{scanner: s, ctx: ctx, real: map[string]bool{}}
}

// isNew reports whether a file or directory has not been taken yet under this or another
// name, and takes it.
func (p *places) isNew(name string) bool {
	real, err := filepath.EvalSymlinks(name)
	if err != nil {
		return true // reading it says why that is not possible
	}
	taken := p.real[real]
	p.real[real] = true
	return !taken
}

// isTaken reports whether a file was taken.
func (p *places) isTaken(name string) bool {
	real, err := filepath.EvalSymlinks(name)
	return err == nil && p.real[real]
}

// excepted names the files in which rules of gitleaks would have found something, had its
// allow-lists not excepted their paths.
func (p *places) excepted() {
	for i, file := range p.files {
		if file.Place.Excepted() {
			p.skip(p.found[i].Rel, "excluded", "gitleaks' rules leave out files of that name; ours were applied")
		}
	}
}
