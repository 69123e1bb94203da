package service

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// TestChildProcess is the child of the tests below, not a test: it listens on the
// address in CHILD_LISTEN, prints the port and waits for the end of its input.
func TestChildProcess(t *testing.T) {
	address := os.Getenv("CHILD_LISTEN")
	if address == "" {
		t.Skip("only for the tests that start it")
	}
	listener, err := net.Listen("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	fmt.Println(listener.Addr().(*net.TCPAddr).Port)
	_, _ = io.Copy(io.Discard, os.Stdin)
}

type testChild struct {
	cmd   *exec.Cmd
	port  int
	stdin io.Closer
}

// startChild starts this test binary as a child with exactly this environment.
func startChild(t *testing.T, dir, address string, environ, args []string) *testChild {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], append([]string{"-test.run=^TestChildProcess$"}, args...)...)
	cmd.Dir = dir
	cmd.Env = append(slices.Clip(environ), "CHILD_LISTEN="+address)
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	c := &testChild{cmd: cmd, stdin: stdin}
	t.Cleanup(c.stop)
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		t.Skipf("the child cannot listen on %s", address)
	}
	if c.port, err = strconv.Atoi(strings.TrimSpace(line)); err != nil {
		t.Fatalf("the child printed %q", line)
	}
	return c
}

func (c *testChild) stop() {
	_ = c.stdin.Close()
	_ = c.cmd.Wait()
}

func TestReadProcess(t *testing.T) {
	const secretText = "FAKE-secret-of-a-process"
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	args := []string{"--", "--token", secretText, ""}
	c := startChild(t, dir, "127.0.0.1:0", []string{"KEY=" + secretText, "EMPTY=", "EQ=a=b", "LINES=a\nb"}, args)
	process, err := ReadProcess(c.cmd.Process.Pid)
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"KEY": secretText, "EMPTY": "", "EQ": "a=b", "LINES": "a\nb"} {
		if got, ok := process.Environ[name]; !ok || got.Reveal() != want {
			t.Errorf("%s is %q, %t", name, got.Reveal(), ok)
		}
	}
	if len(process.Environ) != 5 {
		t.Errorf("%d variables", len(process.Environ))
	}
	if process.Dir != dir || process.UID != os.Getuid() || process.Unreadable != "" || process.PID != c.cmd.Process.Pid {
		t.Errorf("dir %s, uid %d, unreadable %q, %v", process.Dir, process.UID, process.Unreadable, process)
	}
	if !slices.Contains(process.Args, secretText) || process.Args[0] != os.Args[0] {
		t.Errorf("arguments %q", process.Args)
	}
	own, err := ReadProcess(os.Getpid())
	if err != nil || own.StartTime == 0 || process.StartTime < own.StartTime {
		t.Errorf("started at %d, its parent at %d, error %v", process.StartTime, own.StartTime, err)
	}
	if text := fmt.Sprintf("%v %+v %#v %s", process, process, process, process); strings.Contains(text, "FAKE") {
		t.Errorf("formatted, a process gives %s", text)
	}
}

func TestReadProcessGone(t *testing.T) {
	c := startChild(t, "", "127.0.0.1:0", nil, nil)
	pid := c.cmd.Process.Pid
	if err := c.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	// Killed, but not waited for: it is a zombie, which runs no more.
	deadline := time.Now().Add(10 * time.Second)
	for {
		if _, err := ReadProcess(pid); errors.Is(err, ErrNoProcess) {
			break
		} else if time.Now().After(deadline) {
			t.Fatalf("a zombie is returned with error %v", err)
		}
		time.Sleep(time.Millisecond)
	}
	c.stop()
	if _, err := ReadProcess(pid); !errors.Is(err, ErrNoProcess) {
		t.Errorf("a process that has ended is returned with error %v", err)
	}
}

func TestListener(t *testing.T) {
	for _, address := range []string{"127.0.0.1:0", "0.0.0.0:0", "[::]:0", "[::1]:0"} {
		t.Run(address, func(t *testing.T) {
			c := startChild(t, "", address, nil, nil)
			pid, listening, err := Listener(c.port)
			if err != nil || !listening || pid != c.cmd.Process.Pid {
				t.Errorf("process %d, %t, %v; the child is %d", pid, listening, err, c.cmd.Process.Pid)
			}
			c.stop()
			if pid, listening, err := Listener(c.port); err != nil || listening || pid != 0 {
				t.Errorf("after its end: process %d, %t, %v", pid, listening, err)
			}
		})
	}
}

// A process that listens on another address does not get what goes to 127.0.0.1.
func TestListenerElsewhere(t *testing.T) {
	c := startChild(t, "", "127.0.0.2:0", nil, nil)
	if pid, listening, err := Listener(c.port); err != nil || listening || pid != 0 {
		t.Errorf("process %d, %t, %v", pid, listening, err)
	}
}

// On one port, who listens on the loopback address beats who listens on all.
func TestListenerPrefersLoopback(t *testing.T) {
	first := startChild(t, "", "[::1]:0", nil, nil)
	second := startChild(t, "", fmt.Sprintf("127.0.0.1:%d", first.port), nil, nil)
	if pid, _, err := Listener(first.port); err != nil || pid != second.cmd.Process.Pid {
		t.Errorf("process %d, %v; want %d", pid, err, second.cmd.Process.Pid)
	}
}

