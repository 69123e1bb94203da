package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"time"

	"github.com/clawsecrets/clawsecrets/extract"
	"github.com/clawsecrets/clawsecrets/internal/ui"
)

// ageFlag is how old files are at least; the zero value where nobody asked.
type ageFlag struct {
	age  time.Duration
	text string // as the person typed it
}

// Set implements pflag.Value.
func (a *ageFlag) Set(text string) error {
	const day = 24 * time.Hour
	wrong := errors.New("it takes hours, days or weeks, such as 36h, 90d or 12w")
	if text == "" {
		return wrong
	}
	last := len(text) - 1
	unit := map[byte]time.Duration{'h': time.Hour, 'd': day, 'w': 7 * day}[text[last]]
	number, err := strconv.ParseUint(text[:last], 10, 16)
	age := time.Duration(number) * unit
	if err != nil || age == 0 || age/unit != time.Duration(number) {
		return wrong
	}
	*a = ageFlag{age, text}
	return nil
}

// String implements pflag.Value.
func (a *ageFlag) String() string { return a.text }

// Type implements pflag.Value.
func (a *ageFlag) Type() string { return "AGE" }

// runPrune deletes old transcripts and logs, once the person has agreed.
func runPrune(ctx context.Context, io *ui.IO, o *extractOptions, session *session) error {
	names, err := newPruneMasker(ctx, session)
	if err != nil {
		return err
	}
	var progress *ui.Progress
	plan, err := extract.MakePrune(session.view, extract.PruneOptions{
		OlderThan: o.prune.age, Now: time.Now(), Only: o.Only, Skip: o.Skip,
		Getenv: os.Getenv, LogDirs: logDirs(), Progress: func(bytes int64) { progress.Add(bytes) },
	})
	if err != nil {
		return maskedError{err, names}
	}
	if err := showPrune(io, o, session, plan, names); err != nil {
		return err
	}
	if o.dryRun || plan.Empty() {
		return incompletePrune(plan)
	}
	if len(plan.Files) > 0 {
		question := fmt.Sprintf("Delete %s? Nothing brings them back, --undo included.", amount(plan))
		if err := confirm(ctx, io, o, question); err != nil {
			return err
		}
	}
	if !o.json && !o.quiet {
		progress = io.StartProgress("deleting", plan.Bytes())
	}
	err = plan.Apply(ctx)
	progress.Stop()
	if err != nil {
		return maskedError{err, names}
	}
	if !o.json && !o.quiet && len(plan.Files) > 0 {
		io.Printf("%s\n", io.Paint(ui.Green, "Deleted "+amount(plan)+"."))
	}
	return incompletePrune(plan)
}

// amount says how much a plan deletes.
func amount(plan *extract.PrunePlan) string {
	return plural(len(plan.Files), "file", "files") + ", " + size(plan.Bytes())
}

// incompletePrune is the exit code of what is done, but not for all of the Home.
func incompletePrune(plan *extract.PrunePlan) error {
	if plan.Unlisted {
		return codeError(exitError)
	}
	return nil
}
