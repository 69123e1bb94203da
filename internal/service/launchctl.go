package service

import (
	"context"
	"errors"
	"os/exec"
	"strings"
	"time"

	"github.com/clawsecrets/clawsecrets/internal/secret"
)

// launchctlLimit is for one question: it answers in milliseconds.
const launchctlLimit = 2 * time.Second

// LaunchctlGetenv returns what "launchctl setenv" has given to every process that
// launchd starts for the user, of the variables asked for: one [Source] of kind
// [SourceLaunchctl], or none where none of them is set. It is none on other systems
// than macOS.
//
// launchd does not list its variables, hence the names, and its answer is the same for
// one that is set to nothing and one that is not set. It answers for the user who asks.
// Where it does not answer within two seconds, or says that it cannot, the source is
// unreadable.
func LaunchctlGetenv(ctx context.Context, names []string) []Source {
	return launchctlSources(names, launchctlQuestion(ctx))
}

// launchctlSources asks for each name, and no more after an error.
func launchctlSources(names []string, getenv func(name string) (string, error)) []Source {
	if getenv == nil {
		return nil
	}
	source := Source{Kind: SourceLaunchctl, Values: map[string]secret.Value{}}
	for _, name := range names {
		if !validName(name) {
			continue
		}
		value, err := getenv(name)
		if err != nil {
			source.Unreadable = err.Error()
			break
		}
		if value != "" {
			source.Values[name] = secret.New(value)
		}
	}
	if len(source.Values) == 0 && source.Unreadable == "" {
		return nil
	}
	return []Source{source}
}

// askLaunchctl runs "getenv NAME" without an environment and returns what it says
// without the line end, "" for a variable that is not set.
func askLaunchctl(ctx context.Context, program, name string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, launchctlLimit)
	defer cancel()
	cmd := exec.CommandContext(ctx, program, "getenv", name)
	cmd.Env = []string{}
	cmd.WaitDelay = time.Second
	out, err := cmd.Output()
	var exit *exec.ExitError
	switch {
	case ctx.Err() != nil:
		return "", errors.New(program + " does not answer")
	case errors.As(err, &exit) && len(out) == 0 && len(exit.Stderr) == 0:
		return "", nil // so it says in some versions that the variable is not set
	case err != nil:
		return "", errors.New(program + " getenv has failed")
	}
	return strings.TrimSuffix(string(out), "\n"), nil
}
