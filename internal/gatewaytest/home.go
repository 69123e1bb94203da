package gatewaytest

import (
	"os"
	"path/filepath"
	"testing"
)

// Home is the home directory of one imaginary person who runs the product.
type Home struct {
	Dir   string // HOME
	State string // the state directory, Dir/.clawdbot
}

// NewHome returns an empty home directory with an empty state directory, both
// of mode 0700, that is removed when the test ends.
func NewHome(t testing.TB) *Home {
	t.Helper()
	dir := t.TempDir()
	h := &Home{Dir: dir, State: filepath.Join(dir, ".clawdbot")}
	if err := os.Chmod(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(h.State, 0o700); err != nil {
		t.Fatal(err)
	}
	return h
}

// Config returns the path of the product's configuration file.
func (h *Home) Config() string { return h.Path("clawdbot.json") }

// DotEnv returns the path of the .env in the state directory.
func (h *Home) DotEnv() string { return h.Path(".env") }

// Path returns the path of a file by its slash-separated name in the state directory.
func (h *Home) Path(name string) string { return filepath.Join(h.State, filepath.FromSlash(name)) }

// Write creates or replaces a file of mode 0600 in the state directory, by its
// slash-separated name, with the directories that it needs.
func (h *Home) Write(t testing.TB, name, content string) {
	t.Helper()
	path := h.Path(name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

// Read returns the content of a file in the state directory.
func (h *Home) Read(t testing.TB, name string) string {
	t.Helper()
	data, err := os.ReadFile(h.Path(name))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
