package gatewaytest

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestProduct(t *testing.T) {
	in := Product(t)
	if err := in.check(); err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{in.Node, in.Entry} {
		if !strings.HasPrefix(file, in.Modules+string(os.PathSeparator)) {
			t.Errorf("%s is not in %s", file, in.Modules)
		}
	}
}

// TestLock: without addresses npm asks the registry that the machine is set up
// for; without a hash it would take whatever that answers.
func TestLock(t *testing.T) {
	root, err := repositoryRoot()
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(filepath.Join(root, "testdata", "product", "clawdbot-"+Version, "package-lock.json"))
	if err != nil {
		t.Fatal(err)
	}
	var lock struct {
		Packages map[string]struct{ Version, Resolved, Integrity string }
	}
	if err := json.Unmarshal(data, &lock); err != nil {
		t.Fatal(err)
	}
	if got := lock.Packages["node_modules/clawdbot"].Version; got != Version {
		t.Errorf("the lock pins version %q of the product, want %q", got, Version)
	}
	for name, p := range lock.Packages {
		if name != "" && (p.Resolved != "" || p.Integrity == "") {
			t.Errorf("%s: address %q, hash %q; want a hash alone", name, p.Resolved, p.Integrity)
		}
	}
}
