//go:build unix

package durable

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

const secretWord, marker = "secret", "[redacted]"

// longAgo is a time that no file gets by itself.
var longAgo = time.Unix(1_700_000_000, 123_456_789)

// seeded returns size bytes that look like nothing.
func seeded(seed uint64, size int) []byte {
	var key [32]byte
	key[0], key[1], key[2] = byte(seed), byte(seed>>8), byte(seed>>16)
	data := make([]byte, size)
	_, _ = rand.NewChaCha8(key).Read(data)
	return data
}

// redactLines writes what it reads, line by line, without the secret.
func redactLines(old io.Reader, new io.Writer) error {
	lines := bufio.NewReader(old)
	for {
		line, err := lines.ReadString('\n')
		if _, err := io.WriteString(new, strings.ReplaceAll(line, secretWord, marker)); err != nil {
			return err
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

func readParts(t *testing.T, d *Dir, name string) *Snapshot {
	t.Helper()
	s, err := d.ReadParts(name, func([]byte) error { return nil })
	mustDo(t, err)
	return s
}

func TestRewriteKeepsModeOwnerAndTime(t *testing.T) {
	for _, mode := range []fs.FileMode{0o600, 0o400, 0o640, 0o666} {
		d := openTemp(t)
		file := filepath.Join(d.Path(), target)
		put(t, file, "old "+secretWord, mode)
		if os.Geteuid() == 0 {
			mustDo(t, os.Chown(file, 1234, 2345))
		}
		mustDo(t, os.Chtimes(file, time.Time{}, longAgo))
		for _, read := range []func(string) (*Snapshot, error){
			d.Read,
			func(name string) (*Snapshot, error) { return readParts(t, d, name), nil },
		} {
			was, err := read(target)
			mustDo(t, err)
			d.hooks = watchModes(t, d.Path())
			mustDo(t, d.Rewrite(was, func(old io.Reader, new io.Writer) error {
				_, err := io.WriteString(new, "new of ")
				if err == nil {
					_, err = io.Copy(new, old)
				}
				return err
			}))
			now := mustRead(t, d, target)
			if now.Mode != was.Mode || now.UID != was.UID || now.GID != was.GID || !now.ModTime.Equal(longAgo) {
				t.Errorf("%v %d:%d %v, want %v %d:%d", now.Mode, now.UID, now.GID, now.ModTime, was.Mode, was.UID, was.GID)
			}
		}
		if got := contents(t, file); got != "new of new of old "+secretWord {
			t.Errorf("file holds %q", got)
		}
		onlyThese(t, d.Path(), target)
	}
}

func TestRewriteAfterChmod(t *testing.T) {
	d := openTemp(t)
	file := filepath.Join(d.Path(), target)
	put(t, file, secretWord, 0o644)
	mustDo(t, os.Chtimes(file, time.Time{}, longAgo))
	was := readParts(t, d, target)
	mustDo(t, d.Chmod(was, 0o600))
	mustDo(t, d.Rewrite(was, redactLines))
	if s := mustRead(t, d, target); string(s.Data) != marker || s.Mode != 0o600 || !s.ModTime.Equal(longAgo) {
		t.Errorf("%q, %v, %v", s.Data, s.Mode, s.ModTime)
	}
	mustBe(t, d.Rewrite(was, redactLines), ErrChanged)
}

// Replace is for files that someone edits: it gives them a new time.
func TestReplaceTouches(t *testing.T) {
	d := openTemp(t)
	file := filepath.Join(d.Path(), target)
	put(t, file, "old", 0o600)
	mustDo(t, os.Chtimes(file, time.Time{}, longAgo))
	mustDo(t, d.Replace(mustRead(t, d, target), []byte("new")))
	if s := mustRead(t, d, target); !s.ModTime.After(longAgo) {
		t.Errorf("modified %v", s.ModTime)
	}
}

// A result that is what was there leaves the file alone.
func TestRewriteEqual(t *testing.T) {
	d := openTemp(t)
	file := filepath.Join(d.Path(), target)
	put(t, file, string(seeded(1, partSize+1)), 0o600)
	was := readParts(t, d, target)
	exchanged, synced := false, 0
	d.hooks.around = func(op string, call func() error) error {
		exchanged = exchanged || op == "exchange"
		if op == "fsync" {
			synced++
		} else if op == "remove" {
			synced = 0
		}
		return call()
	}
	mustDo(t, d.Rewrite(was, func(old io.Reader, new io.Writer) error {
		_, err := io.Copy(new, old)
		return err
	}))
	now := readParts(t, d, target)
	if !now.same(was) || !now.ModTime.Equal(was.ModTime) || exchanged {
		t.Errorf("%v became %v, exchanged: %v", was, now, exchanged)
	}
	if synced != 2 {
		t.Errorf("%d syncs after all else, want file and directory", synced)
	}
	onlyThese(t, d.Path(), target)
}

// Whatever goes wrong in write, the file is as it was and nothing is beside it.
func TestRewriteFails(t *testing.T) {
	ours := errors.New("ours")
	copyAll := func(old io.Reader, new io.Writer) error { _, err := io.Copy(new, old); return err }
	silently := func(old io.Reader, new io.Writer) error {
		_, _ = io.WriteString(new, "new")
		_ = copyAll(old, new)
		return nil
	}
	failing := func(failing string, nth int) hooks {
		return hooks{around: func(op string, call func() error) error {
			if op == failing {
				if nth--; nth == 0 {
					return syscall.EIO
				}
			}
			return call()
		}}
	}
	for name, c := range map[string]struct {
		hooks hooks
		write func(old io.Reader, new io.Writer) error
		want  error
	}{
		"at once":           {hooks{}, func(io.Reader, io.Writer) error { return ours }, ours},
		"after half":        {hooks{}, func(old io.Reader, new io.Writer) error { _, _ = io.CopyN(new, old, partSize); return ours }, ours},
		"reading":           {failing("read", 1), copyAll, syscall.EIO},
		"reading on":        {failing("read", 2), copyAll, syscall.EIO},
		"writing":           {failing("write", 1), copyAll, syscall.EIO},
		"writing on":        {failing("write", 2), copyAll, syscall.EIO},
		"reading, ignored":  {failing("read", 2), silently, syscall.EIO},
		"writing, ignored":  {failing("write", 2), silently, syscall.EIO},
		"full disk, at end": {failing("write", 1), func(_ io.Reader, new io.Writer) error { _, err := io.WriteString(new, "new"); return err }, syscall.EIO},
	} {
		d := openTemp(t)
		data := seeded(2, 3*partSize)
		put(t, filepath.Join(d.Path(), target), string(data), 0o600)
		was := readParts(t, d, target)
		d.hooks = c.hooks
		if err := d.Rewrite(was, c.write); !errors.Is(err, c.want) {
			t.Errorf("%s: error %v, want %v", name, err, c.want)
		}
		d.hooks = hooks{}
		if !readParts(t, d, target).same(was) {
			t.Errorf("%s: the file has changed", name)
		}
		onlyThese(t, d.Path(), target)
	}
}

func TestRewriteRefuses(t *testing.T) {
	d := openTemp(t)
	file := filepath.Join(d.Path(), target)
	called := false
	write := func(io.Reader, io.Writer) error { called = true; return nil }
	mustBe(t, d.Rewrite(d.Absent(target), write), fs.ErrNotExist)
	put(t, file, "old", 0o600)
	was := readParts(t, d, target)
	mustDo(t, os.Link(file, filepath.Join(d.Path(), "second")))
	mustBe(t, d.Rewrite(readParts(t, d, target), write), ErrHardLink)
	mustDo(t, os.Remove(filepath.Join(d.Path(), "second")))

	readOnly, err := OpenToRead(d.Path())
	mustDo(t, err)
	defer readOnly.Close()
	mustBe(t, readOnly.Rewrite(readParts(t, readOnly, target), write), ErrReadOnly)
	if err := readOnly.Rewrite(was, write); err == nil {
		t.Error("a snapshot of another directory was taken")
	}
	put(t, file, "other size", 0o600)
	mustBe(t, d.Rewrite(was, write), ErrChanged)
	if called {
		t.Error("write was called all the same")
	}
	onlyThese(t, d.Path(), target)
}

// What write does not read is compared all the same.
func TestRewriteReadsNothing(t *testing.T) {
	d := openTemp(t)
	file := filepath.Join(d.Path(), target)
	put(t, file, string(seeded(3, 2*partSize)), 0o600)
	was := readParts(t, d, target)
	none := func(io.Reader, io.Writer) error { return nil }
	put(t, file, string(seeded(4, 2*partSize)), 0o600)
	mustBe(t, d.Rewrite(was, none), ErrChanged)
	mustDo(t, d.Rewrite(readParts(t, d, target), none))
	if got := contents(t, file); got != "" {
		t.Errorf("file holds %d bytes", len(got))
	}
}

// Whoever opens a large file for writing while it is compared for the last time does not
// wait until that is done: it is given up, before anything is exchanged.
func TestRewriteYieldsToWriter(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("only Linux can tell")
	}
	d := openTemp(t)
	file := filepath.Join(d.Path(), target)
	put(t, file, strings.Repeat(secretWord+"\n", partSize), 0o600)
	was := readParts(t, d, target)
	var after []string // the operations after the last time that the file was opened
	sealed := false
	d.hooks.around = func(op string, call func() error) error {
		sealed = sealed || op == "rename"
		if sealed && op == "read" && len(after) == 0 {
			// The kernel lets this one not wait, but what it says to us is the same.
			_, err := syscall.Open(file, syscall.O_WRONLY|syscall.O_NONBLOCK, 0)
			if err != syscall.EAGAIN {
				t.Errorf("opening says %v", err)
			}
			after = append(after, op)
		} else if sealed && len(after) > 0 {
			after = append(after, op)
		}
		return call()
	}
	mustBe(t, d.Rewrite(was, redactLines), ErrChanged)
	if slices.Contains(after[1:], "read") || slices.Contains(after, "exchange") {
		t.Errorf("went on: %v", after)
	}
	d.hooks = hooks{}
	if !readParts(t, d, target).same(was) {
		t.Error("the file has changed")
	}
	onlyThese(t, d.Path(), target)
}

// A file that is larger than the memory for it, in pieces that fit to nothing.
func TestRewriteLarge(t *testing.T) {
	if testing.Short() {
		t.Skip("writes 80 MiB")
	}
	const size, piece, most = 80 << 20, 4099, 4 << 20
	d := openTemp(t)
	file := filepath.Join(d.Path(), target)
	data := seeded(5, size)
	put(t, file, string(data), 0o600)
	mustDo(t, os.Chtimes(file, time.Time{}, longAgo))
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	was := readParts(t, d, target)
	mustDo(t, d.Rewrite(was, func(old io.Reader, new io.Writer) error {
		buffer := make([]byte, piece)
		for {
			n, err := old.Read(buffer)
			for i, c := range buffer[:n] {
				buffer[i] = ^c
			}
			if _, err := new.Write(buffer[:n]); err != nil {
				return err
			}
			if err == io.EOF {
				return nil
			}
			if err != nil {
				return err
			}
		}
	}))
	runtime.ReadMemStats(&after)
	if n := after.TotalAlloc - before.TotalAlloc; n > most {
		t.Errorf("%d bytes were allocated", n)
	}
	for i := range data {
		data[i] = ^data[i]
	}
	now, err := os.ReadFile(file)
	mustDo(t, err)
	if !bytes.Equal(now, data) {
		t.Error("not what was written")
	}
	if s := readParts(t, d, target); !s.ModTime.Equal(longAgo) || s.Size != size {
		t.Errorf("%v, modified %v", s, s.ModTime)
	}
	onlyThese(t, d.Path(), target)
}
