package durable

import (
	"os"
	"path/filepath"
	"testing"
)

func TestRemoveEmpty(t *testing.T) {
	root := t.TempDir()
	if err := os.Chmod(root, 0o700); err != nil {
		t.Fatal(err)
	}
	dir, err := Open(root)
	if err != nil {
		t.Fatal(err)
	}
	defer dir.Close()
	for _, name := range []string{"empty", "full"} {
		if err := os.Mkdir(filepath.Join(root, name), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"full/file", "file"} {
		if err := os.WriteFile(filepath.Join(root, name), []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink("empty", filepath.Join(root, "link")); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]struct{ fails, stays bool }{
		"gone": {false, false}, "full": {false, true}, "file": {true, true}, "link": {true, true}, "empty": {false, false},
	} {
		err := dir.RemoveEmpty(name)
		_, statErr := os.Lstat(filepath.Join(root, name))
		if (err != nil) != want.fails || (statErr == nil) != want.stays {
			t.Errorf("%s: error %v, still there: %v", name, err, statErr == nil)
		}
	}
}
