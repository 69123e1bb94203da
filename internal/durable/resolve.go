package durable

import (
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// maxLinks is how many symbolic links a name may lead through, as on Linux.
const maxLinks = 40

var errTooManyLinks = errors.New("leads through too many symbolic links")

// resolve returns name without symbolic links. Links that stay inside are
// followed, absolute ones too, which os.Root would refuse; the owner of a link must
// be the owner of the directory, ourselves or root. What does not exist is
// kept as it is, so that the result may name a file to create.
//
// The answer may be stale when it is used. That costs a failed comparison, never
// an escape: what is opened is opened through os.Root all the same.
func (d *Dir) resolve(name string) (string, error) {
	if !filepath.IsLocal(filepath.FromSlash(name)) {
		return "", ErrEscapes
	}
	pending := strings.Split(filepath.ToSlash(name), "/")
	var done []string
	for links := 0; len(pending) > 0; {
		part := pending[0]
		pending = pending[1:]
		switch part {
		case "", ".":
			continue
		case "..":
			if len(done) == 0 {
				return "", ErrEscapes
			}
			done = done[:len(done)-1]
			continue
		}
		here := path.Join(append(done[:len(done):len(done)], part)...)
		info, err := d.root.Lstat(here)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return "", cause(err)
		}
		if err != nil || info.Mode().Type() != fs.ModeSymlink {
			done = append(done, part)
			continue
		}
		if links++; links > maxLinks {
			return "", errTooManyLinks
		}
		target, fromTop, err := d.readLink(here, info)
		if err != nil {
			return "", err
		}
		if fromTop {
			done = nil
		}
		pending = append(strings.Split(target, "/"), pending...)
	}
	if len(done) == 0 {
		return ".", nil
	}
	return path.Join(done...), nil
}

// readLink returns what a link points to, with slashes, and whether that counts from
// the directory itself rather than from where the link is.
func (d *Dir) readLink(name string, info fs.FileInfo) (target string, fromTop bool, err error) {
	if uid := statOf(info).uid; uid > 0 && uid != d.owner && uid != os.Geteuid() {
		return "", false, ErrOwner
	}
	target, err = d.root.Readlink(name)
	if err != nil {
		return "", false, cause(err)
	}
	if !filepath.IsAbs(target) {
		return filepath.ToSlash(target), false, nil
	}
	inside, err := filepath.Rel(d.path, target) // begins with .. if it is not
	if err != nil {
		return "", false, ErrEscapes
	}
	return filepath.ToSlash(inside), true, nil
}
