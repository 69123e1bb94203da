//go:build linux

package faulttest

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/clawsecrets/clawsecrets/internal/durable"
)

// folder is where the program keeps what is its own, in the state directory.
const folder = "clawsecrets"

// entry is a file or directory: its mode, with the type, and what a file holds.
type entry struct {
	mode fs.FileMode
	data string
}

// tree is a directory by the names in it, relative to it; "." is the directory.
type tree map[string]entry

func readTree(dir string) (tree, error) {
	t := tree{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, _ := filepath.Rel(dir, path)
		info, err := d.Info()
		if err != nil {
			return err
		}
		e := entry{mode: info.Mode()}
		if e.mode.IsRegular() {
			data, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			e.data = string(data)
		}
		t[name] = e
		return nil
	})
	return t, err
}

// write makes dir this tree and nothing else. Directories come before what is in
// them, since names sort that way.
func (t tree) write(dir string) error {
	if err := os.RemoveAll(dir); err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(t)) {
		e, path := t[name], filepath.Join(dir, name)
		var err error
		if e.mode.IsDir() {
			err = os.Mkdir(path, 0o700)
		} else {
			err = os.WriteFile(path, []byte(e.data), 0o600)
		}
		if err = errors.Join(err, os.Chmod(path, e.mode.Perm())); err != nil {
			return err
		}
	}
	return nil
}

// age makes the locks of the gateway in dir look as if nobody had held them for
// longer than the gateway waits before it takes over a lock.
func (t tree) age(dir string) error {
	long := time.Now().Add(-time.Minute)
	for name, e := range t {
		if e.mode.IsDir() && strings.HasSuffix(name, ".lock") {
			if err := os.Chtimes(filepath.Join(dir, name), long, long); err != nil {
				return err
			}
		}
	}
	return nil
}

var (
	stagingDir = regexp.MustCompile(`\.clawsecrets-[A-Z2-7]{8}\.tmp`)
	sealedFile = regexp.MustCompile(`/[0-9a-f]{32}\.[0-9a-f]{32}$`)
)

// normal returns the tree without what differs from run to run: the salt in names,
// and the process number in our lock file.
func (t tree) normal() tree {
	n := make(tree, len(t))
	for name, e := range t {
		name = stagingDir.ReplaceAllString(name, ".clawsecrets-SALT.tmp")
		name = sealedFile.ReplaceAllString(name, "/sealed")
		if name == folder+"/lock" {
			e.data = ""
		}
		n[name] = e
	}
	return n
}

func (t tree) String() string {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(t)) {
		fmt.Fprintf(&b, "%q %v %q\n", name, t[name].mode, t[name].data)
	}
	return b.String()
}

// differences names what differs between two trees, and how, without contents.
func (t tree) differences(other tree) []string {
	var found []string
	a, b := t.normal(), other.normal()
	for name, e := range a {
		switch o, there := b[name]; {
		case !there:
			found = append(found, name+" is missing")
		case o.mode != e.mode:
			found = append(found, fmt.Sprintf("%s has mode %v, not %v", name, o.mode, e.mode))
		case o.data != e.data:
			found = append(found, name+" has other bytes")
		}
	}
	for name := range b {
		if _, there := a[name]; !there {
			found = append(found, name+" is left over")
		}
	}
	slices.Sort(found)
	return found
}

// swept returns the tree without empty staging directories, and without our folder if
// nothing else is in it: what a run may leave to the next when it cannot remove it.
func (t tree) swept() tree {
	s := maps.Clone(t)
	for _, name := range slices.Backward(slices.Sorted(maps.Keys(t))) {
		if durable.IsStaging(filepath.Base(name)) || name == folder {
			if !s.hasEntries(name) {
				delete(s, name)
			}
		}
	}
	return s
}

func (t tree) hasEntries(dir string) bool {
	for name := range t {
		if filepath.Dir(name) == dir {
			return true
		}
	}
	return false
}

// ours reports whether a name belongs to the program or to a lock, and so may come and
// go while it runs.
func ours(name string) bool {
	if name == folder || strings.HasPrefix(name, folder+"/") || strings.HasSuffix(name, ".lock") {
		return true
	}
	return slices.ContainsFunc(strings.Split(name, "/"), durable.IsStaging)
}

// between says what in a tree is neither as in before nor as in after: every file has
// to be the one or the other, whole, with its mode; the old bytes may have the new mode,
// which is set first where it is tighter.
func (t tree) between(before, after tree) []string {
	var found []string
	for name, e := range t {
		was, inBefore := before[name]
		is, inAfter := after[name]
		switch {
		case ours(name):
		case !inBefore && !inAfter:
			found = append(found, name+" is left over")
		case !(inBefore && e == was) && !(inAfter && e == is) && !(inBefore && inAfter && e == entry{is.mode, was.data}):
			found = append(found, name+" is neither old nor new")
		}
	}
	for name := range before {
		_, stays := after[name]
		if _, there := t[name]; stays && !there && !ours(name) {
			found = append(found, name+" is gone")
		}
	}
	slices.Sort(found)
	return found
}

// exposed names what group or others can reach and read in a tree and could not in
// before. The state directory itself is taken for open: what is in it must not lean on
// its mode.
func (t tree) exposed(before tree) []string {
	var found []string
	for name := range t {
		if t.reachable(name)&^before.reachable(name) != 0 {
			found = append(found, fmt.Sprintf("%s can be read by others (%v)", name, t[name].mode))
		}
	}
	slices.Sort(found)
	return found
}

// reachable returns the read bits of group and others that count for a name: those
// for which every directory above it can be searched.
func (t tree) reachable(name string) fs.FileMode {
	bits := t[name].mode & 0o044
	for dir := filepath.Dir(name); dir != "."; dir = filepath.Dir(dir) {
		bits &= t[dir].mode & 0o011 << 2
	}
	return bits
}
