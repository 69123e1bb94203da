//go:build unix

package durable

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
)

func TestReplaceKeepsModeAndOwner(t *testing.T) {
	for _, mode := range []fs.FileMode{0o600, 0o400, 0o640, 0o644, 0o666} {
		t.Run(mode.String(), func(t *testing.T) { testKeepsModeAndOwner(t, mode) })
	}
}

func testKeepsModeAndOwner(t *testing.T, mode fs.FileMode) {
	d := openTemp(t)
	defer syscall.Umask(syscall.Umask(0))
	file := filepath.Join(d.Path(), target)
	put(t, file, "old "+fakeSecret(1), mode)
	if os.Geteuid() == 0 {
		if err := os.Chown(file, 1234, 2345); err != nil {
			t.Fatal(err)
		}
	}
	was := mustRead(t, d, target)
	d.hooks = watchModes(t, d.Path())
	if err := d.Replace(was, []byte("new")); err != nil {
		t.Fatal(err)
	}
	now := mustRead(t, d, target)
	if string(now.Data) != "new" || now.Mode != was.Mode || now.UID != was.UID || now.GID != was.GID {
		t.Errorf("%q %v %d:%d, want %v %d:%d", now.Data, now.Mode, now.UID, now.GID, was.Mode, was.UID, was.GID)
	}
	onlyThese(t, d.Path(), target)
}

// watchModes looks at the directory before and after every operation.
func watchModes(t *testing.T, dir string) hooks {
	return hooks{around: func(op string, call func() error) error {
		noneReadable(t, dir)
		err := call()
		noneReadable(t, dir)
		return err
	}}
}

func TestReplaceCreates(t *testing.T) {
	d := openTemp(t)
	defer syscall.Umask(syscall.Umask(0))
	d.hooks = watchModes(t, d.Path())
	if err := d.Mkdir("agents"); err != nil {
		t.Fatal(err)
	}
	if err := d.Mkdir("agents"); err != nil {
		t.Fatal("a second Mkdir:", err)
	}
	if err := d.Replace(d.Absent("agents/.env"), []byte("KEY=value\n")); err != nil {
		t.Fatal(err)
	}
	s := mustRead(t, d, "agents/.env")
	if s.Mode != 0o600 || string(s.Data) != "KEY=value\n" || s.Name != "agents/.env" {
		t.Errorf("%v %q %q", s.Mode, s.Data, s.Name)
	}
	if info, _ := os.Stat(filepath.Join(d.Path(), "agents")); info.Mode().Perm() != 0o700 {
		t.Errorf("directory has mode %v", info.Mode())
	}
	mustBe(t, d.Replace(d.Absent("agents/.env"), []byte("other")), ErrChanged)
	onlyThese(t, filepath.Join(d.Path(), "agents"), ".env")
}

func TestReplaceEqualWritesNothing(t *testing.T) {
	d := openTemp(t)
	put(t, filepath.Join(d.Path(), target), "same", 0o600)
	was := mustRead(t, d, target)
	var ops []string
	d.hooks.around = func(op string, call func() error) error { ops = append(ops, op); return call() }
	if err := d.Replace(was, []byte("same")); err != nil {
		t.Fatal(err)
	}
	for _, op := range ops {
		if !strings.Contains("lstat open read fsync", op) {
			t.Errorf("operation %q", op)
		}
	}
	if n := strings.Count(strings.Join(ops, " "), "fsync"); n != 2 {
		t.Errorf("%d syncs, want file and directory", n)
	}
}

func TestReplaceEqualButChanged(t *testing.T) {
	d := openTemp(t)
	file := filepath.Join(d.Path(), target)
	put(t, file, "same", 0o600)
	was := mustRead(t, d, target)
	put(t, file, "theirs", 0o600)
	mustBe(t, d.Replace(was, []byte("same")), ErrChanged)
}

// The caller may edit Data in place: what was read must not be forgotten by that.
func TestReplaceAfterEditInPlace(t *testing.T) {
	d := openTemp(t)
	put(t, filepath.Join(d.Path(), target), "old", 0o600)
	was := mustRead(t, d, target)
	was.Data[0] = 'O'
	if err := d.Replace(was, was.Data); err != nil {
		t.Fatal(err)
	}
	if got := contents(t, filepath.Join(d.Path(), target)); got != "Old" {
		t.Errorf("file holds %q", got)
	}
}

// writers are the ways in which another program changes a file.
var writers = map[string]func(file string) error{
	"by rename": func(file string) error {
		if err := os.WriteFile(file+".other", []byte("theirs"), 0o600); err != nil {
			return err
		}
		return os.Rename(file+".other", file)
	},
	"by rename, same bytes": func(file string) error {
		data, err := os.ReadFile(file)
		if err == nil {
			err = os.WriteFile(file+".other", data, 0o600)
		}
		if err == nil {
			err = os.Rename(file+".other", file)
		}
		return err
	},
	"in place": func(file string) error { return os.WriteFile(file, []byte("theirs"), 0o600) },
	"appended": func(file string) error {
		f, err := os.OpenFile(file, os.O_APPEND|os.O_WRONLY, 0)
		if err != nil {
			return err
		}
		defer f.Close()
		_, err = f.WriteString("theirs")
		return err
	},
	"mode": func(file string) error { return os.Chmod(file, 0o640) },
	"link": func(file string) error {
		if err := os.Remove(file); err != nil {
			return err
		}
		return os.Symlink("elsewhere", file)
	},
	"directory": func(file string) error {
		if err := os.Remove(file); err != nil {
			return err
		}
		return os.Mkdir(file, 0o700)
	},
	"deleted": os.Remove,
}

