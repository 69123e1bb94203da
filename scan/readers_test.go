package scan

import (
	"io/fs"
	"path/filepath"
	"runtime"
	"testing"
	"testing/fstest"

	"github.com/clawsecrets/clawsecrets/internal/gateway"
)

// Who can read a file is decided by the file and by every directory above it.
func TestReaders(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("modes say nothing here")
	}
	for _, test := range []struct {
		top, above, dir, file fs.FileMode
		want                  Readers
	}{
		{0o755, 0o755, 0o755, 0o600, Owner},
		{0o755, 0o755, 0o755, 0o640, Group},
		{0o755, 0o755, 0o755, 0o644, Others},
		{0o755, 0o755, 0o755, 0o604, Others},
		{0o755, 0o755, 0o700, 0o644, Owner},
		{0o755, 0o700, 0o755, 0o644, Owner},
		{0o700, 0o755, 0o755, 0o666, Owner},
		{0o755, 0o750, 0o755, 0o644, Group},
		{0o755, 0o755, 0o710, 0o644, Group},
		{0o755, 0o755, 0o711, 0o644, Others},  // who knows the name can open it
		{0o755, 0o755, 0o744, 0o644, Owner},   // a list of names opens nothing
		{0o755, 0o750, 0o701, 0o640, Group},   // each has to let them through, whoever they are
		{0o1777, 0o755, 0o755, 0o644, Others}, // as /tmp
	} {
		modes := map[string]fs.FileMode{"/nowhere": test.top, "/nowhere/a": test.above, "/nowhere/a/b": test.dir, "/": 0o755}
		r := newReach()
		r.stat = func(name string) (fs.FileInfo, error) {
			return fstest.MapFS{"x": {Mode: modes[filepath.ToSlash(name)]}}.Stat("x")
		}
		for range 2 { // the second time from memory
			if got := r.readers(&gateway.File{Path: "/nowhere/a/b/file", Mode: test.file}); got != test.want {
				t.Errorf("%o/%o/%o/%o: got %s, want %s", test.top, test.above, test.dir, test.file, got, test.want)
			}
		}
	}
}

// Of what comes through a pipe it is not known.
func TestReadersOfAStream(t *testing.T) {
	if got := newReach().readers(&gateway.File{Path: "-"}); got != "" {
		t.Errorf("got %q", got)
	}
}

// A stray 0644 is no reason for alarm where the directory keeps everybody out.
func TestSeverityFollowsReaders(t *testing.T) {
	for _, test := range []struct {
		surface gateway.Surface
		mode    fs.FileMode
		readers Readers
		want    Severity
	}{
		{"config", 0o644, Owner, High},
		{"config", 0o644, "", High},
		{"config", 0o640, Group, Critical},
		{"session", 0o644, Others, Critical},
		{"backup", 0o644, Owner, Medium},
		{"dotenv", 0o600, Owner, Low},
		{"dotenv", 0o644, Owner, Medium},
		{"dotenv", 0o644, Others, Critical},
	} {
		f := &Finding{Location: Location{File: &gateway.File{Surface: test.surface, Mode: test.mode}}, ReadableBy: test.readers}
		if got := surfaceSeverity(f); got != test.want {
			t.Errorf("%s %o, read by %s: got %s, want %s", test.surface, test.mode, test.readers, got, test.want)
		}
	}
}
