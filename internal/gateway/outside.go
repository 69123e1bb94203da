package gateway

import (
	"cmp"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
)

// OutsideQuery says whose files outside the state directory to look for.
type OutsideQuery struct {
	Home     *Home
	Resolved Resolved
	Env      *Env // of [View.LoadEnv]
	// Getenv is the environment of the person who runs us, nil for none. Of a Home that
	// was named it is not asked.
	Getenv func(string) string
	// LogDirs is where gateways log to, nil for the real places: each generation has one
	// fixed directory for all gateways of the machine (logging/logger.js).
	LogDirs []string
}

// OutsideFile is a file or directory outside the state directory in which the gateway,
// its agents or its owner leave the secrets of this Home.
type OutsideFile struct {
	Path    string // absolute, cleaned
	Link    string // where Path leads, "" when no symbolic link is on the way
	Dir     bool   // a directory, to be walked
	Surface Surface
	Action  string // as in [Place]
	Why     string // in one line, why it is looked at
	// Skip says why it is not read and what to do instead, "" if it is to be read.
	Skip string

	inside string // where a state directory would have the like of it
	state  string // the state directory, symlinks resolved
}

// Classify returns what a directory has at rel, a path relative to it with slashes: its
// rules are those of a state directory, which itself is left out where it lies within.
func (f *OutsideFile) Classify(rel string) Place {
	if filepath.Join(f.Real(), filepath.FromSlash(rel)) == f.state {
		return Place{Skip: "the state directory, which is read as such"}
	}
	place := Classify(cmp.Or(f.inside, "unknown") + "/" + rel)
	if place.Skip == "" && place.Surface == "unknown" {
		place.Surface, place.Action = f.Surface, f.Action
	}
	return place
}

// Real returns the path with its symbolic links resolved, which is where a directory is
// to be walked from.
func (f *OutsideFile) Real() string { return cmp.Or(f.Link, f.Path) }

// claim says how sure it is that a file belongs to the Home.
type claim int

const (
	proven claim = iota // a source of the gateway's environment
	named               // what the config or the gateway's environment names
	likely              // what a gateway of this person leaves or reads
)

// candidate is a path that may exist.
type candidate struct {
	path    string
	inside  string  // where a state directory would have the like of it
	surface Surface // "" for that of inside
	why     string
	claim   claim
	// shared is set for a directory that other users write to as well.
	shared bool
}

// Outside returns what lies outside the state directory and is to be scanned with it,
// sorted by path, each file once, and what was left out, with the reason. What does
// not exist is not returned, nor are included files, which [View.LoadConfig] reads.
// Nothing is opened: directories are listed.
//
// Of a Home that was named (Home.Explicit) only what is proven belongs to it. A path in
// its config is no proof: the config of a fixture or a copied Home names ~/clawd too,
// which is then the person's own. It is one once a service or process is known to start
// this very state directory, since that gateway does use the path. What all gateways
// and programs of a person share, such as the shell's history, is never proven.
func Outside(q OutsideQuery) []OutsideFile {
	o := &outside{OutsideQuery: q, live: starts(q.Env)}
	o.state = realPath(q.Home.StateDir)
	for _, c := range slices.Concat(
		o.services(), o.backups(), o.configured(), o.variables(), o.workspaces(), o.compose(), o.archives(), o.person(), o.fixed(), o.logs(),
	) {
		o.add(c)
	}
	files := slices.DeleteFunc(slices.Clone(o.files), o.withinAnother)
	slices.SortFunc(files, func(a, b OutsideFile) int { return strings.Compare(a.Path, b.Path) })
	return files
}

type outside struct {
	OutsideQuery
	live  bool   // a service or process is known to start this state directory
	state string // symlinks resolved
	files []OutsideFile
}

// add looks whether a candidate exists, and takes it unless it lies in the state
// directory or was taken under another name.
func (o *outside) add(c candidate) {
	info, err := os.Stat(c.path)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) {
		return
	}
	real := realPath(c.path)
	if within(o.state, real) {
		return
	}
	file := OutsideFile{Path: filepath.Clean(c.path), Surface: c.surface, Why: c.why, inside: c.inside, state: o.state}
	if real != file.Path {
		file.Link = real
	}
	if file.Surface == "" {
		file.Surface = Classify(c.inside).Surface
	}
	file.Action = defaultAction(file.Surface)
	if err == nil { // else reading it says why it cannot be read
		file.Dir = info.IsDir()
	}
	if file.Skip = o.unproven(c.claim); file.Skip == "" && err == nil {
		file.Skip = o.unfit(&file, c, info)
	}
	// A name under which a file is left out must not hide one under which it is read.
	switch i := slices.IndexFunc(o.files, func(f OutsideFile) bool { return f.Real() == real }); {
	case i < 0:
		o.files = append(o.files, file)
	case o.files[i].Skip != "" && file.Skip == "":
		o.files[i] = file
	}
}

// unproven returns why a candidate is left out of a Home that was named.
func (o *outside) unproven(c claim) string {
	switch {
	case !o.Home.Explicit || c == proven:
		return ""
	case c == likely:
		return "not proven to belong to the gateway that was named: pass its path to scan it"
	case !o.live:
		return "named by a config that nothing here is known to start a gateway with: pass its path to scan it"
	}
	return ""
}

// unfit returns why a file that belongs is not read all the same.
func (o *outside) unfit(file *OutsideFile, c candidate, info fs.FileInfo) string {
	switch {
	case file.Dir && within(file.Real(), realPath(o.Home.UserHome)):
		return "the whole home directory, or more: pass the folders in it to scan them"
	case !file.Dir && !info.Mode().IsRegular():
		return "not a regular file"
	case c.shared && !o.ownedByGateway(c.path):
		return "belongs to another user, or is a link in a directory that others write to"
	}
	return ""
}

// withinAnother reports whether a directory that is walked holds the file.
func (o *outside) withinAnother(file OutsideFile) bool {
	return slices.ContainsFunc(o.files, func(dir OutsideFile) bool {
		rel, err := filepath.Rel(dir.Real(), file.Real())
		return dir.Dir && dir.Skip == "" && err == nil && rel != "." && filepath.IsLocal(rel) &&
			dir.Classify(filepath.ToSlash(rel)).Skip == ""
	})
}

// within reports whether path is dir or lies in it; both have their symlinks resolved.
func within(dir, path string) bool {
	rel, err := filepath.Rel(dir, path)
	return err == nil && filepath.IsLocal(rel)
}

// realPath resolves symbolic links as far as that can be done.
func realPath(path string) string {
	if real, err := filepath.EvalSymlinks(path); err == nil {
		return real
	}
	return filepath.Clean(path)
}
