package service

import (
	"errors"
	"maps"
	"slices"
	"strconv"

	"github.com/clawsecrets/clawsecrets/internal/secret"
)

// The kinds of a [Source].
const (
	SourceProcess          = "process"
	SourceUnit             = "unit"
	SourceDropIn           = "drop-in"
	SourceEnvironmentFile  = "environment file"
	SourceEnvironmentD     = "environment.d file"
	SourcePlist            = "plist"
	SourceWorkingDirectory = "working directory .env"
	SourceServiceEnv       = "service-env file"
	SourceLaunchctl        = "launchctl environment"
)

// Source is a place that sets variables for the gateway before it loads the .env
// of its state directory, which overrides none of them (infra/dotenv.js).
type Source struct {
	Kind string // one of the constants above
	Path string // the file; "" of launchctl and of a process, or the lock that could not be read
	Line int    // where it could not be read, 0 if that is not one line
	PID  int    // of a process, and of the working directory of one
	// System is set for a file of the system's service manager, where the others are
	// of the user's.
	System bool
	Label  string // of a plist: the name that launchd knows its service by
	// Values are the variables it sets. One that is set to nothing is present, and
	// keeps the state directory's .env from setting it.
	Values map[string]secret.Value
	// Lines says where each of Values is set, 1-based; nil where it is no file.
	Lines map[string]int
	// UnknownNames are variables it sets to something that only a service manager
	// knows. They are not among Values.
	UnknownNames []string
	// Unreadable says why it could not be read, or not to its end: any variable may
	// then be set here. "" if it was.
	Unreadable string
}

// Name returns what to call the source in a message.
func (s Source) Name() string {
	switch {
	case s.Kind == SourceProcess && s.PID > 0:
		return "process " + strconv.Itoa(s.PID)
	case s.Line > 0:
		return s.Path + ":" + strconv.Itoa(s.Line)
	case s.Path == "":
		return s.Kind
	}
	return s.Path
}

// Where returns what to call the place that sets the variable: file and line.
func (s Source) Where(variable string) string {
	if line := s.Lines[variable]; line > 0 && s.Path != "" {
		return s.Path + ":" + strconv.Itoa(line)
	}
	return s.Name()
}

// MayHold reports whether the source sets the variable to something unknown.
func (s Source) MayHold(variable string) bool {
	return s.Unreadable != "" || slices.Contains(s.UnknownNames, variable)
}

// known splits assignments into values and the names whose value is not known.
func known(set map[string]Assignment) (values map[string]secret.Value, unknown []string) {
	values = map[string]secret.Value{}
	for _, name := range slices.Sorted(maps.Keys(set)) {
		if set[name].Unknown {
			unknown = append(unknown, name)
		} else {
			values[name] = set[name].Value
		}
	}
	return values, unknown
}

// groups is a set of assignments by the file that each comes from, with the files
// that could not be read.
type groups struct {
	set    map[string]map[string]Assignment
	unread map[string]error
}

func newGroups(set map[string]Assignment, unread map[string]error) *groups {
	g := &groups{map[string]map[string]Assignment{}, maps.Clone(unread)}
	for name, assignment := range set {
		if g.set[assignment.Path] == nil {
			g.set[assignment.Path] = map[string]Assignment{}
		}
		g.set[assignment.Path][name] = assignment
	}
	return g
}

// take appends the source that a file is, once: also one that sets nothing, since
// that it exists is worth knowing.
func (g *groups) take(sources []Source, kind, file string) []Source {
	source := Source{Kind: kind, Path: file, Lines: map[string]int{}}
	source.Line, source.Unreadable = whyUnread(g.unread[file])
	source.Values, source.UnknownNames = known(g.set[file])
	for name := range source.Values {
		source.Lines[name] = g.set[file][name].Line
	}
	delete(g.set, file)
	delete(g.unread, file)
	return append(sources, source)
}

func whyUnread(err error) (line int, why string) {
	var syntax *ServiceFileError
	switch {
	case err == nil:
		return 0, ""
	case errors.As(err, &syntax):
		return syntax.Line, syntax.Problem
	}
	return 0, err.Error()
}

// rest appends the files that could not be read and belong to nothing taken.
func (g *groups) rest(sources []Source, kind string) []Source {
	for _, file := range slices.Sorted(maps.Keys(g.unread)) {
		sources = g.take(sources, kind, file)
	}
	return sources
}
