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
	printCopies(io, plan, names)
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
	io.Printf("%s\n\n", gatewayName(home, names))
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
