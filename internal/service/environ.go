package service

import (
	"errors"
	"os"
	"path/filepath"

	"github.com/clawsecrets/clawsecrets/internal/dotenv"
	"github.com/clawsecrets/clawsecrets/internal/secret"
)

// EnvironmentQuery says whose environment to look for.
type EnvironmentQuery struct {
	StateDir, ConfigPath string // absolute, as the gateway is told them
	Home                 string // the home directory of the gateway's user
	// Explicit leaves out every service that is not proven to start this state
	// directory or config.
	Explicit bool
	UID      int // the gateway's user, 0 for the owner of the state directory

	// Where to look, "" or nil for the real places. A directory named "system" holds
	// units of the system's service manager, others a user's.
	SystemdDirs     []string
	LaunchAgentsDir string
	TmpDir          string
}

// Environment returns what sets variables for the gateway of this Home, and the
// gateway if one runs. The sources of one gateway stand together, an earlier one
// beats a later: the running process comes first, with its working directory's
// .env, then each service that would start it.
//
// What cannot be read is a Source that says so, not an error: an error means that
// the query itself makes no sense.
func Environment(q EnvironmentQuery) ([]Source, *Process, error) {
	if err := q.check(); err != nil {
		return nil, nil, err
	}
	sources, running := q.processSources()
	sources = append(sources, q.systemdSources()...)
	sources = append(sources, q.launchdSources()...)
	return append(sources, q.serviceEnvSources()...), running, nil
}

// processSources returns the sources of the gateways that run, and the first of
// them: one that holds the lock, else one whose own environment names this Home.
func (q *EnvironmentQuery) processSources() (sources []Source, running *Process) {
	seen := map[int]bool{}
	add := func(process Process) {
		if seen[process.PID] {
			return
		}
		seen[process.PID] = true
		if running == nil {
			running = &process
		}
		sources = append(sources, processSource(process))
		if process.Dir != "" {
			sources = append(sources, workingDirectorySource(process.Dir, process.PID)...)
		}
	}
	for _, tmp := range q.tmpDirs() {
		held, err := RunningByLock(tmp, q.UID, q.ConfigPath)
		var unread *LockError
		if errors.As(err, &unread) {
			sources = append(sources, Source{Kind: SourceProcess, Path: unread.Path, Unreadable: unread.Problem})
		}
		if held != nil {
			add(*held)
		}
	}
	if q.TmpDir != "" {
		return sources, running
	}
	for _, process := range gatewayProcesses(q.UID) {
		hidden := process.Unreadable != "" && !q.Explicit
		if hidden || q.owns(q.startOfProcess(process)) {
			add(process)
		}
	}
	return sources, running
}

func processSource(process Process) Source {
	return Source{Kind: SourceProcess, PID: process.PID, Values: process.Environ, Unreadable: process.Unreadable}
}

// workingDirectorySource returns the .env that the product loads before that of
// the state directory, none if there is no such file.
func workingDirectorySource(dir string, pid int) []Source {
	source, found := dotenvSource(SourceWorkingDirectory, filepath.Join(dir, ".env"))
	if !found {
		return nil
	}
	source.PID = pid
	return []Source{source}
}

// serviceEnvSources returns the files that a later product generates beside its
// service, inside the state directory: what they hold is a copy of .env that
// beats it.
func (q *EnvironmentQuery) serviceEnvSources() []Source {
	var sources []Source
	dir := filepath.Join(q.StateDir, "service-env")
	for _, name := range fileNames(dir, ".env") {
		if source, found := dotenvSource(SourceServiceEnv, filepath.Join(dir, name)); found {
			sources = append(sources, source)
		}
	}
	return sources
}

// dotenvSource reads a file in npm dotenv's grammar; false if there is none.
func dotenvSource(kind, file string) (Source, bool) {
	source := Source{Kind: kind, Path: file, Values: map[string]secret.Value{}, Lines: map[string]int{}}
	data, err := ReadFile(file)
	if missing(err) {
		return source, false
	}
	if err != nil {
		source.Unreadable = err.Error()
		return source, true
	}
	for _, entry := range dotenv.Parse(data).Entries() {
		source.Values[entry.Name] = secret.New(entry.Value)
		source.Lines[entry.Name] = entry.Line
	}
	return source, true
}

func (q *EnvironmentQuery) check() error {
	for _, path := range []string{q.StateDir, q.ConfigPath, q.Home} {
		if !filepath.IsAbs(path) {
			return errors.New("the state directory, the config and the home directory have to be absolute paths")
		}
	}
	if q.UID == 0 {
		q.UID = os.Getuid()
		if owner, ok := FileOwner(q.StateDir); ok {
			q.UID = owner
		}
	}
	return nil
}
