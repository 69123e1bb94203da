package gateway

import (
	"path/filepath"
	"slices"
	"strings"

	"github.com/clawsecrets/clawsecrets/internal/dotenv"
	"github.com/clawsecrets/clawsecrets/internal/secret"
	"github.com/clawsecrets/clawsecrets/internal/service"
)

// Env is the environment that the gateway resolves its config in: what its
// process or service sets, the .env of its working directory, the .env of the
// state directory. An earlier one beats a later one, also with an empty value
// (infra/dotenv.js, measured).
type Env struct {
	Sources []service.Source  // the gateway's own environment, first wins
	Dotenv  *dotenv.File      // <state>/.env, empty when there is none
	File    *File             // the .env as read, nil when there is none
	Running *service.Process  // the running gateway, nil when none was found
	extra   map[string]string // what a plan would add to the .env
}

// LoadEnv reads the gateway's environment and the state directory's .env.
func (v *View) LoadEnv() (*Env, error) {
	if v.outer == nil {
		sources, running, err := service.Environment(service.EnvironmentQuery{
			StateDir: v.Home.StateDir, ConfigPath: v.Home.ConfigPath,
			Home: v.Home.UserHome, Explicit: v.Home.Explicit,
		})
		if err != nil {
			return nil, err
		}
		v.outer = &outerEnv{v.withoutOwnDotenv(sources), running}
	}
	file, err := v.Read(v.Home.EnvPath(), "dotenv")
	if err != nil {
		return nil, err
	}
	env := &Env{Sources: v.outer.sources, File: file, Running: v.outer.running, Dotenv: dotenv.Parse(nil)}
	if file != nil {
		env.Dotenv = dotenv.Parse(file.Data)
	}
	return env, nil
}

// outerEnv is the part of the environment that lies outside the Home.
type outerEnv struct {
	sources []service.Source
	running *service.Process
}

// withoutOwnDotenv drops the state directory's own .env where it is that of the
// gateway's working directory: it is then read once. A service that reads it as an
// EnvironmentFile keeps its place: it reads by other rules, and what it makes of the
// file wins.
func (v *View) withoutOwnDotenv(sources []service.Source) []service.Source {
	return slices.DeleteFunc(sources, func(s service.Source) bool {
		return s.Kind == service.SourceWorkingDirectory && filepath.Clean(s.Path) == v.Home.EnvPath()
	})
}

// ReadByService returns the name of the service that reads the state directory's
// .env by its own rules, "" if none does.
func (e *Env) ReadByService(home *Home) string {
	for _, source := range e.Sources {
		if source.Kind == service.SourceEnvironmentFile && filepath.Clean(source.Path) == home.EnvPath() {
			return "the gateway's service"
		}
	}
	return ""
}

// With returns the environment as it would be with further variables in the
// state directory's .env.
func (e *Env) With(added map[string]string) *Env {
	copied := *e
	copied.extra = added
	return &copied
}

// Lookup returns what a reference to name would read. A name that is set but
// empty is found, and is "".
func (e *Env) Lookup(name string) (string, bool) {
	for _, source := range e.Sources {
		if value, ok := source.Values[name]; ok {
			return value.Reveal(), true
		}
	}
	if value, ok := e.extra[name]; ok {
		return value, true
	}
	return e.Dotenv.Get(name)
}

// Has reports whether name is set to something other than white space.
func (e *Env) Has(name string) bool {
	value, ok := e.Lookup(name)
	return ok && !blank(value)
}

// Holder is a place that sets a variable. Its value is the zero Value where it is
// empty or cannot be known.
type Holder struct {
	Where string // for a message: "/home/u/.config/systemd/user/x.service:12"
	Value secret.Value
}

// Holders returns every place that sets name, the state directory's .env last.
func (e *Env) Holders(name string) []Holder {
	var holders []Holder
	for _, source := range e.Sources {
		if value, ok := source.Values[name]; ok {
			holders = append(holders, Holder{source.Where(name), value})
		} else if source.MayHold(name) {
			holders = append(holders, Holder{Where: source.Where(name)})
		}
	}
	if value, ok := e.Dotenv.Get(name); ok {
		holders = append(holders, Holder{".env", secret.New(value)})
	}
	return holders
}

// Unknown returns why the gateway's environment is not fully known, "" if it is.
func (e *Env) Unknown() string {
	for _, source := range e.Sources {
		if source.Unreadable != "" {
			return source.Name() + " cannot be read: " + source.Unreadable
		}
	}
	return ""
}

func blank(s string) bool { return strings.TrimSpace(s) == "" }

func lower(s string) string { return strings.ToLower(strings.TrimSpace(s)) }
