package service

import (
	"cmp"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/clawsecrets/clawsecrets/internal/secret"
)

// start is how a service or a process starts a gateway, as far as it decides
// which state directory and config it takes.
type start struct {
	home     string   // os.homedir() for it
	proven   bool     // home is known, not assumed
	dir      string   // working directory, "" when unknown
	args     []string // its command
	unitName string   // the profile may show in it, "" for a process
	unknown  []string // variables that are set to something unknown

	environment []map[string]secret.Value // an earlier one beats a later
}

func (q *EnvironmentQuery) startOfProcess(process Process) start {
	s := start{home: q.Home, dir: process.Dir, args: process.Args, environment: []map[string]secret.Value{process.Environ}}
	if home := process.Environ["HOME"].Reveal(); home != "" {
		s.home, s.proven = home, true
	}
	return s.withWorkingDirectory()
}

// withWorkingDirectory adds the .env of the working directory, which the product
// loads before it asks where its state directory is.
func (s start) withWorkingDirectory() start {
	if s.dir == "" {
		return s
	}
	if source, found := dotenvSource(SourceWorkingDirectory, filepath.Join(s.dir, ".env")); found {
		s.environment = append(slices.Clip(s.environment), source.Values)
	}
	return s
}

// owns reports whether what is started is a gateway of this Home: it takes this
// state directory, and so its .env, or this config. Where the query is explicit
// it has to be known to, not only likely.
func (q *EnvironmentQuery) owns(s start) bool {
	state, config, proven := q.resolve(s)
	if samePath(state, q.StateDir) || samePath(config, q.ConfigPath) {
		return proven || !q.Explicit
	}
	// Constants that the product computes while it is loaded do not see the
	// working directory's .env, so that one gateway may use two directories.
	if len(s.environment) > 1 {
		s.environment = s.environment[:1]
		return q.owns(s)
	}
	if q.Explicit {
		return false
	}
	for _, name := range []string{"CLAWDBOT_STATE_DIR", "CLAWDBOT_CONFIG_PATH", "HOME"} {
		if slices.Contains(s.unknown, name) {
			return true
		}
	}
	// Of a unit that names its profile and nothing else it is not certain which
	// state directory was meant.
	return state == defaultStateDir(s.home, "") && samePath(defaultStateDir(s.home, unitProfile(s.unitName)), q.StateDir)
}

// resolve returns the state directory and the config that are taken
// (config/paths.js, cli/profile.js), and whether that is beyond doubt.
func (q *EnvironmentQuery) resolve(s start) (state, config string, proven bool) {
	stateValue, configValue := s.value("CLAWDBOT_STATE_DIR"), s.value("CLAWDBOT_CONFIG_PATH")
	profile := argsProfile(s.args)
	state = s.path(stateValue)
	if stateValue == "" {
		state = defaultStateDir(s.home, profile)
	}
	config = s.path(configValue)
	if configValue == "" {
		config = filepath.Join(state, "clawdbot.json")
	}
	return state, config, s.proven || stateValue != "" || configValue != ""
}

// value returns a variable, trimmed as the product does: blank is as good as unset.
func (s start) value(name string) string {
	for _, layer := range s.environment {
		if value, ok := layer[name]; ok {
			return strings.TrimSpace(value.Reveal())
		}
	}
	return ""
}

// path resolves a path as the product does: "~" is the home directory at the
// start of a path and alone only, and a relative path begins where it is started.
func (s start) path(value string) string {
	switch {
	case value == "":
		return ""
	case value == "~" || strings.HasPrefix(value, "~/"):
		return filepath.Join(s.home, value[1:])
	case filepath.IsAbs(value):
		return filepath.Clean(value)
	}
	return filepath.Join(cmp.Or(s.dir, s.home), value)
}

func defaultStateDir(home, profile string) string {
	if profile == "" || strings.EqualFold(profile, "default") {
		return filepath.Join(home, ".clawdbot")
	}
	return filepath.Join(home, ".clawdbot-"+profile)
}

// argsProfile returns the profile that a command line names before its command,
// "" if none (parseCliProfileArgs of cli/profile.js).
func argsProfile(args []string) string {
	profile := ""
	for i := 1; i < len(args); i++ {
		switch arg := args[i]; {
		case arg == "gateway":
			return profile
		case arg == "--dev":
			profile = "dev"
		case arg == "--profile" && i+1 < len(args):
			profile = strings.TrimSpace(args[i+1])
			i++
		case strings.HasPrefix(arg, "--profile="):
			profile = strings.TrimSpace(strings.TrimPrefix(arg, "--profile="))
		}
	}
	return profile
}

// unitProfile returns the profile in the name of a unit, "" if it has none.
func unitProfile(name string) string {
	profile, ok := strings.CutPrefix(strings.TrimSuffix(name, ".service"), gatewayUnit+"-")
	if !ok {
		return ""
	}
	return profile
}

// samePath reports whether two paths name the same file, whatever symlinks lead
// there.
func samePath(a, b string) bool {
	if a == "" || b == "" {
		return false
	}
	if filepath.Clean(a) == filepath.Clean(b) {
		return true
	}
	one, err := os.Stat(a)
	if err != nil {
		return false
	}
	other, err := os.Stat(b)
	return err == nil && os.SameFile(one, other)
}
