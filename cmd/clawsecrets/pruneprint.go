package main

import (
	"slices"
	"strings"
	"time"

	"github.com/clawsecrets/clawsecrets/extract"
	"github.com/clawsecrets/clawsecrets/internal/ui"
)

// The JSON that extract --prune prints.
type (
	jsonPrune struct {
		Schema int          `json:"schema"`
		DryRun bool         `json:"dry_run"`
		Files  []jsonPruned `json:"files"`
		Left   []jsonLeft   `json:"left"`
		Bytes  int64        `json:"bytes"`
	}
	jsonPruned struct {
		File     string `json:"file"`
		Bytes    int64  `json:"bytes"`
		Modified string `json:"modified"`
		Kind     string `json:"kind"`
	}
	jsonLeft struct {
		File string `json:"file"`
		Why  string `json:"why"`
	}
)

// showPrune lists what is deleted, and what is as old and stays.
func showPrune(io *ui.IO, o *extractOptions, session *session, plan *extract.PrunePlan, names *nameMasker) error {
	if o.json {
		return printJSON(io, pruneReport(plan, o.dryRun, names))
	}
	if o.quiet && !o.dryRun {
		return nil
	}
	printGateway(io, session.view.Home, names)
	if len(plan.Files) > 0 {
		io.Printf("%s\n", io.Paint(ui.Bold, "Not written to for "+o.prune.text))
		var rows [][]string
		for _, file := range plan.Files {
			rows = append(rows, []string{ui.Clean(names.mask(file.Path)), string(file.Kind), size(file.Size), file.ModTime.Format(time.DateOnly)})
		}
		io.Table("  ", rows)
		io.Printf("\n")
	}
	if left := leftByPrune(plan, o.dryRun); len(left) > 0 {
		io.Printf("%s\n", io.Paint(ui.Bold, "As old, and stays"))
		var rows [][]string
		for _, l := range left {
			rows = append(rows, []string{ui.Clean(names.mask(l.Path)), ui.Clean(names.mask(l.Why))})
		}
		io.Table("  ", rows)
		io.Printf("\n")
	}
	if plan.Narrowed > 0 {
		io.Printf("%s left out by --only or --skip.\n", plural(plan.Narrowed, "old file is", "old files are"))
	}
	switch {
	case len(plan.Files) == 0:
		io.Printf("Nothing to delete.\n")
	case o.dryRun:
		io.Printf("Nothing was deleted. To do it: clawsecrets extract --prune %s%s%s\n", o.prune.text, names.mask(globFlags(o)), names.mask(homeFlags(o.global)))
	}
	return nil
}

// globFlags repeats the flags that narrow a run.
func globFlags(o *extractOptions) string {
	var b strings.Builder
	for _, glob := range o.Only {
		b.WriteString(" --only " + shellQuote(glob))
	}
	for _, glob := range o.Skip {
		b.WriteString(" --skip " + shellQuote(glob))
	}
	return ui.Clean(b.String())
}

// leftByPrune returns what stays. Before a run, that is also what only the run clears up.
func leftByPrune(plan *extract.PrunePlan, dryRun bool) []extract.Left {
	left := slices.Clone(plan.Left)
	if dryRun {
		for _, path := range plan.Unfinished {
			left = append(left, extract.Left{Path: path, Why: "an interrupted run has left it: the next one clears it up"})
		}
	}
	return left
}

func pruneReport(plan *extract.PrunePlan, dryRun bool, names *nameMasker) jsonPrune {
	report := jsonPrune{Schema: 1, DryRun: dryRun, Files: []jsonPruned{}, Left: []jsonLeft{}, Bytes: plan.Bytes()}
	for _, file := range plan.Files {
		report.Files = append(report.Files, jsonPruned{names.mask(file.Path), file.Size, file.ModTime.UTC().Format(time.RFC3339), string(file.Kind)})
	}
	for _, left := range leftByPrune(plan, dryRun) {
		report.Left = append(report.Left, jsonLeft{names.mask(left.Path), names.mask(left.Why)})
	}
	return report
}
