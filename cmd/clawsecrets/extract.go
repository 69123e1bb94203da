package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"
	"unicode"

	"github.com/spf13/cobra"

	"github.com/clawsecrets/clawsecrets/extract"
	"github.com/clawsecrets/clawsecrets/internal/gateway"
	"github.com/clawsecrets/clawsecrets/internal/ui"
	"github.com/clawsecrets/clawsecrets/scan"
)

type extractOptions struct {
	*global
	scan.Options
	plan           extract.Options
	dryRun, yes    bool
	undo, forget   bool
	prune          ageFlag
	restart        bool
	restartCommand string
}

func newExtractCommand(io *ui.IO, g *global) *cobra.Command {
	o := &extractOptions{global: g}
	cmd := &cobra.Command{
		Use:   "extract",
		Short: "Move the live secrets into the gateway's .env",
		Long: `extract moves secrets from the config, the files it includes and the auth profiles into
the .env in the gateway's state directory, readable by you alone. A config string
becomes a reference; the gateway resolves exactly what it resolved before. What could
not move without changing that stays, and is listed with the reason.

Copies of secrets go too: from logs and old versions of the config; with --sessions from
the transcripts of sessions that are over, where a marker such as [redacted:NAME] takes
their place; with --service from the unit, property list or environment file that starts
the gateway, so that the .env counts. Values that no config needs any more are kept in
clawsecrets/quarantine.env until --forget.

The gateway must be stopped meanwhile: stop it yourself, or pass --restart. What was
done can be undone byte for byte with --undo until --forget.

With --prune it does one thing alone: it deletes transcripts of sessions that are over, and
logs, that were not written to for that long. The gateway may run. Nothing brings them back.

What the .env does not protect from: the agent's own shell commands and the servers
it starts inherit every variable of the gateway.`,
		Example: `  clawsecrets extract --dry-run
  clawsecrets extract --restart
  clawsecrets extract --prune 90d --dry-run`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return runExtract(cmd.Context(), io, o) },
	}
	flags := cmd.Flags()
	flags.BoolVar(&o.dryRun, "dry-run", false, "show what would be done, write nothing")
	flags.BoolVarP(&o.yes, "yes", "y", false, "do not ask")
	flags.StringArrayVar(&o.Only, "only", nil, "files or config paths to move, by a `GLOB` (repeatable)")
	flags.StringArrayVar(&o.Skip, "skip", nil, "files or config paths to leave, by a `GLOB` (repeatable)")
	flags.BoolVar(&o.restart, "restart", false, "stop the gateway, write, start it, wait until it is healthy")
	flags.StringVar(&o.restartCommand, "restart-command", "", "the `COMMAND` that starts the gateway, where it is no service")
	flags.BoolVar(&o.plan.Sessions, "sessions", false, "blot secrets out of transcripts, too")
	flags.BoolVar(&o.plan.ForceLive, "force-live", false, "with --sessions: of open sessions, too")
	flags.BoolVar(&o.plan.Service, "service", false, "take secrets out of the files of the gateway's service, too")
	flags.Var(&o.prune, "prune", "delete closed transcripts and logs older than `AGE`, such as 36h, 90d or 12w")
	flags.BoolVar(&o.undo, "undo", false, "put back every file as it was")
	flags.BoolVar(&o.forget, "forget", false, "remove receipt and quarantine: what was done can then not be undone")
	return cmd
}

// check refuses flags that contradict one another: each would be ignored in silence.
func (o *extractOptions) check() error {
	narrowed := len(o.Only) > 0 || len(o.Skip) > 0
	switch {
	case o.prune.age > 0 && o.other():
		return hint(usageErrorf("--prune goes with --dry-run, --yes, --only and --skip alone"), "it deletes old files and does nothing else: run extract once more for the rest")
	case o.restartCommand != "" && !o.restart:
		return hint(usageErrorf("--restart-command goes with --restart"), "add --restart")
	case o.plan.ForceLive && !o.plan.Sessions:
		return hint(usageErrorf("--force-live goes with --sessions"), "add --sessions")
	case (o.undo || o.forget) && (o.plan.Sessions || o.plan.Service):
		return hint(usageErrorf("--sessions and --service do not go with --undo or --forget"), "these take all that was done")
	case o.undo && o.forget:
		return hint(usageErrorf("--undo and --forget do not go together"), "--undo puts everything back, --forget gives up the way back")
	case (o.undo || o.forget) && narrowed:
		return hint(usageErrorf("--only and --skip do not go with --undo or --forget"), "these take all that was done")
	case o.forget && o.restart:
		return hint(usageErrorf("--restart does not go with --forget"), "leave it out: the gateway does not notice")
	}
	return checkGlobs(o.Options)
}

