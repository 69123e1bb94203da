package scan

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/clawsecrets/clawsecrets/internal/gateway"
	"github.com/clawsecrets/clawsecrets/internal/gitobjects"
)

// dotGit takes what a .git stands for: the history of its repository, which may lie elsewhere
// where it is a link, or the file that a worktree or a submodule has; and the files that git
// keeps beside its objects, such as its config, hooks and logs, which are text. left says why
// the history is left out where nothing is known to look for.
func (p *places) dotGit(name, shown, left string, place gateway.Place) {
	gitDir, ok := gitobjects.Repository(filepath.Dir(name))
	dir := isDir(name)
	switch {
	case ok:
		if !p.repository(gitDir, name, shown, left) {
			p.leaveOut(shown, dir, left)
		}
	case hasObjects(name):
		p.isNew(filepath.Join(name, "objects"))
		p.skip(shown+"/", "unread", "a repository that git does not read, without HEAD or refs: run \"git status\" there to see why")
	default:
		p.noRepository(name, shown, dir)
	}
	if place.Action != string(Keep) { // it is git's, whatever lies around it
		place = gateway.Place{Surface: "unknown", Action: string(Keep)}
	}
	always := func(string) gateway.Place { return place }
	// When all else is taken: a submodule has its own name for what lies in this one.
	p.links = append(p.links, func() {
		if dir {
			p.walk(name, shown, always)
		}
		if real, err := filepath.EvalSymlinks(gitDir); ok && err == nil && !dir {
			p.walk(real, real, always)
		}
	})
}

// noRepository says why there is no history to search.
func (p *places) noRepository(name, shown string, dir bool) {
	_, err := os.Stat(name)
	switch {
	case dir:
		p.leaveOut(shown, dir, "no repository: there are no objects in it; its files were searched")
	case err != nil:
		p.skip(shown, "unread", "a symbolic link that leads nowhere")
	default:
		p.skip(shown, "unread", "it leads to no repository that can be read: its history was not searched")
	}
}

// bare takes the history of a folder that is a repository itself.
func (p *places) bare(name, shown string) { p.repository(name, name, shown, "") }

// hasObjects reports whether a .git holds objects, or may do so.
func hasObjects(name string) bool {
	entries, err := os.ReadDir(filepath.Join(name, "objects"))
	return len(entries) > 0 || err != nil && errors.Is(err, fs.ErrPermission)
}

func isDir(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.IsDir()
}
