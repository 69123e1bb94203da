package service

import (
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// loadUnit reads the unit name from the first of dirs that has it, with the
// drop-ins that apply to it. The map says why a file could not be read. A unit
// that is not there, or is masked, is nil.
func loadUnit(name string, dirs []string, specifiers Specifiers) (*Unit, map[string]error) {
	unread := map[string]error{}
	var unit *Unit
	for _, dir := range dirs {
		file := filepath.Join(dir, name)
		text, err := ReadFile(file)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if masked(file) {
			return nil, nil
		}
		if err != nil {
			unread[file] = err
		}
		if unit, err = ParseUnit(file, text, specifiers); err != nil {
			unread[file] = err
		}
		break
	}
	if unit == nil {
		return nil, nil
	}
	for _, file := range dropIns(name, dirs, unread) {
		text, err := ReadFile(file)
		if err == nil {
			err = unit.AddDropIn(file, text)
		}
		if err != nil {
			unread[file] = err
		}
	}
	return unit, unread
}

// dropIns returns the *.conf files that apply to a unit, in the order of their
// names, whatever directory they are in. Of two with one name the first in the
// order of [dropInDirs] counts; one that is masked hides the others.
func dropIns(name string, dirs []string, unread map[string]error) []string {
	chosen := map[string]string{}
	for _, part := range dropInDirs(name) {
		for _, dir := range dirs {
			dir = filepath.Join(dir, part)
			entries, err := os.ReadDir(dir)
			if err != nil && !errors.Is(err, fs.ErrNotExist) {
				unread[dir] = errors.New(plainReason(err))
			}
			for _, entry := range entries {
				if _, taken := chosen[entry.Name()]; !taken && strings.HasSuffix(entry.Name(), ".conf") {
					chosen[entry.Name()] = filepath.Join(dir, entry.Name())
				}
			}
		}
	}
	var files []string
	for _, base := range slices.Sorted(maps.Keys(chosen)) {
		if !masked(chosen[base]) {
			files = append(files, chosen[base])
		}
	}
	return files
}

// dropInDirs returns the names of the directories that hold drop-ins for a unit,
// the strongest first: its own, that of its template, those of each prefix that
// ends in a dash, and that of its type (systemd.unit(5)).
func dropInDirs(name string) []string {
	dirs := []string{name + ".d"}
	extension := filepath.Ext(name)
	base := strings.TrimSuffix(name, extension)
	if prefix, instance, ok := strings.Cut(base, "@"); ok && instance != "" {
		dirs = append(dirs, prefix+"@"+extension+".d")
	}
	prefix, _, _ := strings.Cut(base, "@")
	for {
		prefix = strings.TrimSuffix(prefix, "-")
		dash := strings.LastIndexByte(prefix, '-')
		if dash <= 0 {
			break
		}
		prefix = prefix[:dash+1]
		dirs = append(dirs, prefix+extension+".d")
	}
	return append(dirs, strings.TrimPrefix(extension, ".")+".d")
}

// masked reports whether a unit file or drop-in is switched off: empty, or a link
// to /dev/null.
func masked(file string) bool {
	info, err := os.Stat(file)
	if err != nil {
		return false
	}
	return info.Mode().IsRegular() && info.Size() == 0 || info.Mode()&fs.ModeCharDevice != 0
}

// effective returns what the service is started with: Environment=, then the
// environment files over it, then without what is unset. Files are in the order
// they were read; the map says why one could not be.
func (u *Unit) effective() (set map[string]Assignment, files []string, unread map[string]error) {
	set, unread = maps.Clone(u.Environment), map[string]error{}
	for _, named := range u.EnvironmentFiles {
		if named.Pattern.Unknown {
			unread[named.Path] = &ServiceFileError{named.Path, named.Line, "EnvironmentFile= depends on what only systemd knows; write the path out"}
			continue
		}
		matches, err := filepath.Glob(named.Pattern.Text)
		if err != nil || matches == nil {
			matches = []string{named.Pattern.Text}
		}
		for _, file := range matches {
			data, err := ReadFile(file)
			missing := errors.Is(err, fs.ErrNotExist)
			if missing && strings.ContainsAny(file, "*?[") {
				continue
			}
			files = append(slices.DeleteFunc(files, func(f string) bool { return f == file }), file)
			if missing {
				continue // named all the same: it may be made before the service starts
			}
			read, err := parseIfRead(file, data, err)
			if err != nil {
				unread[file] = err
			}
			maps.Copy(set, read)
		}
	}
	set = u.fromManager(set)
	u.removeUnset(set)
	return set, files, unread
}

func parseIfRead(file string, data []byte, err error) (map[string]Assignment, error) {
	if err != nil {
		return nil, err
	}
	return ParseEnvironmentFile(file, data)
}
