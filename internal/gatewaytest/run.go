package gatewaytest

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/base64"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

const runLimit = 3 * time.Minute

//go:embed offline.mjs
var offlineModule []byte

//go:embed commands.mjs
var commandsModule string

// RunOptions says how a command of the product differs from the plain one. The
// zero RunOptions is the plain one: the minimal environment, the home directory
// as working directory, an empty standard input.
type RunOptions struct {
	// Env holds further KEY=value entries; they win over those of the minimal
	// environment. TMPDIR is one to think of: it decides where the gateway's lock
	// file is.
	Env   []string
	Dir   string // working directory, whose .env the product reads; "" is Home.Dir
	Stdin string
}

// Result is what a finished command left.
type Result struct {
	Stdout, Stderr string
	Code           int // exit status, -1 when a signal ended it
}

// Run runs one command of the product to its end and returns what it wrote. An
// exit status other than 0 is a Result like any other; a command that cannot be
// started, or that is still running after three minutes, fails the test.
func (in *Installation) Run(t testing.TB, h *Home, opts RunOptions, args ...string) Result {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), runLimit)
	defer cancel()
	cmd := in.command(ctx, h, opts, append([]string{in.Entry}, args...)...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	if ctx.Err() != nil {
		t.Fatalf("clawdbot %s: not done after %s", commandName(args), runLimit)
	}
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatalf("clawdbot %s: %v", commandName(args), err)
	}
	return Result{Stdout: stdout.String(), Stderr: stderr.String(), Code: cmd.ProcessState.ExitCode()}
}

// MustRun is [Installation.Run] for commands that have to succeed: another exit
// status than 0 fails the test.
func (in *Installation) MustRun(t testing.TB, h *Home, opts RunOptions, args ...string) Result {
	t.Helper()
	result := in.Run(t, h, opts, args...)
	if result.Code != 0 {
		t.Fatalf("clawdbot %s: exit status %d\n%s%s", commandName(args), result.Code, result.Stdout, result.Stderr)
	}
	return result
}

// RunAll runs several commands one after another in one process, which takes
// little longer than one command: see commands.mjs. All read the environment and
// the .env files as they are before the first. A command that fails fails the test.
func (in *Installation) RunAll(t testing.TB, h *Home, opts RunOptions, commands ...[]string) {
	t.Helper()
	input, err := json.Marshal(commands)
	if err != nil {
		t.Fatal(err)
	}
	opts.Stdin = string(input)
	ctx, cancel := context.WithTimeout(t.Context(), runLimit)
	defer cancel()
	cmd := in.command(ctx, h, opts, "--no-warnings", "--input-type=module", "--eval", commandsModule, filepath.Dir(in.Entry))
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%d commands in one process: %v\n%s", len(commands), err, out)
	}
}

// ConfigSet returns the command that sets a value, encoded as JSON, at a dotted
// configuration path.
func ConfigSet(t testing.TB, path string, value any) []string {
	t.Helper()
	data, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return []string{"config", "set", path, string(data), "--json"}
}

// AgentTurn returns the command that runs one turn of the embedded agent, which
// calls the model provider that the configuration names. More flags can follow,
// such as "--agent", "work".
func AgentTurn(flags ...string) []string {
	return append([]string{"agent", "--local", "--session-id", "test", "--message", "hi", "--timeout", "60"}, flags...)
}

// command returns a node command in the minimal environment that ends, with
// everything it started, when ctx does.
func (in *Installation) command(ctx context.Context, h *Home, opts RunOptions, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, in.Node, args...)
	cmd.Env = append(in.environment(h), opts.Env...)
	cmd.Dir = opts.Dir
	if cmd.Dir == "" {
		cmd.Dir = h.Dir
	}
	if opts.Stdin != "" {
		cmd.Stdin = strings.NewReader(opts.Stdin)
	}
	ownGroup(cmd)
	cmd.Cancel = func() error { return killGroup(cmd.Process) }
	cmd.WaitDelay = 5 * time.Second
	return cmd
}

// environment returns the minimal environment: nothing of the caller's, the
// services that reach out of this machine off, and no second process between us
// and the product.
func (in *Installation) environment(h *Home) []string {
	offline := "data:text/javascript;base64," + base64.StdEncoding.EncodeToString(offlineModule)
	return []string{
		"PATH=" + filepath.Dir(in.Node) + string(os.PathListSeparator) + "/usr/bin:/bin",
		"HOME=" + h.Dir,
		"NO_COLOR=1",
		"NODE_OPTIONS=--import=" + offline,
		"CLAWDBOT_STATE_DIR=" + h.State,
		"CLAWDBOT_NO_RESPAWN=1",
		"CLAWDBOT_DISABLE_BONJOUR=1",
		"CLAWDBOT_SKIP_CHANNELS=1",
		"CLAWDBOT_SKIP_CRON=1",
		"CLAWDBOT_SKIP_CANVAS_HOST=1",
		"CLAWDBOT_SKIP_GMAIL_WATCHER=1",
		"CLAWDBOT_SKIP_BROWSER_CONTROL_SERVER=1",
	}
}

// commandName returns the words before the first flag: the values of flags may
// be secrets.
func commandName(args []string) string {
	for i, arg := range args {
		if strings.HasPrefix(arg, "-") {
			return strings.Join(args[:i], " ")
		}
	}
	return strings.Join(args[:min(len(args), 3)], " ")
}
