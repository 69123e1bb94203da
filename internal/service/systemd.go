package service

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/clawsecrets/clawsecrets/internal/secret"
)

// Unit is what a systemd service unit and its drop-ins say about the environment
// of the service. It holds what systemd would set, not what the product meant to
// write: the two differ, because the product quotes by a rule of its own
// (daemon/systemd-unit.js). Lines that systemd ignores are ignored.
type Unit struct {
	Name    string   // the unit's file name
	Path    string   // the unit file
	DropIns []string // in the order systemd applies them

	Environment      map[string]Assignment // Environment=
	EnvironmentFiles []EnvironmentFile     // EnvironmentFile=, later ones win, all beat Environment=
	PassEnvironment  []string              // names taken over from the service manager
	UnsetEnvironment []string              // names, or NAME=value pairs, removed last of all

	WorkingDirectory Expanded // zero when the unit does not set one
	ExecStart        []string // the first command; may hold a secret, never print it
	User             string   // User=, "" in a user's own unit

	specifiers Specifiers
}

// Assignment is one variable and where it is set.
type Assignment struct {
	Value secret.Value // zero is set to nothing, which is not the same as unset
	// Unknown is set when the value depends on something that only the service
	// manager knows; Value is zero then.
	Unknown bool
	Path    string // the file
	Line    int    // 1-based
}

// Expanded is a text with its specifiers expanded; where Unknown is set, Text is
// as it was written, because only the service manager knows what it expands to.
type Expanded struct {
	Text    string
	Unknown bool
}

// EnvironmentFile is one EnvironmentFile= of a unit.
type EnvironmentFile struct {
	Pattern  Expanded // an absolute path, which may be a glob
	Optional bool     // written with a leading "-": may be missing
	Path     string   // the file that names it
	Line     int      // 1-based
}

// ServiceFileError says from which line on a unit file, a drop-in or a property
// list is refused by the program that reads it, or where a file of a service cannot
// be changed.
type ServiceFileError struct {
	Path    string
	Line    int // 1-based, 0 where it is the file as a whole
	Problem string
}

// Error names file, line and problem, and never what the file holds.
func (e *ServiceFileError) Error() string {
	if e.Line == 0 {
		return e.Path + ": " + e.Problem
	}
	return fmt.Sprintf("%s:%d: %s", e.Path, e.Line, e.Problem)
}