func TestRunningByLock(t *testing.T) {
	root := t.TempDir()
	config := filepath.Join(root, "clawdbot.json")
	writeTree(t, root, map[string]string{"clawdbot.json": "{}"})
	link := filepath.Join(root, "link.json")
	if err := os.Symlink(config, link); err != nil {
		t.Fatal(err)
	}
	plain := startChild(t, "", "127.0.0.1:0", nil, nil)
	gateway := startChild(t, "", "127.0.0.1:0", nil, []string{"--", "/x/dist/entry.js", "gateway"})
	started := func(c *testChild) string {
		process, err := ReadProcess(c.cmd.Process.Pid)
		if err != nil {
			t.Fatal(err)
		}
		return strconv.FormatUint(process.StartTime, 10)
	}
	lock := func(c *testChild, config, startTime string) string {
		text := fmt.Sprintf(`{"pid":%d,"createdAt":"2026-01-24T00:00:00.000Z","configPath":%q`, c.cmd.Process.Pid, config)
		if startTime != "" {
			text += `,"startTime":` + startTime
		}
		return text + "}"
	}
	own := filepath.Base(LockFile("", 1, config))
	tests := []struct {
		name, file, content string
		want                *testChild
		fails               bool
	}{
		{name: "none"},
		{name: "running", file: own, content: lock(plain, config, started(plain)), want: plain},
		{name: "recycled PID", file: own, content: lock(gateway, config, "1")},
		{name: "no start time, gateway", file: own, content: lock(gateway, config, ""), want: gateway},
		{name: "no start time, something else", file: own, content: lock(plain, config, "")},
		{name: "another name for the config", file: filepath.Base(LockFile("", 1, link)), content: lock(plain, link, started(plain)), want: plain},
		{name: "another config", file: "gateway.00000000.lock", content: lock(plain, "/other.json", started(plain))},
		{name: "PID that cannot be", file: own, content: `{"pid":-1,"configPath":"/x","startTime":1}`},
		{name: "PID of nobody", file: own, content: `{"pid":2147483647,"configPath":"/x","startTime":1}`},
		{name: "cut off", file: own, content: `{"pid":1`, fails: true},
		{name: "another's, cut off", file: "gateway.00000000.lock", content: `{"pid":1`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			tmp := t.TempDir()
			if test.file != "" {
				writeTree(t, lockDir(tmp, os.Getuid()), map[string]string{test.file: test.content})
			}
			process, err := RunningByLock(tmp, os.Getuid(), config)
			if (err != nil) != test.fails {
				t.Fatalf("error is %v", err)
			}
			switch {
			case test.want == nil && process != nil:
				t.Errorf("found %v", process)
			case test.want != nil && (process == nil || process.PID != test.want.cmd.Process.Pid):
				t.Errorf("found %v, want process %d", process, test.want.cmd.Process.Pid)
			}
		})
	}
}

func TestRunningByLockOfAnotherUser(t *testing.T) {
	tmp := t.TempDir()
	const uid = 54321
	process, err := ReadProcess(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	content := fmt.Sprintf(`{"pid":%d,"createdAt":"","configPath":"/c","startTime":%d}`, process.PID, process.StartTime)
	writeTree(t, lockDir(tmp, uid), map[string]string{filepath.Base(LockFile("", uid, "/c")): content})
	if found, err := RunningByLock(tmp, uid, "/c"); found != nil || err != nil {
		t.Errorf("a process of another user is taken for the gateway: %v, %v", found, err)
	}
}

func TestRunningByLockThatAnotherUserWrote(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("only root can give a file away")
	}
	tmp := t.TempDir()
	process, err := ReadProcess(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	lock := LockFile(tmp, 0, "/c")
	content := fmt.Sprintf(`{"pid":%d,"createdAt":"","configPath":"/c","startTime":%d}`, process.PID, process.StartTime)
	writeTree(t, filepath.Dir(lock), map[string]string{filepath.Base(lock): content})
	if found, err := RunningByLock(tmp, 0, "/c"); found == nil || err != nil {
		t.Fatalf("our own lock is not believed: %v, %v", found, err)
	}
	if err := os.Chown(lock, 65534, 65534); err != nil {
		t.Fatal(err)
	}
	if found, err := RunningByLock(tmp, 0, "/c"); found != nil || err != nil {
		t.Errorf("a lock that another user wrote is believed: %v, %v", found, err)
	}
}

// Without a lock a gateway is found by its command line and its own environment.
func TestEnvironmentFindsProcess(t *testing.T) {
	home := t.TempDir()
	writeTree(t, home, map[string]string{".clawdbot/clawdbot.json": "{}", "work/.env": "FROM_CWD=1\n"})
	state := filepath.Join(home, ".clawdbot")
	c := startChild(t, filepath.Join(home, "work"), "127.0.0.1:0",
		[]string{"HOME=" + home, "TMPDIR=" + home, "TOKEN=FAKE"}, []string{"--", "/x/dist/entry.js", "gateway"})
	for _, explicit := range []bool{false, true} {
		sources, running, err := Environment(EnvironmentQuery{
			StateDir: state, ConfigPath: filepath.Join(state, "clawdbot.json"), Home: home, Explicit: explicit,
			SystemdDirs: []string{}, LaunchAgentsDir: home,
		})
		if err != nil || running == nil || running.PID != c.cmd.Process.Pid {
			t.Fatalf("running %v, error %v; the child is %d", running, err, c.cmd.Process.Pid)
		}
		if len(sources) != 2 || sources[0].Values["TOKEN"].Reveal() != "FAKE" || sources[1].Values["FROM_CWD"].Reveal() != "1" || sources[1].PID != running.PID {
			t.Errorf("sources are %+v", sources)
		}
	}
	other := filepath.Join(home, "other")
	_, running, err := Environment(EnvironmentQuery{
		StateDir: other, ConfigPath: filepath.Join(other, "clawdbot.json"), Home: home,
		SystemdDirs: []string{}, LaunchAgentsDir: home,
	})
	if err != nil || running != nil && running.PID == c.cmd.Process.Pid {
		t.Errorf("taken for the gateway of another home: %v, %v", running, err)
	}
}
