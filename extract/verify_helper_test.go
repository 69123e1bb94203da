package extract_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/clawsecrets/clawsecrets/extract"
	"github.com/clawsecrets/clawsecrets/internal/gateway"
	"github.com/clawsecrets/clawsecrets/internal/secret"
	"github.com/clawsecrets/clawsecrets/internal/service"
	"github.com/clawsecrets/clawsecrets/scan"
)

// person makes a home directory of files, by name relative to it; @ in a text stands for the
// directory. The gateway's Home is .clawdbot in it, found as the gateway finds it itself.
func person(t testing.TB, files map[string]string) *gateway.View {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(strings.ReplaceAll(text, "@", dir)), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	home, err := gateway.Find(gateway.Query{UserHome: dir})
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

// looked scans everything that belongs to a Home but the machine's logs.
func looked(t testing.TB, view *gateway.View) *scan.Result {
	t.Helper()
	known, err := extract.KnownToVerify(view, testKey())
	if err != nil {
		t.Fatal(err)
	}
	result, err := scan.Home(t.Context(), view, scan.Options{Known: known, Everywhere: &scan.Everywhere{Strict: true, LogDirs: []string{}}})
	if err != nil {
		t.Fatal(err)
	}
	return result
}

// problems verifies what a scan has seen, an hour from now, and returns a line for each
// problem. Names of files are relative to the home directory.
func problems(t testing.TB, scanned *scan.Result) string {
	t.Helper()
	found, err := extract.Verify(t.Context(), scanned, testKey(), extract.VerifyOptions{Now: time.Now().Add(time.Hour)})
	if err != nil {
		t.Fatal(err)
	}
	var lines strings.Builder
	for _, p := range found.Problems {
		mark := "wrong"
		if p.Warning {
			mark = "note"
		}
		fmt.Fprintf(&lines, "%s %s: %s (%s; %s)\n", mark, p.Where, p.What, strings.Join(p.Command, " "), p.Do)
	}
	return strings.ReplaceAll(lines.String(), scanned.View.Home.UserHome+"/", "~/")
}

// process is a running gateway's environment.
func process(variables map[string]string) service.Source {
	source := service.Source{Kind: service.SourceProcess, PID: 4711, Values: map[string]secret.Value{}}
	for name, value := range variables {
		source.Values[name] = secret.New(value)
	}
	return source
}

// reopened opens a Home anew, as another run would.
func reopened(t testing.TB, home *gateway.Home) *gateway.View {
	t.Helper()
	view, err := gateway.Open(home)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = view.Close() })
	return view
}
