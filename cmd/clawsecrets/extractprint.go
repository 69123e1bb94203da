package main

import (
	"fmt"
	"slices"

	"github.com/clawsecrets/clawsecrets/extract"
	"github.com/clawsecrets/clawsecrets/internal/gateway"
	"github.com/clawsecrets/clawsecrets/internal/ui"
	"github.com/clawsecrets/clawsecrets/scan"
)

// showPlan prints a plan: what moves and where to, what stays and why, what else
// changes, and each file's lines before and after, masked.
func showPlan(io *ui.IO, o *extractOptions, session *session, plan *extract.Plan, result *scan.Result) error {
	if o.json {
		return printJSON(io, planReport(plan, session, o.dryRun, newNameMasker(result)))
	}
	if o.quiet && !o.dryRun {
		return nil
	}
	names := newNameMasker(result)
	printGateway(io, session.view.Home, names)
	if len(plan.Moves) > 0 {
		io.Printf("%s\n", io.Paint(ui.Bold, "Moves to "+ui.Clean(names.mask(session.view.Home.EnvPath()))))
		var rows [][]string
		for _, m := range plan.Moves {
			rows = append(rows, []string{
				place(m.Finding, names), ui.Clean(names.mask(label(m.Finding))), m.Finding.Value.Mask(),
				io.Paint(ui.Green, names.mask(m.Name)), ui.Clean(names.mask(shortWith(m))),
			})
		}
		io.Table("  ", rows)
		io.Printf("\n")
	}
	printKept(io, plan, names)
	printNotes(io, plan, names)
	known := slices.Concat(result.Findings, result.LeftOut)
	for _, change := range plan.Changes {
		printHunks(io, change, known, names)
	}
	if plan.Empty() {
		io.Printf("Nothing to move.\n")
	} else if o.dryRun {
		io.Printf("Nothing was written. To do it: clawsecrets extract%s\n", names.mask(homeFlags(o.global)))
	}
	return nil
}

// shortWith says what stands in a secret's place, unless it is the plain reference.
func shortWith(m *extract.Move) string {
	if m.With == "${"+m.Name+"}" {
		return ""
	}
	return m.With
}

func printGateway(io *ui.IO, home *gateway.Home, names *nameMasker) {
	version := ""
	if home.Version != "" {
		version = " " + ui.Clean(home.Version)
	}
	io.Printf("%s%s in %s\n\n", home.Product, version, ui.Clean(names.mask(home.StateDir)))
}

func printKept(io *ui.IO, plan *extract.Plan, names *nameMasker) {
	if len(plan.Kept) == 0 {
		return
	}
	io.Printf("%s\n", io.Paint(ui.Bold, "Kept where they are"))
	var rows [][]string
	for _, kept := range plan.Kept {
		rows = append(rows, []string{place(kept.Finding, names), ui.Clean(names.mask(label(kept.Finding))), ui.Clean(names.mask(kept.Why))})
	}
	io.Table("  ", rows)
	io.Printf("\n")
}

func printNotes(io *ui.IO, plan *extract.Plan, names *nameMasker) {
	if plan.Empty() {
		return
	}
	io.Printf("%s\n", io.Paint(ui.Bold, "Good to know"))
	for _, pin := range plan.Pins {
		io.Printf("  The config names the plugin %s as enabled: the gateway would do so at its next start, and write every secret back as it does.\n", ui.Clean(names.mask(pin.Plugin)))
	}
	for _, note := range plan.Notes {
		io.Printf("  %s\n", ui.Clean(names.mask(note)))
	}
	io.Printf("  The agent's own shell commands, and the servers it starts, inherit every variable of the .env.\n\n")
}