// ParseUnit reads a unit file as systemd.syntax(7) and systemd.exec(5) say. The
// unit is never nil: with a *ServiceFileError it holds what came before that line.
func ParseUnit(file string, text []byte, specifiers Specifiers) (*Unit, error) {
	unit := &Unit{
		Name: path.Base(strings.ReplaceAll(file, `\`, "/")), Path: file,
		Environment: map[string]Assignment{}, specifiers: specifiers,
	}
	if specifiers.Unit == "" {
		unit.specifiers.Unit = unit.Name
	}
	return unit, unit.apply(file, text)
}

// AddDropIn applies a drop-in over what has been read so far. As in systemd, what
// comes before a line that fails has been applied.
func (u *Unit) AddDropIn(file string, text []byte) error {
	u.DropIns = append(u.DropIns, file)
	return u.apply(file, text)
}

func (u *Unit) apply(file string, text []byte) error {
	for entry, err := range unitEntries(text) {
		if err != nil {
			return &ServiceFileError{file, entry.line.number, err.Error()}
		}
		if entry.section == "Service" {
			u.set(entry.key, entry.value, file, entry.line.number)
		}
	}
	return nil
}

func (u *Unit) set(key, value, file string, line int) {
	switch key {
	case "Environment":
		u.setEnvironment(value, file, line)
	case "EnvironmentFile":
		u.addEnvironmentFile(value, file, line)
	case "PassEnvironment":
		u.PassEnvironment = u.appendNames(u.PassEnvironment, value)
	case "UnsetEnvironment":
		u.UnsetEnvironment = u.appendNames(u.UnsetEnvironment, value)
	case "WorkingDirectory":
		u.setWorkingDirectory(value)
	case "ExecStart":
		u.addExecStart(value)
	case "User":
		if user, ok := u.specifiers.expand(value); ok && !user.Unknown {
			u.User = user.Text
		}
	}
}

func (u *Unit) setEnvironment(value, file string, line int) {
	if value == "" {
		clear(u.Environment)
		return
	}
	words, _ := unitWords(value)
	for _, word := range words {
		if name, set, ok := u.specifiers.assignment(word.text); ok {
			set.Path, set.Line = file, line
			u.Environment[name] = set
		}
	}
}

// assignment returns what a word of Environment= sets, false for one that systemd
// ignores.
func (s Specifiers) assignment(word string) (name string, set Assignment, ok bool) {
	expanded, ok := s.expand(word)
	name, text, found := strings.Cut(expanded.Text, "=")
	if !ok || !found || !validName(name) || !validUTF8(text) {
		return "", Assignment{}, false
	}
	if !expanded.Unknown {
		set.Value = secret.New(text)
	}
	set.Unknown = expanded.Unknown
	return name, set, true
}

func (u *Unit) addEnvironmentFile(value, file string, line int) {
	if value == "" {
		u.EnvironmentFiles = nil
		return
	}
	pattern, ok := u.specifiers.expand(value)
	if !ok {
		return
	}
	added := EnvironmentFile{Path: file, Line: line}
	pattern.Text, added.Optional = strings.CutPrefix(pattern.Text, "-")
	if !pattern.Unknown {
		if !path.IsAbs(pattern.Text) {
			return
		}
		pattern.Text = path.Clean(pattern.Text)
	}
	added.Pattern = pattern
	u.EnvironmentFiles = append(u.EnvironmentFiles, added)
}

func (u *Unit) appendNames(names []string, value string) []string {
	if value == "" {
		return nil
	}
	names = slices.Clip(names)
	words, _ := unitWords(value)
	for _, word := range words {
		// A name that cannot be known unsets nothing here: the variable counts as held.
		if name, ok := u.specifiers.expand(word.text); ok && !name.Unknown {
			names = append(names, name.Text)
		}
	}
	return names
}

// setWorkingDirectory takes a quoted path for the path: systemd refuses the unit
// then, but the product writes one where its path has an "s" in it and reads it
// back so.
func (u *Unit) setWorkingDirectory(value string) {
	value = strings.TrimPrefix(value, "-")
	if len(value) > 1 && value[0] == '"' && value[len(value)-1] == '"' {
		value = value[1 : len(value)-1]
	}
	if value == "~" {
		u.WorkingDirectory = Expanded{u.specifiers.Home, u.specifiers.Home == ""}
		return
	}
	if dir, ok := u.specifiers.expand(value); ok {
		u.WorkingDirectory = dir
	}
}

func (u *Unit) addExecStart(value string) {
	if value == "" {
		u.ExecStart = nil
		return
	}
	if len(u.ExecStart) > 0 {
		return
	}
	value = strings.TrimLeft(value, "@-:+!|")
	words, _ := unitWords(value)
	for _, word := range words {
		if word.text == ";" {
			return
		}
		if arg, ok := u.specifiers.expand(word.text); ok {
			u.ExecStart = append(u.ExecStart, arg.Text)
		}
	}
}

// removeUnset deletes from set what UnsetEnvironment= names: NAME always,
// NAME=value where the value is that one.
func (u *Unit) removeUnset(set map[string]Assignment) {
	for _, unset := range u.UnsetEnvironment {
		name, value, pair := strings.Cut(unset, "=")
		held, ok := set[name]
		if ok && (!pair || !held.Unknown && held.Value.Equal(secret.New(value))) {
			delete(set, name)
		}
	}
}

// fromManager returns a copy of set in which the names that only the service
// manager can tell are marked as unknown.
func (u *Unit) fromManager(set map[string]Assignment) map[string]Assignment {
	set = maps.Clone(set)
	for _, name := range u.PassEnvironment {
		if _, ok := set[name]; !ok && validName(name) {
			set[name] = Assignment{Unknown: true, Path: u.Path}
		}
	}
	return set
}
