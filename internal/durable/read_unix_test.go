//go:build unix

package durable

import (
	"errors"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

func TestReadResolvesLinksInside(t *testing.T) {
	outer := t.TempDir()
	d := openAt(t, mustMkdir(t, outer, "home"))
	mustMkdir(t, d.Path(), "agents/main")
	put(t, filepath.Join(d.Path(), "agents/main/real.json"), "text", 0o600)
	put(t, filepath.Join(outer, "outside"), "secret outside", 0o600)
	for link, to := range map[string]string{
		"plain":           "agents/main/real.json",
		"absolute":        filepath.Join(d.Path(), "agents/main/real.json"),
		"chain":           "agents/link/../main/real.json",
		"agents/link":     "main",
		"out":             "../outside",
		"out-absolute":    filepath.Join(outer, "outside"),
		"out-and-in":      "../home/agents/main/real.json",
		"loop":            "loop",
		"dangling":        "agents/main/none",
		"directory":       "agents",
		"escaping-folder": "..",
	} {
		if err := os.Symlink(to, filepath.Join(d.Path(), link)); err != nil {
			t.Fatal(err)
		}
	}
	for name, want := range map[string]error{
		"agents/main/real.json":     nil,
		"plain":                     nil,
		"absolute":                  nil,
		"chain":                     nil,
		"agents/link/real.json":     nil,
		"directory/main/real.json":  nil,
		"./agents//main/real.json":  nil,
		"out":                       ErrEscapes,
		"out-absolute":              ErrEscapes,
		"out-and-in":                ErrEscapes,
		"escaping-folder/outside":   ErrEscapes,
		"../outside":                ErrEscapes,
		"agents/../../outside":      ErrEscapes,
		filepath.Join(outer, "out"): ErrEscapes,
		"":                          ErrEscapes,
		"loop":                      errTooManyLinks,
		"dangling":                  fs.ErrNotExist,
		"none":                      fs.ErrNotExist,
		"none/none":                 fs.ErrNotExist,
	} {
		s, err := d.Read(name)
		if !errors.Is(err, want) {
			t.Errorf("%q: error %v, want %v", name, err, want)
		} else if err == nil && (s.Name != "agents/main/real.json" || string(s.Data) != "text") {
			t.Errorf("%q: %q is %q", name, s.Name, s.Data)
		}
		if err != nil && strings.Contains(err.Error(), "secret outside") {
			t.Errorf("%q: the error quotes the file", name)
		}
	}
	if err := d.Replace(mustRead(t, d, "plain"), []byte("new")); err != nil {
		t.Fatal(err)
	}
	if to, err := os.Readlink(filepath.Join(d.Path(), "plain")); err != nil || to != "agents/main/real.json" {
		t.Errorf("the link is %q, %v", to, err)
	}
	if got := contents(t, filepath.Join(d.Path(), "agents/main/real.json")); got != "new" {
		t.Errorf("file holds %q", got)
	}
}

func mustMkdir(t *testing.T, parts ...string) string {
	t.Helper()
	path := filepath.Join(parts...)
	if err := os.MkdirAll(path, 0o700); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestReadRefusesOddFiles(t *testing.T) {
	d := openTemp(t)
	at := func(name string) string { return filepath.Join(d.Path(), name) }
	mustMkdir(t, at("dir"))
	if err := syscall.Mkfifo(at("fifo"), 0o600); err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("unix", at("sock"))
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	want := map[string]string{"dir": "directory", "fifo": "FIFO", "sock": "socket", ".": "directory"}
	if os.Geteuid() == 0 && syscall.Mknod(at("null"), syscall.S_IFCHR|0o600, 1<<8|3) == nil {
		want["null"] = "device"
	}
	for name, kind := range want {
		done := make(chan error, 1)
		go func() { _, err := d.Read(name); done <- err }()
		select {
		case err := <-done:
			if odd, ok := errors.AsType[*NotRegularError](err); !ok || odd.Kind != kind {
				t.Errorf("%s: error %v, want a %s", name, err, kind)
			}
		case <-time.After(10 * time.Second):
			t.Fatalf("%s: blocked", name)
		}
	}
	if _, err := d.Read("fifo/x"); !errors.Is(err, syscall.ENOTDIR) {
		t.Errorf("below a FIFO: %v", err)
	}
	if _, err := Open(at("fifo")); err == nil {
		t.Error("a FIFO was opened as a directory")
	}
	mustBe(t, d.Mkdir("fifo"), fs.ErrExist)
}

func TestReadRefusesTooLarge(t *testing.T) {
	d := openTemp(t)
	file := filepath.Join(d.Path(), target)
	put(t, file, "", 0o600)
	if err := os.Truncate(file, MaxSize+1); err != nil {
		t.Fatal(err)
	}
	_, err := d.Read(target)
	mustBe(t, err, ErrTooLarge)
}

func TestReadUnreadable(t *testing.T) {
	d := openTemp(t)
	put(t, filepath.Join(d.Path(), target), "x", 0o600)
	d.hooks.around = func(op string, call func() error) error {
		if op == "open" {
			return syscall.EACCES
		}
		return call()
	}
	_, err := d.Read(target)
	mustBe(t, err, fs.ErrPermission)
}

// A link put in the place of a file in the instant before it is opened is not followed.
func TestReadFollowsNoNewLink(t *testing.T) {
	d := openTemp(t)
	file := filepath.Join(d.Path(), target)
	put(t, file, "x", 0o600)
	put(t, filepath.Join(d.Path(), ".env"), "other", 0o600)
	d.hooks = before("open", func() {
		mustDo(t, os.Remove(file))
		mustDo(t, os.Symlink(".env", file))
	})
	_, err := d.Read(target)
	if _, ok := errors.AsType[*NotRegularError](err); !ok {
		t.Errorf("error %v", err)
	}
}

// A file that is being written to is never returned half old and half new.
func TestReadWaitsForAQuietFile(t *testing.T) {
	d := openTemp(t)
	file := filepath.Join(d.Path(), target)
	put(t, file, "one", 0o600)
	times := 0
	d.hooks.around = func(op string, call func() error) error {
		err := call()
		if op == "read" && times > 0 {
			times--
			put(t, file, strings.Repeat("x", 10+times), 0o600)
		}
		return err
	}
	times = readAttempts - 1
	if s := mustRead(t, d, target); string(s.Data) != strings.Repeat("x", 10) {
		t.Errorf("read %q", s.Data)
	}
	times = readAttempts
	_, err := d.Read(target)
	mustBe(t, err, ErrChanged)
}

func TestOpenRefusals(t *testing.T) {
	loose := mustMkdir(t, t.TempDir(), "loose")
	for mode, want := range map[fs.FileMode]error{
		0o700: nil, 0o755: nil, 0o775: ErrLoose, 0o757: ErrLoose, 0o777 | fs.ModeSticky: nil,
	} {
		if err := os.Chmod(loose, mode); err != nil {
			t.Fatal(err)
		}
		d, err := Open(loose)
		if !errors.Is(err, want) {
			t.Errorf("%v: error %v, want %v", mode, err, want)
		}
		if err == nil {
			_ = d.Close()
		}
	}
	file := filepath.Join(loose, "file")
	put(t, file, "x", 0o600)
	if _, err := Open(file); err == nil {
		t.Error("a file was opened as a directory")
	}
	_, err := Open(filepath.Join(loose, "none"))
	mustBe(t, err, fs.ErrNotExist)
}

func TestOpenResolvesLinks(t *testing.T) {
	outer := t.TempDir()
	home := mustMkdir(t, outer, "home")
	if err := os.Symlink("home", filepath.Join(outer, "link")); err != nil {
		t.Fatal(err)
	}
	want, err := filepath.EvalSymlinks(home)
	if err != nil {
		t.Fatal(err)
	}
	if d := openAt(t, filepath.Join(outer, "link")); d.Path() != want {
		t.Errorf("path %q, want %q", d.Path(), want)
	}
}

// However often a name flips between a file and a link that leads out, what is
// outside is never read.
func TestReadNeverEscapes(t *testing.T) {
	reads := 200_000
	if testing.Short() {
		reads = 5_000
	}
	outer := t.TempDir()
	d := openAt(t, mustMkdir(t, outer, "home"))
	const outside = "OUTSIDE"
	put(t, filepath.Join(outer, "outside"), outside, 0o600)
	at := func(name string) string { return filepath.Join(d.Path(), name) }
	put(t, at("file"), "inside", 0o600)
	if err := os.Symlink("../outside", at("link")); err != nil {
		t.Fatal(err)
	}
	var stop atomic.Bool
	flips := make(chan int)
	go func() {
		n := 0
		for ; !stop.Load(); n++ {
			from := "file"
			if n%2 == 1 {
				from = "link"
			}
			_ = os.Remove(at("next"))
			if from == "file" {
				_ = os.Link(at(from), at("next"))
			} else {
				_ = os.Symlink("../outside", at("next"))
			}
			_ = os.Rename(at("next"), at("name"))
		}
		flips <- n
	}()
	var inside, refused int
	for range reads {
		s, err := d.Read("name")
		switch {
		case err != nil:
			refused++
		case string(s.Data) == outside:
			t.Error("escaped")
		default:
			inside++
		}
	}
	stop.Store(true)
	t.Logf("%d reads: %d inside, %d refused, 0 escapes; %d flips", reads, inside, refused, <-flips)
	if inside == 0 || refused == 0 {
		t.Error("the race was not run")
	}
}
