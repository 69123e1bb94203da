package scan_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/clawsecrets/clawsecrets/internal/fixture"
	"github.com/clawsecrets/clawsecrets/internal/gateway"
	"github.com/clawsecrets/clawsecrets/internal/secret"
	"github.com/clawsecrets/clawsecrets/scan"
)

// scanned scans a copy of the committed state directory.
func scanned(t testing.TB, options scan.Options) *scan.Result {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "state")
	if err := fixture.Copy(dir, filepath.Join("..", "testdata", "state", fixture.CommittedName)); err != nil {
		t.Fatal(err)
	}
	home, err := gateway.Find(gateway.Query{StateDir: dir, UserHome: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	view, err := gateway.Open(home)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = view.Close() })
	result, err := scan.Home(t.Context(), view, options)
	if err != nil {
		t.Fatal(err)
	}
	return result
}

// Every planted secret is found where it was planted, or the coverage says that its
// file was not read.
func TestHomeFindsWhatWasPlanted(t *testing.T) {
	manifest, err := fixture.ReadManifest(filepath.Join("..", "testdata", "state", fixture.CommittedName+".json"))
	if err != nil {
		t.Fatal(err)
	}
	result := scanned(t, scan.Options{})
	found, unread := 0, 0
	for _, planted := range manifest.Secrets {
		switch {
		case isFound(result, planted, manifest.Value(planted)):
			found++
		case isSkipped(result, planted.File):
			unread++
		default:
			t.Errorf("%s:%d:%d %s (%s) is not found", planted.File, planted.Line, planted.Column, planted.Name, planted.Kind)
		}
	}
	t.Logf("%d found, %d in files that are named as not read, of %d", found, unread, len(manifest.Secrets))
	if found < 60 {
		t.Error("too few")
	}
}

func isFound(result *scan.Result, planted fixture.Planted, value string) bool {
	for _, f := range result.Findings {
		// Of a JSON text in a string the key inside is enough.
		here := f.File.Rel == planted.File && f.Line == planted.Line && (f.Column == planted.Column || len(f.Value.Reveal()) > 500)
		if here && (strings.Contains(f.Value.Reveal(), value) || strings.Contains(value, f.Value.Reveal())) {
			return true
		}
	}
	return false
}

func isSkipped(result *scan.Result, file string) bool {
	for _, skipped := range result.Coverage.Skipped {
		if skipped.File == file || strings.HasSuffix(skipped.File, "/") && strings.HasPrefix(file, skipped.File) {
			return true
		}
	}
	return false
}

// What is found and is no planted secret is a false alarm.
func TestHomeFindsNothingElse(t *testing.T) {
	manifest, err := fixture.ReadManifest(filepath.Join("..", "testdata", "state", fixture.CommittedName+".json"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range scanned(t, scan.Options{}).Findings {
		known := false
		for _, planted := range manifest.Secrets {
			value := manifest.Value(planted)
			known = known || strings.Contains(f.Value.Reveal(), value) || strings.Contains(value, f.Value.Reveal())
		}
		if !known {
			t.Errorf("%s:%d:%d %s (%s, %s) was never planted", f.File.Rel, f.Line, f.Column, f.Pointer, f.Rule, f.Detector)
		}
	}
}

func TestSecretsGroupsByValue(t *testing.T) {
	result := scanned(t, scan.Options{})
	seen := map[string]bool{}
	places := 0
	for _, s := range scan.Secrets(result.Findings, secret.Key{}) {
		if seen[s.Fingerprint] {
			t.Errorf("%s is listed twice", s.Fingerprint)
		}
		seen[s.Fingerprint] = true
		places += len(s.Findings)
	}
	if places != len(result.Findings) {
		t.Errorf("%d findings, %d in groups", len(result.Findings), places)
	}
}

func TestOptionsNarrow(t *testing.T) {
	for _, f := range scanned(t, scan.Options{Only: []string{"tools.*"}, Skip: []string{"*.json"}}).Findings {
		if f.File.Rel != "tools.web.json5" {
			t.Errorf("%s is found", f.File.Rel)
		}
	}
}
