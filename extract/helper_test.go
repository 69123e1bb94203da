package extract_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/clawsecrets/clawsecrets/extract"
	"github.com/clawsecrets/clawsecrets/internal/fixture"
	"github.com/clawsecrets/clawsecrets/internal/gateway"
	"github.com/clawsecrets/clawsecrets/internal/secret"
	"github.com/clawsecrets/clawsecrets/scan"
)

// testKey is the key that tests fingerprint and sign with.
func testKey() secret.Key { return secret.Key{1, 2, 3} }

// open opens a state directory as one that the person named.
func open(t testing.TB, state string) *gateway.View {
	t.Helper()
	home, err := gateway.Find(gateway.Query{StateDir: state, UserHome: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	view, err := gateway.Open(home)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = view.Close() })
	return view
}

func scanned(t testing.TB, state string) *scan.Result {
	t.Helper()
	result, err := scan.Home(t.Context(), open(t, state), scan.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return result
}

func plan(t testing.TB, state string) *extract.Plan {
	t.Helper()
	p, err := extract.Make(scanned(t, state))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func apply(t testing.TB, state string) *extract.Plan {
	t.Helper()
	p := plan(t, state)
	if _, err := p.Apply(t.Context(), testKey()); err != nil {
		t.Fatal(err)
	}
	return p
}

func undo(t testing.TB, state string) {
	t.Helper()
	p, err := extract.MakeUndo(open(t, state), testKey())
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Apply(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// state makes a state directory of files, by relative name.
func state(t testing.TB, files map[string]string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "state")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// committed copies the committed state directory.
func committed(t testing.TB) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "state")
	if err := fixture.Copy(dir, filepath.Join("..", "testdata", "state", fixture.CommittedName)); err != nil {
		t.Fatal(err)
	}
	return dir
}

// tree reads every file below dir, by relative name, with its mode.
func tree(t testing.TB, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, entry os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, _ := filepath.Rel(dir, path)
		info, err := entry.Info()
		if err != nil || entry.IsDir() {
			files[rel+"/"] = info.Mode().String()
			return err
		}
		data, err := os.ReadFile(path)
		files[rel] = info.Mode().String() + "\n" + string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// differences names the files that differ between two trees.
func differences(a, b map[string]string) []string {
	var names []string
	for name := range a {
		if a[name] != b[name] {
			names = append(names, name)
		}
	}
	for name := range b {
		if _, ok := a[name]; !ok {
			names = append(names, name)
		}
	}
	return names
}

func scannedOnly(t testing.TB, state, glob string) *scan.Result {
	t.Helper()
	result, err := scan.Home(t.Context(), open(t, state), scan.Options{Only: []string{glob}})
	if err != nil {
		t.Fatal(err)
	}
	return result
}
