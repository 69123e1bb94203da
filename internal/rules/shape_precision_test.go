package rules

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestShapeRulesLeaveSourceAlone runs our own rules over the source of Go's standard
// library, which has hashes, test vectors, tables, URLs and examples of every header,
// but no secrets; what is found there are passwords in the tests of URLs. RULES_CORPUS
// names another directory to try.
func TestShapeRulesLeaveSourceAlone(t *testing.T) {
	goroot, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Skip("there is no go command to ask where the standard library is")
	}
	root := filepath.Join(strings.TrimSpace(string(goroot)), "src")
	if extra := os.Getenv("RULES_CORPUS"); extra != "" {
		root = extra
	} else if testing.Short() {
		root = filepath.Join(root, "runtime")
	}
	if _, err := os.Stat(root); err != nil {
		t.Skip("the source of the standard library is not here")
	}
	const perMegabyte = 0.12
	var size int
	secrets := map[string]string{}
	set := New(Options{})
	err = filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		size += len(text)
		for _, m := range set.Find(string(text)) {
			if m.Detector == DetectorShape {
				secrets[m.Rule+" "+string(text[m.Start:m.End])] = path
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := set.Err(); err != nil {
		t.Fatal(err)
	}
	megabytes := float64(size) / 1e6
	t.Logf("%d distinct findings in %.0f MB", len(secrets), megabytes)
	for secret, path := range secrets {
		t.Logf("%.120q in %s", secret, path)
	}
	if got := float64(len(secrets)) / megabytes; got > perMegabyte {
		t.Errorf("%.2f findings per MB, want at most %.2f", got, perMegabyte)
	}
}
