//go:build linux || darwin

package scancache

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/clawsecrets/clawsecrets/internal/fixture"
	"github.com/clawsecrets/clawsecrets/internal/secret"
)

// saved returns a cache file that knows one file.
func saved(t testing.TB) (store, path string) {
	t.Helper()
	text := lines(1, 10_000)
	path, store = write(t, text), filepath.Join(t.TempDir(), "scan")
	c := openLater(store)
	remember(t, c, path, text)
	must(t, c.Save())
	return store, path
}

func TestOtherScopeOrKeyKnowsNothing(t *testing.T) {
	store, path := saved(t)
	if _, ok := lookup(t, Open(store, testScope, testKey(1)), path); !ok {
		t.Fatal("its own cache is not trusted")
	}
	for name, c := range map[string]*Cache{
		"scope":    Open(store, "rules 2", testKey(1)),
		"no scope": Open(store, "", testKey(1)),
		"key":      Open(store, testScope, testKey(2)),
	} {
		if _, ok := lookup(t, c, path); ok || len(c.records) != 0 {
			t.Errorf("another %s: trusted", name)
		}
	}
}

func TestNewScope(t *testing.T) {
	base := NewScope("1", []string{"a", "b"})
	for _, same := range [][]string{{"b", "a"}, {"a", "b", "a"}} {
		if NewScope("1", same) != base {
			t.Errorf("%q is another scope", same)
		}
	}
	seen := map[Scope]string{}
	for _, other := range []struct {
		rules string
		known []string
	}{
		{"1", []string{"a", "b"}}, {"2", []string{"a", "b"}}, {"1", []string{"a"}}, {"1", nil}, {"1", []string{"ab"}},
		{"1", []string{"a b"}}, {`1" "a`, []string{"b"}}, {"1 a", []string{"b"}}, {"", []string{"1", "a", "b"}}, {"1", []string{""}},
	} {
		name, scope := fmt.Sprintf("%q", other), NewScope(other.rules, other.known)
		if before, ok := seen[scope]; ok {
			t.Errorf("%s and %s are one scope", before, name)
		}
		seen[scope] = name
	}
}

// No byte of the file can be changed, taken away or added.
func TestDamagedFileKnowsNothing(t *testing.T) {
	store, path := saved(t)
	data, err := os.ReadFile(store)
	must(t, err)
	check := func(what string, damaged []byte) {
		t.Helper()
		must(t, os.WriteFile(store, damaged, 0o600))
		c := openLater(store)
		if _, ok := lookup(t, c, path); ok || len(c.records) != 0 {
			t.Errorf("%s: trusted", what)
		}
	}
	for i := range data {
		for bit := range 8 {
			damaged := slices.Clone(data)
			damaged[i] ^= 1 << bit
			check(fmt.Sprintf("byte %d, bit %d", i, bit), damaged)
		}
		check(fmt.Sprintf("cut at %d", i), data[:i])
	}
	check("one byte more", append(slices.Clone(data), 0))
	check("twice", slices.Concat(data, data))
	must(t, os.WriteFile(store, data, 0o600))
	if _, ok := lookup(t, openLater(store), path); !ok {
		t.Error("the file as it was is not trusted: the test shows nothing")
	}
}

// What is no file at all neither stops a scan nor keeps it waiting.
func TestNoFileInItsPlace(t *testing.T) {
	fifo := filepath.Join(t.TempDir(), "scan")
	must(t, syscall.Mkfifo(fifo, 0o600))
	for _, store := range []string{fifo, t.TempDir(), filepath.Join(fifo, "scan"), "", "\x00"} {
		if c := openLater(store); len(c.records) != 0 {
			t.Errorf("%q knows something", store)
		}
	}
}

// The file says where secrets are and nothing that helps to guess one.
func TestFileHoldsNoSecret(t *testing.T) {
	key := testKey(7)
	password := "hunter2-" + fixture.Secret(1, "placeholder", "a")
	secrets := []string{password}
	for _, kind := range fixture.Kinds() {
		secrets = append(secrets, fixture.Secret(1, kind, "a"))
	}
	var text []byte
	entry := Entry{}
	for _, s := range secrets {
		for range 3 {
			start := int64(len(text))
			text = append(text, s+"\n"...)
			entry.Lines++
			entry.Findings = append(entry.Findings, Finding{Rule: "r", Start: start, End: start + int64(len(s))})
		}
	}
	entry.Scanned = int64(len(text))
	var known []string
	for _, s := range secrets {
		known = append(known, key.Fingerprint(secret.New(s)))
	}
	path, store := write(t, text), filepath.Join(t.TempDir(), "scan")
	c := Open(store, NewScope("1", known), key)
	f, info := openFile(t, path)
	defer func() { _ = f.Close() }()
	if !c.Store(path, f, info, entry) {
		t.Fatal("not remembered")
	}
	must(t, c.Save())
	data, err := os.ReadFile(store)
	must(t, err)
	forbidden := append(digests([]byte(NewScope("1", known))), digests(text)...)
	forbidden = append(forbidden, digests(text[:min(blockSize, len(text))])...)
	forbidden = append(forbidden, key[:], []byte(hex.EncodeToString(key[:])), c.key[:], []byte(hex.EncodeToString(c.key[:])))
	for i, s := range secrets {
		forbidden = append(forbidden, digests([]byte(s))...)
		forbidden = append(forbidden, []byte(known[i]), []byte(s[:6]), []byte(s[len(s)-6:]))
	}
	for _, bad := range forbidden {
		if bytes.Contains(data, bad) {
			t.Errorf("the file holds %d bytes of what it must not", len(bad))
		}
	}
}

// digests returns what could be compared with a guess, in the usual forms.
func digests(text []byte) [][]byte {
	sum := sha256.Sum256(text)
	return [][]byte{
		text, sum[:16], []byte(hex.EncodeToString(sum[:8])), []byte(base64.StdEncoding.EncodeToString(sum[:])[:12]),
	}
}

func TestDefaultPath(t *testing.T) {
	base := t.TempDir()
	t.Setenv("HOME", base)
	t.Setenv("XDG_CACHE_HOME", filepath.Join(base, "cache"))
	path, err := DefaultPath()
	if err != nil || filepath.Base(path) != "scan" || !strings.HasPrefix(path, base) {
		t.Errorf("%s %v", path, err)
	}
	t.Setenv("HOME", "")
	t.Setenv("XDG_CACHE_HOME", "")
	if path, err := DefaultPath(); err == nil {
		t.Errorf("%s without a home", path)
	}
}