// A change by somebody else is never overwritten, whenever it comes.
func TestChangedMeanwhile(t *testing.T) {
	actions := map[string]func(*Dir, *Snapshot) error{
		"replace": func(d *Dir, was *Snapshot) error { return d.Replace(was, []byte("ours")) },
		"remove":  (*Dir).Remove,
		"rewrite": func(d *Dir, was *Snapshot) error { return d.Rewrite(was, redactLines) },
	}
	for action, act := range actions {
		for _, moment := range []string{"", "read", "mkdir", "write", "exchange", "rename"} {
			for how, write := range writers {
				if action == "remove" && (moment == "write" || moment == "exchange") {
					continue // it has none
				}
				t.Run(action+"/"+moment+"/"+how, func(t *testing.T) {
					testChangedMeanwhile(t, act, moment, write)
				})
			}
		}
	}
}

func testChangedMeanwhile(t *testing.T, act func(*Dir, *Snapshot) error, moment string, write func(string) error) {
	d := openTemp(t)
	file := filepath.Join(d.Path(), target)
	put(t, file, secretWord, 0o600)
	was := mustRead(t, d, target)
	finish := func() {}
	change := func() { finish = meanwhile(t, func() error { return write(file) }) }
	if moment == "" {
		change()
	} else {
		d.hooks = before(moment, change)
	}
	mustBe(t, act(d, was), ErrChanged)
	finish()
	want := openTemp(t).Path()
	put(t, filepath.Join(want, target), secretWord, 0o600)
	mustDo(t, write(filepath.Join(want, target)))
	if got, want := describe(file), describe(filepath.Join(want, target)); got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if describe(file) == "nothing" {
		onlyThese(t, d.Path())
	} else {
		onlyThese(t, d.Path(), target)
	}
}

// describe says what is at a path, link or not.
func describe(file string) string {
	info, err := os.Lstat(file)
	if err != nil {
		return "nothing"
	}
	data, _ := os.ReadFile(file)
	return info.Mode().String() + " " + string(data)
}

// A program that keeps the file open is noticed even if it has not written yet.
func TestReplaceNoticesOpenWriter(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("only Linux can tell")
	}
	d := openTemp(t)
	file := filepath.Join(d.Path(), target)
	put(t, file, "old", 0o600)
	was := mustRead(t, d, target)
	writer, err := os.OpenFile(file, os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		t.Fatal(err)
	}
	mustBe(t, d.Replace(was, []byte("new")), ErrChanged)
	mustBe(t, d.Remove(was), ErrChanged)
	if _, err := writer.WriteString(" more"); err != nil {
		t.Fatal(err)
	}
	writer.Close()
	if got := contents(t, file); got != "old more" {
		t.Errorf("file holds %q", got)
	}
	if err := d.Replace(mustRead(t, d, target), []byte("new")); err != nil {
		t.Fatal(err)
	}
	onlyThese(t, d.Path(), target)
}

// So is one that opens the file again when it has been displaced and compared already,
// by the number under which it has it open for reading.
func TestReplaceNoticesLateWriter(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("only Linux can tell")
	}
	for _, displacing := range []string{"exchange", "rename"} {
		d := openTemp(t)
		file := filepath.Join(d.Path(), target)
		put(t, file, "old", 0o600)
		was := mustRead(t, d, target)
		reader, err := os.Open(file)
		mustDo(t, err)
		defer reader.Close()
		displaced, came, finish := false, false, func() {}
		d.hooks.around = func(op string, call func() error) error {
			if op == "fsync" && displaced && !came {
				came = true
				finish = meanwhile(t, func() error {
					return os.WriteFile(fmt.Sprintf("/proc/self/fd/%d", reader.Fd()), []byte("theirs"), 0)
				})
			}
			displaced = displaced || op == displacing
			return call()
		}
		if displacing == "exchange" {
			err = d.Replace(was, []byte("new"))
		} else {
			err = d.Remove(was)
		}
		mustBe(t, err, ErrChanged)
		finish()
		if got := contents(t, file); got != "theirs" {
			t.Errorf("file holds %q", got)
		}
		onlyThese(t, d.Path(), target)
	}
}

