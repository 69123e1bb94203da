//go:build unix

package search

import (
	"net"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// TestSpecialFiles has what must not be opened like a file: reading it may never end.
func TestSpecialFiles(t *testing.T) {
	dir, err := os.MkdirTemp("", "s") // the path of a socket must be short
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	pipe, socket, loop := filepath.Join(dir, "pipe"), filepath.Join(dir, "socket"), filepath.Join(dir, "loop")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	if err := os.Symlink(loop, loop); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{pipe, socket, loop, "/dev/zero", "/dev/null", dir} {
		report := searchFile(t, newSearcher(), name)
		if report.Problem == "" || report.Bytes != 0 {
			t.Errorf("%s: problem %q, %d bytes", name, report.Problem, report.Bytes)
		}
	}
}

func TestNoPermission(t *testing.T) {
	if os.Getuid() == 0 {
		t.Skip("root may read everything")
	}
	name := writeFile(t, []byte(github("one")))
	if err := os.Chmod(name, 0); err != nil {
		t.Fatal(err)
	}
	if report := searchFile(t, newSearcher(), name); report.Problem != "permission denied" || len(report.Hits) != 0 {
		t.Errorf("problem %q", report.Problem)
	}
}

// TestNoSize has a file whose size the system gives as 0, though there is something in it.
func TestNoSize(t *testing.T) {
	const name = "/proc/self/environ"
	if data, err := os.ReadFile(name); err != nil || len(data) == 0 {
		t.Skip("no such file here")
	}
	if report := searchFile(t, newSearcher(), name); report.Problem == "" {
		t.Error("no word about what was not read")
	}
}
