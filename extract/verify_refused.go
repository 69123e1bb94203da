package extract

import (
	"fmt"

	"github.com/clawsecrets/clawsecrets/scan"
)

// refused reports the secrets of a Home of which extract can move none: they would lie in clear
// without a word. What the .env holds already is named as a copy.
func (v *verifier) refused() {
	planner := newPlanner(v.scanned)
	if !planner.refused() {
		return
	}
	type stuck struct {
		first  Kept
		places int
	}
	byFile := map[string]*stuck{}
	var files []*stuck
	names := v.heldNames()
	for _, kept := range planner.Kept {
		f := kept.Finding
		if _, held := names.of(f); held || f.Detector == scan.Weak {
			continue
		}
		if byFile[f.File.Path] == nil {
			byFile[f.File.Path] = &stuck{first: kept}
			files = append(files, byFile[f.File.Path])
		}
		byFile[f.File.Path].places++
	}
	for _, file := range files {
		what := "holds a secret in clear, which cannot move"
		if file.places > 1 {
			what = fmt.Sprintf("holds secrets in clear, in %d places, which cannot move", file.places)
		}
		v.problem(Problem{Where: where(file.first.Finding), What: what, Do: file.first.Why + ": put that right, then run clawsecrets extract"})
	}
}
