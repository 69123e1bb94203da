//go:build unix

package durable

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// scenario is one write, to be interrupted at each of its operations.
type scenario struct {
	name      string
	old       string // "" if there is no file
	new       string // "" if there is none afterwards
	mode      fs.FileMode
	displaces string // the operation that displaces the old file; "" if nothing is displaced
	setup     func(*Dir)
	act       func(*Dir) error
	modTime   time.Time // of old and new; zero if it does not stay
}

func scenarios() []scenario {
	const mode = 0o640
	oldText, newText := "old "+fakeSecret(1), "new ${TOKEN}"
	replace := func(d *Dir) error {
		was, err := d.Read(target)
		if err != nil {
			return err
		}
		return d.Replace(was, []byte(newText))
	}
	create := func(d *Dir) error {
		if was, err := d.Read(target); err == nil {
			return d.Replace(was, []byte(newText))
		}
		return d.Replace(d.Absent(target), []byte(newText))
	}
	remove := func(d *Dir) error {
		was, err := d.Read(target)
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err
		}
		return d.Remove(was)
	}
	rewrite := func(d *Dir) error {
		was, err := d.ReadParts(target, func([]byte) error { return nil })
		if err != nil {
			return err
		}
		return d.Rewrite(was, redactLines)
	}
	// More than one part.
	line := strings.Repeat("x", 999) + "\n"
	long := secretWord + " " + strings.Repeat(line, partSize/len(line)+1) + secretWord + "\n"
	redacted := strings.ReplaceAll(long, secretWord, marker)
	return []scenario{
		{"replace", oldText, newText, mode, "exchange", nil, replace, time.Time{}},
		{"create", "", newText, 0o600, "", nil, create, time.Time{}},
		{"remove", oldText, "", mode, "rename", nil, remove, time.Time{}},
		{"rewrite", long, redacted, mode, "exchange", nil, rewrite, longAgo},
		{"replace without exchange", oldText, newText, mode, "", withoutExchange, replace, time.Time{}},
		{"create without exchange", "", newText, 0o600, "", withoutExchange, create, time.Time{}},
		{"remove without exchange", oldText, "", mode, "", withoutExchange, remove, time.Time{}},
		{"rewrite without exchange", secretWord, marker, mode, "", withoutExchange, rewrite, longAgo},
	}
}

// displacing are the scenarios in which another program can be met with.
func displacing() []scenario {
	return slices.DeleteFunc(scenarios(), func(s scenario) bool { return s.displaces == "" })
}

// withoutExchange makes the directory one on a file system that cannot exchange.
func withoutExchange(d *Dir) {
	d.AllowRename = true
	inner := d.hooks
	d.hooks.around = func(op string, call func() error) error {
		return inner.do(op, func() error {
			if op == "exchange" || op == "rename new" {
				return ErrNoExchange
			}
			return call()
		})
	}
}

func (s scenario) prepare(t *testing.T) *Dir {
	d := openTemp(t)
	if s.old != "" {
		file := filepath.Join(d.Path(), target)
		put(t, file, s.old, s.mode)
		if !s.modTime.IsZero() {
			mustDo(t, os.Chtimes(file, time.Time{}, s.modTime))
		}
	}
	return d
}

// state returns "old" or "new", and fails on anything else.
func (s scenario) state(t *testing.T, d *Dir) string {
	t.Helper()
	noneReadable(t, d.Path())
	file := filepath.Join(d.Path(), target)
	info, err := os.Lstat(file)
	have := ""
	if err == nil {
		have = contents(t, file)
		if info.Mode() != s.mode {
			t.Fatalf("mode %v, want %v", info.Mode(), s.mode)
		}
		if !s.modTime.IsZero() && !info.ModTime().Equal(s.modTime) {
			t.Fatalf("modified %v, want %v", info.ModTime(), s.modTime)
		}
	}
	switch have {
	case s.old:
		return "old"
	case s.new:
		return "new"
	}
	t.Fatalf("the file holds %d bytes, neither old nor new", len(have))
	return ""
}

// quick leaves out the syncs under -short: nobody cuts the power in a test.
func quick() hooks {
	return hooks{around: func(op string, call func() error) error {
		if op == "fsync" && testing.Short() {
			return nil
		}
		return call()
	}}
}

// converge runs the scenario again, undisturbed, as the next run would.
func (s scenario) converge(t *testing.T, d *Dir) {
	t.Helper()
	d.hooks = quick()
	if err := d.Sweep("."); err != nil {
		t.Fatal("sweep:", err)
	}
	s.state(t, d)
	d.hooks = quick()
	if s.setup != nil {
		s.setup(d)
	}
	if err := s.act(d); err != nil {
		t.Fatal("again:", err)
	}
	if s.state(t, d) != "new" {
		t.Fatal("again: not new")
	}
	if s.new == "" {
		onlyThese(t, d.Path())
	} else {
		onlyThese(t, d.Path(), target)
	}
}

// Every operation fails once, with every error, done or not done.
func TestFaults(t *testing.T) {
	faults := []error{syscall.EIO, syscall.ENOSPC, syscall.EACCES, syscall.EINTR}
	if testing.Short() {
		faults = faults[:1]
	}
	injected := 0
	for _, s := range scenarios() {
		for _, fault := range faults {
			for _, happened := range []bool{false, true} {
				for n := 1; s.fail(t, n, fault, happened); n++ {
					injected++
				}
			}
		}
	}
	t.Logf("%d faults", injected)
	if injected < 200 {
		t.Error("too few: the hooks are not where they should be")
	}
}

