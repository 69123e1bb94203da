package scan_test

import (
	"fmt"
	"testing"

	"github.com/clawsecrets/clawsecrets/scan"
)

// A scan of everything says of each place that a narrow one finds what that says.
func TestNarrowAndEverywhereAgree(t *testing.T) {
	p := newPerson(t)
	for _, s := range surfaces() {
		p.write(t, s.path, contents(s.path, plantedIn(s.path)...))
	}
	of := func(f *scan.Finding) string {
		return fmt.Sprintf("%s:%d-%d %s", f.File.Rel, f.Start, f.End, f.Pointer)
	}
	says := func(f *scan.Finding) string {
		return fmt.Sprintf("%s %s %s %s %q", f.File.Surface, f.Action, f.Severity, f.ReadableBy, f.Note)
	}
	everywhere := map[string]map[string]bool{}
	for _, f := range p.scan(t, scan.Options{}).Findings {
		if everywhere[of(f)] == nil {
			everywhere[of(f)] = map[string]bool{}
		}
		everywhere[of(f)][says(f)] = true
	}
	narrow, err := p.narrow(t)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range narrow.Findings {
		if !everywhere[of(f)][says(f)] {
			t.Errorf("%s %s: a narrow scan says %s, everywhere %v", of(f), f.Rule, says(f), everywhere[of(f)])
		}
	}
	if len(narrow.Findings) < 100 {
		t.Errorf("%d findings are too few to tell", len(narrow.Findings))
	}
}

func (p person) narrow(t testing.TB) (*scan.Result, error) {
	t.Helper()
	return p.scanUntil(t.Context(), t, scan.Options{})
}
