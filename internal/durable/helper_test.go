package durable

import (
	"errors"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

const target = "openclaw.json"

// fakeSecret returns text that looks like a credential and never was one.
func fakeSecret(seed uint64) string {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
	source := rand.New(rand.NewPCG(seed, 17))
	var b strings.Builder
	b.WriteString("sk-fake-")
	for range 40 {
		b.WriteByte(alphabet[source.IntN(len(alphabet))])
	}
	return b.String()
}

func openTemp(t *testing.T) *Dir {
	t.Helper()
	return openAt(t, t.TempDir())
}

func openAt(t *testing.T, path string) *Dir {
	t.Helper()
	d, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	return d
}

func put(t *testing.T, path, text string, mode fs.FileMode) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), mode); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
}

func contents(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func mustRead(t *testing.T, d *Dir, name string) *Snapshot {
	t.Helper()
	s, err := d.Read(name)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func mustBe(t *testing.T, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Fatalf("got error %v, want %v", err, want)
	}
}

// onlyThese fails when a directory holds anything else than names.
func onlyThese(t *testing.T, dir string, names ...string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var have []string
	for _, e := range entries {
		have = append(have, e.Name())
	}
	if strings.Join(have, " ") != strings.Join(names, " ") {
		t.Fatalf("%s holds %q, want %q", dir, have, names)
	}
}

// noneReadable fails when group or others could read what a crash left in dir.
func noneReadable(t *testing.T, dir string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		info, err := os.Lstat(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		if IsStaging(e.Name()) && info.Mode().Perm()&0o077 != 0 {
			t.Fatalf("%s has mode %v", e.Name(), info.Mode())
		}
	}
}

// before calls act once, right before the first operation called op.
func before(op string, act func()) hooks {
	done := false
	return hooks{around: func(name string, call func() error) error {
		if name == op && !done {
			done = true
			act()
		}
		return call()
	}}
}

// meanwhile lets another program act. One that is made to wait, because it opens for
// writing what is under guard, goes on when finish is called at the latest.
//
// It returns when the program has acted or is made to wait, however slow the disk is:
// one that comes too late meets nobody, and a test would take that for a change that was
// not noticed.
func meanwhile(t *testing.T, act func() error) (finish func()) {
	t.Helper()
	done := make(chan error, 1)
	go func() { done <- act() }()
	finish = func() {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	for !leaseBreaking() {
		select {
		case err := <-done:
			done <- err
			return finish
		case <-time.After(time.Millisecond):
		}
	}
	return finish
}

// leaseBreaking reports whether somebody waits for this process to give up a lease.
func leaseBreaking() bool {
	locks, err := os.ReadFile("/proc/locks")
	if err != nil {
		return false // there are no leases here
	}
	for line := range strings.Lines(string(locks)) {
		// 1: LEASE  BREAKING  READ  <process> <device>:<inode> 0 EOF
		fields := strings.Fields(line)
		if len(fields) > 4 && fields[2] == "BREAKING" && fields[4] == strconv.Itoa(os.Getpid()) {
			return true
		}
	}
	return false
}

func mustDo(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