// other reports whether a flag asks for something that pruning does not do.
func (o *extractOptions) other() bool {
	return o.undo || o.forget || o.restart || o.restartCommand != "" || o.plan.Sessions || o.plan.ForceLive || o.plan.Service
}

func runExtract(ctx context.Context, io *ui.IO, o *extractOptions) error {
	if err := o.check(); err != nil {
		return err
	}
	open := gateway.Open
	if o.dryRun {
		open = gateway.OpenToRead
	}
	session, err := openSession(o.global, open)
	if err != nil {
		return err
	}
	defer session.close()
	switch {
	case o.undo:
		return runUndo(ctx, io, o, session)
	case o.forget:
		return runForget(ctx, io, o, session)
	case o.prune.age > 0:
		return runPrune(ctx, io, o, session)
	}
	if !o.dryRun {
		if err := recoverHome(ctx, session); err != nil {
			return err
		}
	}
	result, err := scanToExtract(ctx, io, o, session)
	if err != nil {
		return err
	}
	warnUnmatched(io, o.Options, result)
	warnUnread(io, result)
	o.plan.Now = time.Now()
	plan, err := extract.MakeAll(result, session.key, o.plan)
	if err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("interrupted; nothing was written: %w", err)
	}
	if err := showPlan(io, o, session, plan, result); err != nil {
		return err
	}
	noteOthers(io, session)
	if !o.dryRun && !plan.Empty() {
		if err := applyPlan(ctx, io, o, session, plan, result); err != nil {
			return err
		}
	}
	if err := offerToDelete(ctx, io, o, session, plan, result); err != nil {
		return err
	}
	return incomplete(result)
}

// scanToExtract scans all places where a copy may lie.
func scanToExtract(ctx context.Context, io *ui.IO, o *extractOptions, session *session) (*scan.Result, error) {
	known, err := extract.Known(session.view, session.key)
	if err != nil {
		return nil, err
	}
	progress := startScanProgress(io, o.json || o.quiet, 0)
	defer progress.Stop()
	options := o.Options
	options.Known = known
	options.Everywhere = &scan.Everywhere{
		Strict: true, Getenv: os.Getenv, LogDirs: logDirs(), Cache: openCache(session.view.Home, session.key),
		Started: progress.SetTotal, Progress: progress.Add,
	}
	return session.scan(ctx, options)
}

// incomplete is the exit code of what is done, but not for all of the Home.
func incomplete(result *scan.Result) error {
	if result.Coverage.Unread() {
		return codeError(exitError)
	}
	return nil
}

// recoverHome finishes what a crash interrupted, and looks at the Home anew.
func recoverHome(ctx context.Context, session *session) error {
	if err := extract.Recover(ctx, session.view, session.key); err != nil {
		return err
	}
	return session.reopen()
}

func applyPlan(ctx context.Context, io *ui.IO, o *extractOptions, session *session, plan *extract.Plan, result *scan.Result) error {
	restarter, err := stopBefore(ctx, io, o, result, planQuestion(plan))
	if err != nil {
		return err
	}
	if _, err := plan.Apply(ctx, session.key); err != nil {
		return errors.Join(err, restarter.start(context.WithoutCancel(ctx)))
	}
	if err := session.reopen(); err != nil {
		return err
	}
	if err := restarter.startHealthy(ctx); err != nil {
		return undoAfter(ctx, io, session, restarter, err)
	}
	if !o.json && !o.quiet {
		names := newNameMasker(result)
		flags := names.mask(homeFlags(o.global))
		io.Printf("\n%s\n", io.Paint(ui.Green, done(plan, ui.Clean(names.mask(session.view.Home.EnvPath())))))
		if len(plan.Reload) > 0 {
			io.Printf("So that the service is started without them, before it is started again:\n")
			for _, command := range plan.Reload {
				io.Printf("    %s\n", ui.Clean(names.mask(command)))
			}
		}
		io.Printf("To put everything back: clawsecrets extract --undo%s\n", flags)
		io.Printf("To check that it stays so: clawsecrets verify%s\n", flags)
	}
	return nil
}

