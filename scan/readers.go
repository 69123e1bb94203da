package scan

import (
	"io/fs"
	"os"
	"path/filepath"
	"runtime"

	"github.com/clawsecrets/clawsecrets/internal/gateway"
)

// Readers says who can read a file: "" where that is not known.
type Readers string

// The readers of a file. Each of them includes those before it.
const (
	Owner  Readers = "owner"
	Group  Readers = "group"
	Others Readers = "others"
)

// reach finds out who can read files, by the modes of a file and of every directory on the
// way to it: a file that everybody may read is read by nobody where they cannot get to it.
// Access control lists count as far as they show in the group's bits.
type reach struct {
	stat func(name string) (fs.FileInfo, error)
	dirs map[string]Readers // who gets into a directory, by its path without symbolic links
}

func newReach() *reach { return &reach{stat: os.Stat, dirs: map[string]Readers{}} }

// readers returns who can read a file.
func (r *reach) readers(file *gateway.File) Readers {
	if runtime.GOOS == "windows" || !filepath.IsAbs(file.Path) {
		return "" // modes say nothing there; a stream has none
	}
	readers := allowed(file.Mode, 0o040, 0o004)
	if readers == Owner {
		return Owner
	}
	real, err := filepath.EvalSymlinks(file.Path)
	if err != nil {
		real = file.Path // what is in the way of us need not be in theirs
	}
	return narrower(readers, r.into(filepath.Dir(real)))
}

// into returns who can open a file of a directory whose name they know.
func (r *reach) into(dir string) Readers {
	if readers, ok := r.dirs[dir]; ok {
		return readers
	}
	readers := Others
	if info, err := r.stat(dir); err == nil {
		readers = allowed(info.Mode(), 0o010, 0o001)
	}
	if parent := filepath.Dir(dir); parent != dir && readers != Owner {
		readers = narrower(readers, r.into(parent))
	}
	r.dirs[dir] = readers
	return readers
}

// allowed returns who has a permission, by its bits for the group and for others.
func allowed(mode fs.FileMode, group, others fs.FileMode) Readers {
	switch {
	case mode&others != 0:
		return Others
	case mode&group != 0:
		return Group
	}
	return Owner
}

// narrower returns the smaller circle of two.
func narrower(a, b Readers) Readers {
	switch {
	case a == Owner || b == Owner:
		return Owner
	case a == Group || b == Group:
		return Group
	}
	return Others
}
