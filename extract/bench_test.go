package extract_test

import (
	"path/filepath"
	"testing"

	"github.com/clawsecrets/clawsecrets/extract"
	"github.com/clawsecrets/clawsecrets/internal/fixture"
	"github.com/clawsecrets/clawsecrets/scan"
)

// BenchmarkPlan is all of extract --dry-run but the printing, on a Home with some
// seventy secrets, cold each time: the rules are read and compiled anew.
func BenchmarkPlan(b *testing.B) {
	dir := filepath.Join(b.TempDir(), "state")
	if err := fixture.Clawdbot(dir, fixture.Options{Seed: 1, Secrets: 70, Agents: 2}); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		result, err := scan.Home(b.Context(), open(b, dir), scan.Options{})
		if err != nil {
			b.Fatal(err)
		}
		if _, err := extract.Make(result); err != nil {
			b.Fatal(err)
		}
	}
}