// undoAfter puts everything back when the gateway does not come up.
func undoAfter(ctx context.Context, io *ui.IO, session *session, restarter *restarter, cause error) error {
	code := codeError(exitFound)
	if ctx.Err() != nil {
		code = exitInterrupted
	}
	ctx = context.WithoutCancel(ctx)
	io.Warnf("%v; putting everything back", cause)
	if err := restarter.stop(ctx); err != nil {
		return err
	}
	plan, err := extract.MakeUndo(session.view, session.key)
	if err != nil {
		return err
	}
	if err := plan.Apply(ctx); err != nil {
		return err
	}
	if err := restarter.startHealthy(ctx); err != nil {
		io.Warnf("everything is as it was before, but the gateway is not running: start it yourself (%v)", err)
	}
	return code
}

func runUndo(ctx context.Context, io *ui.IO, o *extractOptions, session *session) error {
	if !o.dryRun {
		if err := recoverHome(ctx, session); err != nil {
			return err
		}
	}
	plan, err := extract.MakeUndo(session.view, session.key)
	if errors.Is(err, extract.ErrNothingToUndo) {
		return err
	}
	if err != nil {
		return err
	}
	if err := showUndo(io, o, session, plan); err != nil {
		return err
	}
	if o.dryRun {
		return undoCode(plan)
	}
	result, err := session.scan(ctx, scan.Options{})
	if err != nil {
		return err
	}
	restarter, err := stopBefore(ctx, io, o, result, "Put them back?")
	if err != nil {
		return err
	}
	if err := plan.Apply(ctx); err != nil {
		return errors.Join(err, restarter.start(context.WithoutCancel(ctx)))
	}
	if err := restarter.startHealthy(ctx); err != nil {
		return err
	}
	return undoCode(plan)
}

// undoCode is the exit code of an undo: a copy that has changed since stays as it is.
func undoCode(plan *extract.UndoPlan) error {
	if plan.Incomplete() {
		return codeError(exitRefused)
	}
	return nil
}

// runForget gives up the way back, once the person has agreed.
func runForget(ctx context.Context, io *ui.IO, o *extractOptions, session *session) error {
	home := session.view.Home
	if !extract.HasReceipt(session.view) {
		return fmt.Errorf("nothing to forget: there is no receipt of an extract in %s", home.StateDir)
	}
	if o.dryRun {
		io.Printf("Receipt and quarantine in %s would be removed: what was extracted could then not be undone, and values that stand nowhere else would be gone.\n", ui.Clean(newRulesMasker().mask(home.StateDir)))
		return nil
	}
	if err := confirm(ctx, io, o, "Remove receipt and quarantine? What was extracted can then not be undone, and values that stand nowhere else are gone."); err != nil {
		return err
	}
	if err := extract.Forget(ctx, session.view); err != nil {
		return err
	}
	if !o.json && !o.quiet {
		io.Printf("Removed receipt and quarantine: what was extracted can no longer be undone.\n")
	}
	return nil
}

// homeFlags repeats the flags that a command needs to find the same Home.
func homeFlags(g *global) string {
	flags := ""
	if g.stateDir != "" {
		flags += " --state-dir " + shellQuote(g.stateDir)
	}
	if g.config != "" {
		flags += " --config " + shellQuote(g.config)
	}
	return ui.Clean(flags)
}

// shellQuote returns word so that a shell reads it as one word.
func shellQuote(word string) string {
	special := func(r rune) bool {
		return !strings.ContainsRune("/._-+:@%", r) && !unicode.IsLetter(r) && !unicode.IsDigit(r)
	}
	if word != "" && !strings.ContainsFunc(word, special) {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}
