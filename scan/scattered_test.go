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
// and what is said to hold it does.
func TestScatteredRecall(t *testing.T) {
	p := person{filepath.Join(t.TempDir(), "home")}
	scatter, err := fixture.Scattered(p.home, fixture.ScatterOptions{Seed: 11, LivePID: os.Getpid()})
	if err != nil {
		t.Fatal(err)
	}
	result := p.scan(t, scan.Options{})
	type place struct{ file, value string }
	found := map[place]bool{}
	for _, f := range result.Findings {
		found[place{f.File.Path, strings.TrimSpace(f.Value.Reveal())}] = true
		if f.End <= f.Start || strings.Contains(f.Layers, "u") {
			continue
		}
		data, err := os.ReadFile(f.File.Path)
		if err != nil {
			t.Fatal(err)
		}
		if !f.WrittenAs(data[f.Start:f.End]) {
			t.Errorf("%s:%d:%d: %q (%q) %d-%d is not its value %q %s %s", f.File.Rel, f.Line, f.Column, data[f.Start:f.End], f.Layers, f.From, f.To, f.Value.Reveal(), f.Rule, f.Detector)
			t.Logf("%q", data[max(0, f.Start-100):f.End+50])
		}
	}
	for _, planted := range scatter.Places {
		if !found[place{planted.File, strings.TrimSpace(planted.Value)}] {
			t.Errorf("%s (%s) is not found in %s", planted.Surface, planted.Encoding, planted.File); for _, o := range scatter.Places { if o.Value == planted.Value { t.Log(o.File, o.Encoding) } }; for _, f := range result.Findings { if f.Value.Reveal() == planted.Value { t.Log("found", f.File.Rel, f.Rule, f.Detector, f.Value.Mask()) } }
		}
	}
	t.Logf("%d places, %d findings", len(scatter.Places), len(result.Findings))
	if result.Coverage.Unread() {
		t.Errorf("could not read %v", result.Coverage.Skipped)
	}
}