// printHunks prints lines in which the values are masked already; the keys beside them
// are not.
func printHunks(io *ui.IO, change *extract.Change, findings []*scan.Finding, names *nameMasker) {
	io.Printf("%s\n", io.Paint(ui.Bold, "--- "+ui.Clean(names.mask(change.File.Rel))))
	for _, hunk := range change.Hunks(findings) {
		io.Printf("%s\n", io.Paint(ui.Cyan, fmt.Sprintf("@@ line %d @@", hunk.Line)))
		for _, line := range hunk.Old {
			io.Printf("%s\n", io.Paint(ui.Red, "-"+ui.Clean(names.mask(line))))
		}
		for _, line := range hunk.New {
			io.Printf("%s\n", io.Paint(ui.Green, "+"+ui.Clean(names.mask(line))))
		}
	}
	io.Printf("\n")
}

// The JSON that extract prints.
type (
	jsonPlan struct {
		Schema  int         `json:"schema"`
		Gateway jsonGateway `json:"gateway"`
		DryRun  bool        `json:"dry_run"`
		Env     string      `json:"env"`
		Moves   []jsonMove  `json:"moves"`
		Kept    []jsonKept  `json:"kept"`
		Pins    []string    `json:"pins"`
		Notes   []string    `json:"notes"`
		Files   []string    `json:"files"`
	}
	jsonMove struct {
		File        string `json:"file"`
		Pointer     string `json:"pointer"`
		Line        int    `json:"line"`
		Column      int    `json:"column"`
		Name        string `json:"name"`
		With        string `json:"with"`
		Fingerprint string `json:"fingerprint"`
		Masked      string `json:"masked"`
	}
	jsonKept struct {
		File        string `json:"file"`
		Pointer     string `json:"pointer"`
		Line        int    `json:"line"`
		Column      int    `json:"column"`
		Rule        string `json:"rule"`
		Fingerprint string `json:"fingerprint"`
		Why         string `json:"why"`
	}
)

// jsonUndo is what extract --undo prints.
type jsonUndo struct {
	Schema int      `json:"schema"`
	DryRun bool     `json:"dry_run"`
	Files  []string `json:"files"`
	Left   []string `json:"left"`
}

// showUndo names the files that an undo puts back.
func showUndo(io *ui.IO, o *extractOptions, plan *extract.UndoPlan) error {
	report := jsonUndo{Schema: 1, DryRun: o.dryRun, Files: []string{}, Left: []string{}}
	names := newRulesMasker()
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
	for _, name := range plan.Left {
		name = names.mask(name)
		report.Left = append(report.Left, name)
		if !o.json && (!o.quiet || o.dryRun) {
			io.Printf("%s stays as it is: the gateway wrote it again since, as it does whenever an agent runs\n", ui.Clean(name))
		}
	}
	if o.json {
		return printJSON(io, report)
	}
	return nil
}

func planReport(plan *extract.Plan, session *session, dryRun bool, names *nameMasker) jsonPlan {
	home := session.view.Home
	report := jsonPlan{
		Schema:  1,
		Gateway: gatewayReport(home, names),
		DryRun:  dryRun, Env: names.mask(home.EnvPath()),
		Moves: []jsonMove{}, Kept: []jsonKept{}, Pins: []string{}, Files: []string{},
		Notes: []string{},
	}
	for _, note := range plan.Notes {
		report.Notes = append(report.Notes, names.mask(note))
	}
	for _, m := range plan.Moves {
		f := m.Finding
		report.Moves = append(report.Moves, jsonMove{
			names.mask(f.File.Rel), names.mask(f.Pointer), f.Line, f.Column, names.mask(m.Name), names.mask(m.With),
			session.key.Fingerprint(f.Value), f.Value.Mask(),
		})
	}
	for _, kept := range plan.Kept {
		f := kept.Finding
		report.Kept = append(report.Kept, jsonKept{
			names.mask(f.File.Rel), names.mask(f.Pointer), f.Line, f.Column, f.Rule, session.key.Fingerprint(f.Value), names.mask(kept.Why),
		})
	}
	for _, pin := range plan.Pins {
		report.Pins = append(report.Pins, names.mask(pin.Plugin))
	}
	for _, change := range plan.Changes {
		report.Files = append(report.Files, names.mask(change.File.Rel))
	}
	return report
}
