package scan

import (
	"cmp"
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"syscall"

	"github.com/clawsecrets/clawsecrets/internal/gateway"
	"github.com/clawsecrets/clawsecrets/internal/gitobjects"
)

// walk collects the files below a directory. They are shown with their path relative to it
// behind prefix; classify knows them by that path.
func (p *places) walk(root, prefix string, classify func(rel string) gateway.Place) {
	real, err := filepath.EvalSymlinks(root)
	if err != nil {
		p.skip(cmp.Or(prefix, root), "unread", cause(err))
		return
	}
	_ = filepath.WalkDir(real, func(name string, entry fs.DirEntry, err error) error {
		rel, _ := filepath.Rel(real, name)
		name = filepath.Join(root, rel)
		rel = filepath.ToSlash(rel)
		shown := path.Join(filepath.ToSlash(prefix), rel)
		place := classify(rel)
		if rel != "." {
			p.met = append(p.met, pathName{name, shown})
		}
		switch {
		case p.ctx.Err() != nil:
			return filepath.SkipAll
		case err != nil:
			p.skip(shown, "unread", cause(err))
		case rel != "." && place.Skip != "":
			if isRepository(rel) {
				p.dotGit(name, shown, place.Skip, classify(path.Join(path.Dir(rel), ".gitconfig")))
			} else {
				p.leaveOut(shown, entry.IsDir(), place.Skip)
			}
			if entry.IsDir() {
				return filepath.SkipDir
			}
		case entry.Type()&fs.ModeSymlink != 0:
			p.links = append(p.links, func() {
				p.link(name, shown, func(below string) gateway.Place { return classify(path.Join(rel, below)) })
			})
		case entry.IsDir():
			if !p.isNew(name) {
				return filepath.SkipDir // a loop of symbolic links, or a folder that two roots hold
			}
			if gitobjects.IsBare(name) {
				p.bare(name, shown)
			}
		default:
			p.file(name, shown, place)
		}
		return nil
	})
}

// link follows a symbolic link, to a file or to a directory.
func (p *places) link(name, shown string, classify func(rel string) gateway.Place) {
	info, err := os.Stat(name)
	switch {
	case err != nil:
		p.skip(shown, "unread", "a symbolic link that leads nowhere")
	case info.IsDir():
		p.walk(name, shown, classify)
	default:
		p.file(name, shown, classify("."))
	}
}

// follow follows the symbolic links that were met, and those that are met meanwhile.
func (p *places) follow() {
	for len(p.links) > 0 {
		links := p.links
		p.links = nil
		for _, link := range links {
			link()
		}
	}
}

func (p *places) leaveOut(shown string, dir bool, why string) {
	if dir {
		shown += "/"
	}
	p.skip(shown, "excluded", why)
}

// isRepository reports whether name is that of a directory in which git keeps a repository,
// or of the file or link that leads to one.
func isRepository(name string) bool { return filepath.Base(name) == ".git" }

// exists reports whether there is a file of that name, or may be one.
func exists(name string) bool {
	_, err := os.Stat(name)
	return err == nil || !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, syscall.ENOTDIR)
}
