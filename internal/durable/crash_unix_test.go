//go:build unix

package durable

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
)

// dieAt makes the nth operation the last one, done or not done.
func dieAt(n int, happened bool, die func()) hooks {
	count := 0
	syncs := quick()
	return hooks{around: func(op string, call func() error) error {
		if count++; count != n {
			return syncs.do(op, call)
		}
		if happened {
			_ = syncs.do(op, call)
		}
		die()
		return nil
	}}
}

type crash struct{}

// crashes runs act until die, and reports whether it died. Nothing in this package
// cleans up in deferred calls, so a panic stands for a crash.
func crashes(act func()) (died bool) {
	defer func() {
		if what := recover(); what != nil {
			if _, died = what.(crash); !died {
				panic(what)
			}
		}
	}()
	act()
	return false
}

func TestCrash(t *testing.T) {
	total := 0
	for _, s := range scenarios() {
		for _, happened := range []bool{false, true} {
			for n := 1; ; n++ {
				d := s.prepare(t)
				d.hooks = dieAt(n, happened, func() { panic(crash{}) })
				if s.setup != nil {
					s.setup(d)
				}
				if !crashes(func() { _ = s.act(d) }) {
					break
				}
				total++
				s.state(t, d)
				s.converge(t, d)
			}
		}
	}
	t.Logf("%d crashes", total)
	if total < 100 {
		t.Error("too few: the hooks are not where they should be")
	}
}

// Another program writes right before the file is displaced, and then we crash:
// its bytes must not be lost, and the next sweep must put them in place.
func TestCrashAfterDisplacing(t *testing.T) {
	for _, s := range displacing() {
		for _, how := range []string{"by rename", "in place"} {
			for _, happened := range []bool{false, true} {
				for n := 1; s.crashDisplacing(t, how, n, happened); n++ {
				}
			}
		}
	}
}

func (s scenario) crashDisplacing(t *testing.T, how string, n int, happened bool) (died bool) {
	d := s.prepare(t)
	file := filepath.Join(d.Path(), target)
	wrote, finish := false, func() {}
	dying := dieAt(n, happened, func() { panic(crash{}) })
	d.hooks.around = func(op string, call func() error) error {
		if op == s.displaces && !wrote {
			wrote = true
			finish = meanwhile(t, func() error { return writers[how](file) })
		}
		return dying.around(op, call)
	}
	died = crashes(func() { _ = s.act(d) })
	finish()
	d.hooks = quick()
	noneReadable(t, d.Path())
	if err := d.Sweep("."); err != nil {
		t.Fatalf("%s, %s, crash at %d: sweep: %v", s.name, how, n, err)
	}
	if got := contents(t, file); wrote && got != "theirs" {
		t.Fatalf("%s, %s, crash at %d: file holds %d bytes, not theirs", s.name, how, n, len(got))
	}
	onlyThese(t, d.Path(), target)
	return died
}

// The same with the kernel's word for a crash.
func TestKilled(t *testing.T) {
	const childName, childStep = "DURABLE_TEST_SCENARIO", "DURABLE_TEST_STEP"
	if name := os.Getenv(childName); name != "" {
		n, _ := strconv.Atoi(os.Getenv(childStep))
		dieInScenario(t, name, n, os.Getenv("DURABLE_TEST_DIR"))
		return
	}
	if testing.Short() {
		t.Skip("starts a process for each operation")
	}
	total := 0
	for _, s := range scenarios() {
		for n := 1; ; n++ {
			d := s.prepare(t)
			cmd := exec.Command(os.Args[0], "-test.run=^TestKilled$")
			cmd.Env = []string{childName + "=" + s.name, childStep + "=" + strconv.Itoa(n), "DURABLE_TEST_DIR=" + d.Path(), "TMPDIR=" + os.TempDir()}
			out, err := cmd.CombinedOutput()
			if err == nil {
				break
			}
			if status, ok := cmd.ProcessState.Sys().(syscall.WaitStatus); !ok || status.Signal() != syscall.SIGKILL {
				t.Fatalf("%s, step %d: %v: %s", s.name, n, err, out)
			}
			total++
			s.state(t, d)
			s.converge(t, d)
		}
	}
	t.Logf("%d kills", total)
	if total < 50 {
		t.Error("too few: the hooks are not where they should be")
	}
}

// dieInScenario is the child of TestKilled.
func dieInScenario(t *testing.T, name string, n int, path string) {
	for _, s := range scenarios() {
		if s.name != name {
			continue
		}
		d := openAt(t, path)
		d.hooks = dieAt(n, false, func() { _ = syscall.Kill(os.Getpid(), syscall.SIGKILL); select {} })
		if s.setup != nil {
			s.setup(d)
		}
		if err := s.act(d); err != nil {
			t.Fatal(err)
		}
	}
}
