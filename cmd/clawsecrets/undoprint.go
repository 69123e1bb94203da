package main

import (
	"github.com/clawsecrets/clawsecrets/extract"
	"github.com/clawsecrets/clawsecrets/internal/rules"
	"github.com/clawsecrets/clawsecrets/internal/ui"
	"github.com/clawsecrets/clawsecrets/scan"
)

// newUndoMasker returns a masker for the values that an undo works with: nothing was
// scanned.
func newUndoMasker(session *session) (*nameMasker, error) {
	known, err := extract.KnownToVerify(session.view, session.key)
	if err != nil {
		return nil, err
	}
	var values []string
	for _, k := range known {
		values = append(values, k.Value)
	}
	return maskerOf(scan.NewNameSearch(rules.New(rules.Options{}), values...)), nil
}

// jsonUndo is what extract --undo prints.
type jsonUndo struct {
	Schema int      `json:"schema"`
	DryRun bool     `json:"dry_run"`
	Files  []string `json:"files"`
	Left   []string `json:"left"`
}

// showUndo names the files that an undo puts back.
func showUndo(io *ui.IO, o *extractOptions, session *session, plan *extract.UndoPlan) error {
	report := jsonUndo{Schema: 1, DryRun: o.dryRun, Files: []string{}, Left: []string{}}
	names, err := newUndoMasker(session)
	if err != nil {
		return err
	}
	for _, undone := range plan.Files {
		file := names.mask(undone.File.Rel)
		report.Files = append(report.Files, file)
		switch {
		case o.json || o.quiet && !o.dryRun:
		case undone.Remove:
			io.Printf("%s is removed: extract made it\n", ui.Clean(file))
		default:
			io.Printf("%s goes back to what it was\n", ui.Clean(file))
		}
	}
	for _, left := range plan.Left {
		name := names.mask(left.Path)
		report.Left = append(report.Left, name)
		if !o.json && (!o.quiet || o.dryRun) {
			io.Printf("%s stays as it is: %s\n", ui.Clean(name), ui.Clean(names.mask(left.Why)))
		}
	}
	if o.json {
		return printJSON(io, report)
	}
	return nil
}
