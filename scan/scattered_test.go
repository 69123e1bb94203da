package scan_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/clawsecrets/clawsecrets/internal/fixture"
	"github.com/clawsecrets/clawsecrets/scan"
)

// Each value of a home with secrets in hundreds of places is found in each of its files,
// and the bytes that are said to hold one do.
func TestScatteredRecall(t *testing.T) {
	type place struct{ file, value string }
	for _, seed := range []uint64{1, 11, 113} {
		p := person{filepath.Join(t.TempDir(), "home")}
		scatter, err := fixture.Scattered(p.home, fixture.ScatterOptions{Seed: seed, LivePID: os.Getpid()})
		if err != nil {
			t.Fatal(err)
		}
		result := p.scan(t, scan.Options{})
		found := map[place]bool{}
		for _, f := range result.Findings {
			found[place{f.File.Path, strings.TrimSpace(f.Value.Reveal())}] = true
			if !holdsItsValue(t, f) {
				t.Errorf("seed %d: %s:%d:%d (%s): other bytes are said to hold it", seed, f.File.Rel, f.Line, f.Column, f.Layers)
			}
		}
		missed := 0
		for _, planted := range scatter.Places {
			if !found[place{planted.File, strings.TrimSpace(planted.Value)}] {
				missed++
				t.Errorf("seed %d: %s (%s) is not found in %s", seed, planted.Surface, planted.Encoding, planted.File)
			}
		}
		t.Logf("seed %d: %d of %d places, %d findings", seed, len(scatter.Places)-missed, len(scatter.Places), len(result.Findings))
		if result.Coverage.Unread() {
			t.Errorf("could not read %v", result.Coverage.Skipped)
		}
	}
}

// holdsItsValue reports whether the file has the finding where that says, as far as it says so.
func holdsItsValue(t *testing.T, f *scan.Finding) bool {
	t.Helper()
	if f.End <= f.Start || strings.Contains(f.Layers, "u") {
		return true
	}
	data, err := os.ReadFile(f.File.Path)
	if err != nil {
		t.Fatal(err)
	}
	return f.WrittenAs(data[f.Start:f.End])
}