// fail runs the scenario with its nth operation failing, and reports whether there is one.
func (s scenario) fail(t *testing.T, n int, fault error, happened bool) bool {
	d := s.prepare(t)
	count, failed := 0, ""
	syncs := quick()
	d.hooks.around = func(op string, call func() error) error {
		if count++; count != n {
			return syncs.do(op, call)
		}
		failed = op
		if happened {
			_ = syncs.do(op, call)
		}
		return fault
	}
	if s.setup != nil {
		s.setup(d)
	}
	err := s.act(d)
	if failed == "" {
		if err != nil || s.state(t, d) != "new" {
			t.Fatalf("%s, undisturbed: %v", s.name, err)
		}
		return false
	}
	state := s.state(t, d)
	describe := func() string { return s.name + ": " + failed + ": " + state }
	if err == nil && state != "new" {
		t.Fatalf("%s: no error, but not done", describe())
	}
	// The last sync fails when all is done; a weaker rename cannot be taken back.
	late := failed == "fsync" || failed == "rename" && happened
	if err != nil && state != "old" && !late {
		t.Fatalf("%s: failed (%v), but done", describe(), err)
	}
	if err != nil && strings.Contains(err.Error(), "sk-fake-") {
		t.Fatalf("%s: the error quotes the file", describe())
	}
	if kept, ok := errors.AsType[*LeftoverError](err); ok {
		t.Fatalf("%s: %v, where nobody else wrote", describe(), kept)
	}
	s.converge(t, d)
	return true
}

// A disk that fills up in the middle of a file.
func TestShortWrite(t *testing.T) {
	for _, s := range scenarios() {
		if s.new == "" {
			continue
		}
		for _, fault := range []error{syscall.ENOSPC, io.ErrShortWrite} {
			d := s.prepare(t)
			d.hooks.write = func(file *os.File, data []byte) error {
				_, _ = file.Write(data[:len(data)/2])
				return fault
			}
			mustBe(t, s.act(d), fault)
			if s.state(t, d) != "old" {
				t.Error("not old")
			}
			s.converge(t, d)
		}
	}
}

// A disk that loses bytes without an error is noticed before anything is replaced.
func TestSilentShortWrite(t *testing.T) {
	s := scenarios()[0]
	d := s.prepare(t)
	d.hooks.write = func(file *os.File, data []byte) error {
		_, err := file.Write(data[:len(data)-1])
		return err
	}
	if err := s.act(d); err == nil || s.state(t, d) != "old" {
		t.Error("not noticed")
	}
	onlyThese(t, d.Path(), target)
}

// The order of writes is what survives a power cut: the bytes before the name, the
// name before the old bytes go.
func TestOrderOfWrites(t *testing.T) {
	want := map[string]string{
		"replace": "mkdir write copy access control list to chmod fsync close rename fsync exchange fsync remove remove fsync",
		"rewrite": "mkdir write write copy access control list to chmod chtimes fsync close rename fsync exchange fsync remove remove fsync",
		"create":  "mkdir write chmod fsync close rename fsync rename new fsync remove fsync",
		"remove":  "mkdir rename fsync remove remove fsync",
	}
	for _, s := range scenarios()[:len(want)] {
		d := s.prepare(t)
		var ops []string
		d.hooks.around = func(op string, call func() error) error {
			if op != "lstat" && op != "open" && op != "read" {
				ops = append(ops, op)
			}
			return call()
		}
		if err := s.act(d); err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(ops, " "); got != want[s.name] {
			t.Errorf("%s:\n got %s\nwant %s", s.name, got, want[s.name])
		}
	}
}

// Another program writes right before the file is displaced, and then an operation
// fails: its bytes are in place afterwards, or the error says where they are.
func TestFaultsWhileChanged(t *testing.T) {
	injected := 0
	for _, s := range displacing() {
		for _, how := range []string{"by rename", "in place"} {
			for _, happened := range []bool{false, true} {
				for n := 1; s.failWhileChanged(t, how, n, happened); n++ {
					injected++
				}
			}
		}
	}
	t.Logf("%d faults", injected)
	if injected < 40 {
		t.Error("too few: the hooks are not where they should be")
	}
}

func (s scenario) failWhileChanged(t *testing.T, how string, n int, happened bool) (failed bool) {
	d := s.prepare(t)
	file := filepath.Join(d.Path(), target)
	wrote, count, finish, syncs := false, 0, func() {}, quick()
	d.hooks.around = func(op string, call func() error) error {
		if op == s.displaces && !wrote {
			wrote = true
			finish = meanwhile(t, func() error { return writers[how](file) })
		}
		if !wrote {
			return syncs.do(op, call)
		}
		if count++; count != n {
			return syncs.do(op, call)
		}
		failed = true
		if happened {
			_ = syncs.do(op, call)
		}
		return syscall.EIO
	}
	err := s.act(d)
	finish()
	noneReadable(t, d.Path())
	where := file
	if kept, ok := errors.AsType[*LeftoverError](err); ok {
		where = kept.Path
	}
	if err == nil {
		t.Fatalf("%s, %s, fault %d: not noticed", s.name, how, n)
	}
	// A signal makes a program that waits look for the file anew: it may find ours.
	if contents(t, where) != "theirs" && contents(t, file) != "theirs" {
		t.Fatalf("%s, %s, fault %d: %v, and neither the file nor %s is theirs", s.name, how, n, err, where)
	}
	d.hooks = quick()
	if err := d.Sweep("."); err != nil {
		t.Fatal(err)
	}
	if contents(t, file) != "theirs" {
		t.Fatal("swept away")
	}
	return failed
}