// A second program writes while the first one's version is being put back.
func TestPutBackYieldsToTheNewest(t *testing.T) {
	for how, write := range map[string]struct {
		second   func(file string) error
		want     string
		leftover string
	}{
		"by rename": {func(f string) error {
			if err := os.WriteFile(f+".2", []byte("second"), 0o600); err != nil {
				return err
			}
			return os.Rename(f+".2", f)
		}, "second", ""},
		"in place": {func(f string) error { return os.WriteFile(f, []byte("second"), 0o600) }, "second", "theirs"},
		"deleted":  {os.Remove, "theirs", ""},
	} {
		t.Run(how, func(t *testing.T) {
			d := openTemp(t)
			file := filepath.Join(d.Path(), target)
			put(t, file, "old", 0o600)
			was := mustRead(t, d, target)
			turn := 0
			d.hooks.around = func(op string, call func() error) error {
				if op == "exchange" {
					turn++
					switch turn {
					case 1:
						mustDo(t, writers["by rename"](file))
					case 2:
						mustDo(t, write.second(file))
					}
				}
				return call()
			}
			err := d.Replace(was, []byte("ours"))
			if got := contents(t, file); got != write.want {
				t.Errorf("file holds %q, want %q", got, write.want)
			}
			if write.leftover == "" {
				mustBe(t, err, ErrChanged)
				onlyThese(t, d.Path(), target)
				return
			}
			kept, ok := errors.AsType[*LeftoverError](err)
			if !ok || contents(t, kept.Path) != write.leftover || kept.Target != file {
				t.Fatalf("error %v, want the path of the first writer's file", err)
			}
			noneReadable(t, d.Path())
		})
	}
}

func TestReplaceWithoutExchange(t *testing.T) {
	unsupported := func(op string, call func() error) error {
		if op == "exchange" || op == "rename new" {
			return ErrNoExchange
		}
		return call()
	}
	d := openTemp(t)
	file := filepath.Join(d.Path(), target)
	put(t, file, "old", 0o640)
	d.hooks.around = unsupported
	mustBe(t, d.Replace(mustRead(t, d, target), []byte("new")), ErrNoExchange)
	if got := contents(t, file); got != "old" {
		t.Errorf("file holds %q", got)
	}
	if err := d.Replace(d.Absent("made"), []byte("made")); err != nil {
		t.Error("a new file needs no exchange:", err)
	}
	mustBe(t, d.Replace(d.Absent("made"), nil), ErrChanged)
	onlyThese(t, d.Path(), "made", target)

	d.AllowRename = true
	if err := d.Replace(mustRead(t, d, target), []byte("new")); err != nil {
		t.Fatal(err)
	}
	if s := mustRead(t, d, target); string(s.Data) != "new" || s.Mode != 0o640 {
		t.Errorf("%q %v", s.Data, s.Mode)
	}
	was := mustRead(t, d, target)
	finish := func() {}
	changed := before("exchange", func() { finish = meanwhile(t, func() error { return writers["in place"](file) }) })
	d.hooks.around = func(op string, call func() error) error {
		return changed.around(op, func() error { return unsupported(op, call) })
	}
	mustBe(t, d.Replace(was, []byte("newer")), ErrChanged)
	finish()
	if got := contents(t, file); got != "theirs" {
		t.Errorf("file holds %q", got)
	}
	onlyThese(t, d.Path(), "made", target)
}

func TestRemoveAndChmod(t *testing.T) {
	d := openTemp(t)
	file := filepath.Join(d.Path(), target)
	put(t, file, "old", 0o644)
	was := mustRead(t, d, target)
	if err := d.Chmod(was, 0o600); err != nil {
		t.Fatal(err)
	}
	if info, _ := os.Stat(file); info.Mode() != 0o600 || was.Mode != 0o600 {
		t.Errorf("mode %v, snapshot %v", info.Mode(), was.Mode)
	}
	if err := d.Remove(was); err != nil {
		t.Fatal(err)
	}
	onlyThese(t, d.Path())
	mustBe(t, d.Remove(was), ErrChanged)
	mustBe(t, d.Chmod(was, 0o600), ErrChanged)
	if err := os.Symlink("/etc/hostname", file); err != nil {
		t.Fatal(err)
	}
	mustBe(t, d.Chmod(was, 0o600), ErrEscapes)
}

func TestRefusals(t *testing.T) {
	d := openTemp(t)
	file := filepath.Join(d.Path(), target)
	put(t, file, "old", 0o600)
	if err := os.Link(file, filepath.Join(d.Path(), "second")); err != nil {
		t.Fatal(err)
	}
	linked := mustRead(t, d, target)
	mustBe(t, d.Replace(linked, []byte("new")), ErrHardLink)
	mustBe(t, d.Remove(linked), ErrHardLink)
	mustBe(t, d.Replace(d.Absent("big"), make([]byte, MaxSize+1)), ErrTooLarge)

	other := openAt(t, d.Path())
	if err := other.Replace(linked, []byte("new")); err == nil {
		t.Error("a snapshot of another directory was taken")
	}
	onlyThese(t, d.Path(), target, "second")
}

func TestReplaceLargest(t *testing.T) {
	if testing.Short() {
		t.Skip("writes 64 MiB")
	}
	d := openTemp(t)
	data := bytes.Repeat([]byte("0123456789abcdef"), MaxSize/16)
	if err := d.Replace(d.Absent("big"), data); err != nil {
		t.Fatal(err)
	}
	if s := mustRead(t, d, "big"); !bytes.Equal(s.Data, data) {
		t.Error("not what was written")
	}
}
