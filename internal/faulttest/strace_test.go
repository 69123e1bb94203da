//go:build linux

package faulttest

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// The system calls that are injected into. The first list is of those that write,
// with openat where it may create; the second of those that only look.
var (
	writing = []string{"openat", "write", "pwrite64", "fchmod", "fchmodat", "fchown", "fchownat", "fsync",
		"renameat", "renameat2", "unlinkat", "mkdirat", "linkat", "symlinkat", "flock", "utimensat", "ftruncate"}
	looking = []string{"read", "pread64", "close", "fstat", "newfstatat", "getdents64", "fcntl", "readlinkat"}
)

// need returns the path of a tool; a test without it is skipped, but fails in CI.
func need(t testing.TB, tool string) string {
	t.Helper()
	path, err := exec.LookPath(tool)
	if err != nil {
		missing(t, "needs %s: %v", tool, err)
	}
	return path
}

func missing(t testing.TB, format string, args ...any) {
	t.Helper()
	if os.Getenv("CI") != "" {
		t.Fatalf(format, args...)
	}
	t.Skipf(format, args...)
}

// program is the program under test, in an environment in which every run makes the
// same calls.
type program struct {
	binary string
	strace string
	alone  []string // the command that runs another where no other process is seen
	home   string   // HOME, with the key
}

// build builds the program such that its file work stays on one thread, by which
// strace counts.
func build(t testing.TB) *program {
	t.Helper()
	if testing.Short() {
		t.Skip("runs the program some thousand times: skipped under -short")
	}
	dir := memory(t)
	p := &program{strace: need(t, "strace"), binary: filepath.Join(dir, "clawsecrets"), home: filepath.Join(dir, "home")}
	p.alone = namespace(t)
	if out, err := exec.Command(need(t, "go"), "build", "-tags", "faults", "-o", p.binary, "../../cmd/clawsecrets").CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	if err := os.Mkdir(p.home, 0o700); err != nil {
		t.Fatal(err)
	}
	return p
}

// memory returns a directory in memory that is not in /tmp: every run syncs, and what a
// disk would make of it is not the question here.
func memory(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("/dev/shm", "clawsecrets-test-")
	if err != nil {
		missing(t, "needs /dev/shm: %v", err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

// run is what became of one run of the program.
type run struct {
	code   int // the exit code, -1 if it was killed
	output string
}

// run runs the program on the state directory, alone or under the given command.
func (p *program) run(t testing.TB, state string, tracer, args []string) run {
	t.Helper()
	command := slices.Concat(tracer, []string{p.binary}, args, []string{"--state-dir", state})
	cmd := exec.Command(command[0], command[1:]...)
	cmd.Dir = p.home
	cmd.Env = []string{
		"HOME=" + p.home, "CLAWSECRETS_LOG_DIR=" + filepath.Join(p.home, "log"), "XDG_CONFIG_HOME=" + filepath.Join(p.home, "config"),
		"XDG_CACHE_HOME=/dev/null", // a cache would make the second run another one
		"TMPDIR=" + p.home, "PATH=/usr/bin:/bin",
		"GOMAXPROCS=1", "GOGC=off", "GODEBUG=asyncpreemptoff=1", // a signal can cut a call short, and then there are two
	}
	out, err := cmd.CombinedOutput()
	result := run{code: cmd.ProcessState.ExitCode(), output: string(out)}
	for name, value := range planted() {
		if strings.Contains(result.output, value) {
			t.Errorf("%v prints the secret %q", args, name)
		}
	}
	if exit := new(exec.ExitError); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	if killed := 128 + int(syscall.SIGKILL); result.code == killed { // by way of unshare
		result.code = -1
	}
	return result
}

// fault is what is injected: a kill, or an error by its name, at the Nth call of a kind.
type fault struct {
	call  string
	nth   int
	error string // "" for a kill
}

func (f fault) String() string {
	if f.error == "" {
		return fmt.Sprintf("kill at %s %d", f.call, f.nth)
	}
	return fmt.Sprintf("%s at %s %d", f.error, f.call, f.nth)
}

// inject runs the program with a fault.
func (p *program) inject(t testing.TB, state string, f fault, args []string) run {
	t.Helper()
	what := "signal=KILL"
	if f.error != "" {
		what = "error=" + f.error
	}
	tracer := append(slices.Clone(p.alone), p.strace, "-f", "-qqq", "-o", "/dev/null",
		"-e", "trace="+f.call, "-e", fmt.Sprintf("inject=%s:%s:when=%d", f.call, what, f.nth))
	if f.error != "" {
		tracer = append(tracer, "--seccomp-bpf") // twice as fast, but it loses signals
	}
	return p.run(t, state, tracer, args)
}

// wakeUp is what the Go runtime writes to a descriptor of its own to wake itself up.
const wakeUp = `, "\1\0\0\0\0\0\0\0", 8`

// call is one system call of a run.
type call struct {
	name   string
	nth    int    // among those of its name, from 1
	args   string // as strace prints them
	writes bool   // to the Home, rather than looks or prints
}

// trace runs the program to its end and returns its calls. A write by another thread
// than the main one, which strace would count for itself, fails the test.
func (p *program) trace(t testing.TB, state string, args []string) []call {
	t.Helper()
	file := filepath.Join(memory(t), "trace")
	tracer := append(slices.Clone(p.alone), p.strace, "-f", "-qqq", "--seccomp-bpf", "-o", file, "-e", "signal=none",
		"-e", "trace="+strings.Join(slices.Concat(writing, looking), ","))
	if result := p.run(t, state, tracer, args); result.code != 0 {
		t.Fatalf("%v: exit code %d\n%s", args, result.code, result.output)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var calls []call
	counts := map[string]int{}
	main := ""
	for line := range strings.Lines(string(text)) {
		pid, rest, _ := strings.Cut(line, " ")
		name, arguments, ok := strings.Cut(strings.TrimSpace(rest), "(")
		if main == "" {
			main = pid
		}
		if !ok || strings.ContainsAny(name, "<+?") {
			continue // the end of a call, or of a thread
		}
		c := call{name: name, args: strings.TrimSpace(arguments)}
		c.writes = writes(c)
		if pid != main {
			if c.writes && !strings.Contains(c.args, wakeUp) {
				t.Errorf("another thread than the main one calls %s(%s", c.name, c.args)
			}
			continue
		}
		counts[name]++
		c.nth = counts[name]
		calls = append(calls, c)
	}
	return calls
}

// like reports whether two calls are the same but for what strace shows of them.
func (c call) like(other call) bool { return c.name == other.name && c.writes == other.writes }

func writes(c call) bool {
	switch {
	case slices.Contains(looking, c.name):
		return false
	case c.name == "write":
		return !strings.HasPrefix(c.args, "1, ") && !strings.HasPrefix(c.args, "2, ")
	case c.name == "openat":
		return strings.Contains(c.args, "O_CREAT") || strings.Contains(c.args, "O_WRONLY") || strings.Contains(c.args, "O_RDWR")
	}
	return true
}
