package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/clawsecrets/clawsecrets/internal/gateway"
	"github.com/clawsecrets/clawsecrets/internal/secret"
)

// keyPlace points the person's config directory at a new one, and returns where the
// key will lie and a Home elsewhere.
func keyPlace(t *testing.T) (key string, home *gateway.Home) {
	t.Helper()
	config := filepath.Join(t.TempDir(), "config")
	t.Setenv("XDG_CONFIG_HOME", config)
	t.Setenv("HOME", filepath.Dir(config)) // where UserConfigDir looks on a Mac
	base, err := os.UserConfigDir()
	if err != nil {
		t.Fatal(err)
	}
	return filepath.Join(base, "clawsecrets", "key"), &gateway.Home{StateDir: t.TempDir()}
}

func TestLoadKeyMakesOneForItsOwnerAlone(t *testing.T) {
	path, home := keyPlace(t)
	first, err := loadKey(home)
	if err != nil {
		t.Fatal(err)
	}
	if first == (secret.Key{}) {
		t.Error("the key is all zeros")
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	folder, err := os.Stat(filepath.Dir(path))
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode().Perm() != 0o600 || folder.Mode().Perm() != 0o700 || info.Size() != secret.KeySize {
		t.Errorf("key %v of %d bytes in %v", info.Mode(), info.Size(), folder.Mode())
	}
	if second, err := loadKey(home); err != nil || second != first {
		t.Errorf("a second load gives another key (%v)", err)
	}
}

func TestLoadKeyRefuses(t *testing.T) {
	for _, test := range []struct {
		name string
		size int
		mode os.FileMode
		want string
	}{
		{"too short", secret.KeySize - 1, 0o600, "the key has 31 bytes instead of 32: move it away"},
		{"too long", secret.KeySize + 1, 0o600, "the key has 33 bytes instead of 32: move it away"},
		{"empty", 0, 0o600, "the key has 0 bytes instead of 32: move it away"},
		{"readable by others", secret.KeySize, 0o644, "others can read the key: chmod 0600 it"},
	} {
		t.Run(test.name, func(t *testing.T) {
			path, home := keyPlace(t)
			if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
				t.Fatal(err)
			}
			text := bytes.Repeat([]byte("k"), test.size)
			if err := os.WriteFile(path, text, test.mode); err != nil {
				t.Fatal(err)
			}
			_, err := loadKey(home)
			if err == nil || !strings.Contains(err.Error(), test.want) || !strings.HasPrefix(err.Error(), path) {
				t.Errorf("error %v, want %q", err, test.want)
			}
			if after, err := os.ReadFile(path); err != nil || !bytes.Equal(after, text) {
				t.Errorf("the file was changed (%v)", err)
			}
		})
	}
}

// What an agent can write, in its gateway's state directory, must not sign anything.
func TestLoadKeyIsNeverInsideTheHome(t *testing.T) {
	path, home := keyPlace(t)
	home.StateDir = filepath.Dir(filepath.Dir(filepath.Dir(path)))
	_, err := loadKey(home)
	if err == nil || !strings.Contains(err.Error(), "inside the state directory: set XDG_CONFIG_HOME") {
		t.Errorf("error %v", err)
	}
	if _, err := os.Stat(path); err == nil {
		t.Error("a key was made in the state directory")
	}
}
