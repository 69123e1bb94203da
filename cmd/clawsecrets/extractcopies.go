package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/clawsecrets/clawsecrets/extract"
	"github.com/clawsecrets/clawsecrets/internal/durable"
	"github.com/clawsecrets/clawsecrets/internal/ui"
	"github.com/clawsecrets/clawsecrets/scan"
)

// printCopies lists the copies that secrets go from, a line for each file: of a thousand
// places nobody reads each.
func printCopies(io *ui.IO, plan *extract.Plan, names *nameMasker) {
	if len(plan.Rewrites) == 0 {
		return
	}
	io.Printf("%s\n", io.Paint(ui.Bold, "Blotted out of copies"))
	var rows [][]string
	for _, rewrite := range plan.Rewrites {
		var with []string
		for _, text := range rewrite.With {
			with = append(with, cmp.Or(text, "removed"))
		}
		rows = append(rows, []string{
			fileAndLine(rewrite.Findings, names), plural(len(rewrite.Findings), "place", "places"),
			io.Paint(ui.Green, ui.Clean(names.mask(counted(with)))),
		})
	}
	io.Table("  ", rows)
	io.Printf("\n")
}

// fileAndLine names the first place of some findings of one file.
func fileAndLine(findings []*scan.Finding, names *nameMasker) string {
	first := slices.MinFunc(findings, func(a, b *scan.Finding) int { return cmp.Compare(a.Start, b.Start) })
	return place(first, names)
}

// counted lists texts, each once with how often it comes, three of them at most.
func counted(texts []string) string {
	const shown = 3
	times := map[string]int{}
	var once []string
	for _, text := range texts {
		if times[text]++; times[text] == 1 {
			once = append(once, text)
		}
	}
	var parts []string
	for i, text := range once {
		if i == shown {
			parts = append(parts, fmt.Sprintf("and %d more", len(once)-shown))
			break
		}
		if times[text] > 1 {
			text = fmt.Sprintf("%d × %s", times[text], text)
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, ", ")
}

// printKept lists what stays, the places of one file that stay for one reason together.
func printKept(io *ui.IO, plan *extract.Plan, names *nameMasker) {
	if len(plan.Kept) == 0 {
		return
	}
	io.Printf("%s\n", io.Paint(ui.Bold, "Kept where they are"))
	var rows [][]string
	for _, group := range keptGroups(plan.Kept) {
		first := group[0]
		what := label(first.Finding)
		if len(group) > 1 {
			what = plural(len(group), "place", "places")
		}
		rows = append(rows, []string{place(first.Finding, names), ui.Clean(names.mask(what)), ui.Clean(names.mask(first.Why))})
	}
	io.Table("  ", rows)
	io.Printf("\n")
}

// keptGroups puts together what is kept in one file for one reason, where that are many:
// a few are worth a line each.
func keptGroups(kept []extract.Kept) [][]extract.Kept {
	const few = 3
	type reason struct{ file, why string }
	count := map[reason]int{}
	for _, k := range kept {
		count[reason{k.Finding.File.Path, k.Why}]++
	}
	var groups [][]extract.Kept
	index := map[reason]int{}
	for _, k := range kept {
		at := reason{k.Finding.File.Path, k.Why}
		if i, ok := index[at]; ok && count[at] > few {
			groups[i] = append(groups[i], k)
			continue
		}
		index[at] = len(groups)
		groups = append(groups, []extract.Kept{k})
	}
	return groups
}

// offerToDelete asks, file by file, about those that may be deleted as a whole. Nobody is
// asked with --yes: deleting cannot be undone.
func offerToDelete(ctx context.Context, io *ui.IO, o *extractOptions, session *session, plan *extract.Plan, result *scan.Result) error {
	if o.dryRun || o.yes || !io.Terminal {
		return nil
	}
	names, changed := newNameMasker(result), false
	for _, offer := range plan.Offers {
		file := ui.Clean(names.mask(offer.File.Path))
		question := fmt.Sprintf("Delete %s, with %s in it? Nothing brings it back.", file, plural(offer.Secrets, "secret", "secrets"))
		if !io.Confirm(ctx, question) {
			continue
		}
		err := offer.Delete(ctx, session.view)
		switch {
		case errors.Is(err, durable.ErrChanged):
			io.Warnf("%s was changed since it was looked at, so it stays", file)
			changed = true
		case err != nil:
			return err
		default:
			io.Printf("Deleted %s.\n", file)
		}
	}
	if ctx.Err() != nil {
		return fmt.Errorf("interrupted at a question; what was said before is done: %w", ctx.Err())
	}
	if changed {
		return codeError(exitRefused)
	}
	return nil
}

// blotted counts the places that a plan blots out.
func blotted(plan *extract.Plan) int {
	places := 0
	for _, rewrite := range plan.Rewrites {
		places += len(rewrite.Findings)
	}
	return places
}

// done says what was done.
func done(plan *extract.Plan, env string) string {
	moved := fmt.Sprintf("Moved %s to %s.", plural(len(plan.Moves), "value", "values"), env)
	if places := blotted(plan); places > 0 {
		moved += fmt.Sprintf(" Blotted out %s in %s.", plural(places, "place", "places"), plural(len(plan.Rewrites), "file", "files"))
	}
	return moved
}

// planQuestion asks whether a plan is to be done.
func planQuestion(plan *extract.Plan) string {
	places := blotted(plan)
	switch {
	case places == 0:
		return fmt.Sprintf("Move %s?", plural(len(plan.Moves), "value", "values"))
	case len(plan.Moves) == 0:
		return fmt.Sprintf("Blot out %s?", plural(places, "place", "places"))
	}
	return fmt.Sprintf("Move %s, and blot out %s?", plural(len(plan.Moves), "value", "values"), plural(places, "place", "places"))
}
