package service

import (
	"bytes"
	"maps"
	"os"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/clawsecrets/clawsecrets/internal/secret"
)

// gatewayUnit begins the name of every gateway unit that the product writes
// (daemon/constants.js); nodeUnit is its node host, which is no gateway.
const (
	gatewayUnit = "clawdbot-gateway"
	nodeUnit    = "clawdbot-node.service"
)

// systemdSources returns the sources of every systemd unit that starts a gateway
// of this Home, and of the user's service manager where one of them is the
// user's.
func (q *EnvironmentQuery) systemdSources() []Source {
	var userDirs, systemDirs []string
	for _, dir := range q.systemdDirs() {
		if filepath.Base(dir) == "system" {
			systemDirs = append(systemDirs, dir)
		} else {
			userDirs = append(userDirs, dir)
		}
	}
	sources := q.unitSources(userDirs, q.userSpecifiers())
	if len(sources) > 0 {
		sources = append(sources, q.environmentDSources()...)
	}
	return append(sources, q.unitSources(systemDirs, Specifiers{System: true})...)
}

// unlisted returns the directories that are there but cannot be listed: a service
// in them may be of this Home. That it is one cannot be proven.
func (q *EnvironmentQuery) unlisted(kind string, dirs []string) []Source {
	var sources []Source
	for _, dir := range dirs {
		if _, err := os.ReadDir(dir); err != nil && !missing(err) && !q.Explicit {
			sources = append(sources, Source{Kind: kind, Path: dir, Unreadable: plainReason(err)})
		}
	}
	return sources
}

func (q *EnvironmentQuery) userSpecifiers() Specifiers {
	specifiers := Specifiers{Home: q.Home, UID: q.UID}
	if found, err := user.LookupId(strconv.Itoa(q.UID)); err == nil {
		specifiers.User = found.Username
	}
	return specifiers
}

func (q *EnvironmentQuery) unitSources(dirs []string, specifiers Specifiers) []Source {
	sources := q.unlisted(SourceUnit, dirs)
	for _, name := range gatewayUnits(dirs) {
		if unit, unread := loadUnit(name, dirs, specifiers); unit != nil {
			sources = append(sources, q.unitSource(unit, unread)...)
		}
	}
	return sources
}

// gatewayUnits returns the names of the units that may start a gateway: those
// named as the product names them, and others that speak of it. It cannot tell
// more without reading each as a unit.
func gatewayUnits(dirs []string) []string {
	var names []string
	for _, dir := range dirs {
		for _, name := range fileNames(dir, ".service") {
			if strings.HasPrefix(name, gatewayUnit) || name != nodeUnit && mentionsGateway(filepath.Join(dir, name)) {
				names = append(names, name)
			}
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func mentionsGateway(file string) bool {
	text, err := ReadFile(file)
	if err != nil || !bytes.Contains(text, []byte("clawdbot")) {
		return false
	}
	unit, _ := ParseUnit(file, text, Specifiers{})
	return isGatewayCommand(unit.ExecStart)
}

func (q *EnvironmentQuery) unitSource(unit *Unit, unread map[string]error) []Source {
	set, files, unreadFiles := unit.effective()
	maps.Copy(unread, unreadFiles)
	start := q.startOfUnit(unit, set)
	// Of a service that could not be read to its end it is not known what it starts.
	if !q.owns(start) && (q.Explicit || len(unread) == 0) {
		return nil
	}
	groups := newGroups(set, unread)
	var sources []Source
	for _, file := range slices.Backward(files) {
		sources = groups.take(sources, SourceEnvironmentFile, file)
	}
	for _, file := range slices.Backward(unit.DropIns) {
		sources = groups.take(sources, SourceDropIn, file)
	}
	sources = groups.take(sources, SourceUnit, unit.Path)
	sources = groups.rest(sources, SourceEnvironmentFile)
	for i := range sources {
		sources[i].System = unit.specifiers.System
	}
	if unit.WorkingDirectory.Unknown {
		return append(sources, Source{
			Kind: SourceWorkingDirectory, Path: unit.Path,
			Unreadable: "its WorkingDirectory= depends on what only systemd knows; write the path out",
		})
	}
	return append(sources, workingDirectorySource(start.dir, 0)...)
}

// startOfUnit says how the unit starts its gateway. A user's service begins in
// the home directory, one of the system in the root (systemd.exec(5)).
func (q *EnvironmentQuery) startOfUnit(unit *Unit, set map[string]Assignment) start {
	values, unknown := known(set)
	s := start{
		home: q.Home, args: unit.ExecStart, unitName: unit.Name, unknown: unknown,
		dir: q.Home, environment: []map[string]secret.Value{values},
	}
	if unit.specifiers.System {
		s.home, s.dir = systemHome(unit.User), "/"
		s.proven = true
	}
	if home := values["HOME"].Reveal(); home != "" {
		s.home, s.proven = home, true
	}
	if dir := unit.WorkingDirectory; dir.Unknown {
		s.dir = ""
	} else if dir.Text != "" {
		s.dir = dir.Text
	}
	return s.withWorkingDirectory()
}

func systemHome(name string) string {
	if found, err := user.Lookup(name); name != "" && err == nil {
		return found.HomeDir
	}
	return "/root"
}

// environmentDSources returns what the user's service manager itself is given
// (environment.d(5)), strongest first. A value that is built from other variables
// is not known.
func (q *EnvironmentQuery) environmentDSources() []Source {
	var sources []Source
	dirs := []string{filepath.Join(q.Home, ".config/environment.d")}
	if q.SystemdDirs == nil {
		dirs = append(dirs, "/etc/environment.d")
	}
	files := map[string]string{}
	for _, dir := range slices.Backward(dirs) {
		for _, name := range fileNames(dir, ".conf") {
			files[name] = filepath.Join(dir, name)
		}
	}
	for _, name := range slices.Backward(slices.Sorted(maps.Keys(files))) {
		file := files[name]
		data, err := ReadFile(file)
		set, err := parseIfRead(file, data, err)
		for name, assignment := range set {
			if strings.Contains(assignment.Value.Reveal(), "$") {
				assignment.Unknown = true
				set[name] = assignment
			}
		}
		unread := map[string]error{}
		if err != nil {
			unread[file] = err
		}
		sources = newGroups(set, unread).take(sources, SourceEnvironmentD, file)
	}
	return sources
}
