package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/clawsecrets/clawsecrets/extract"
	"github.com/clawsecrets/clawsecrets/internal/ui"
	"github.com/clawsecrets/clawsecrets/scan"
)

type extractOptions struct {
	*global
	scan.Options
	dryRun, yes    bool
	undo, forget   bool
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

The gateway must be stopped meanwhile: stop it yourself, or pass --restart. What was
done can be undone byte for byte with --undo until --forget.

What the .env does not protect from: the agent's own shell commands and the servers
it starts inherit every variable of the gateway.`,
		Example: `  clawsecrets extract --dry-run
  clawsecrets extract --restart`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return runExtract(cmd.Context(), io, o) },
	}
	flags := cmd.Flags()
	flags.BoolVar(&o.dryRun, "dry-run", false, "show what would be done, write nothing")
	flags.BoolVarP(&o.yes, "yes", "y", false, "do not ask")
	flags.StringArrayVar(&o.Only, "only", nil, "files or config paths to move, as a glob (repeatable)")
	flags.StringArrayVar(&o.Skip, "skip", nil, "files or config paths to leave, as a glob (repeatable)")
	flags.BoolVar(&o.restart, "restart", false, "stop the gateway, write, start it, wait until it is healthy")
	flags.StringVar(&o.restartCommand, "restart-command", "", "the command that starts the gateway, where it is no service")
	flags.BoolVar(&o.undo, "undo", false, "put back every file as it was")
	flags.BoolVar(&o.forget, "forget", false, "remove the receipt: what was done can then not be undone")
	cmd.MarkFlagsMutuallyExclusive("undo", "forget")
	return cmd
}

func runExtract(ctx context.Context, io *ui.IO, o *extractOptions) error {
	if o.restartCommand != "" && !o.restart {
		return hint(usageErrorf("--restart-command goes with --restart"), "add --restart")
	}
	session, err := openSession(o.global)
	if err != nil {
		return err
	}
	defer session.close()
	switch {
	case o.undo:
		return runUndo(ctx, io, o, session)
	case o.forget:
		return extract.Forget(ctx, session.view)
	}
	if !o.dryRun {
		if err := recoverHome(ctx, session); err != nil {
			return err
		}
	}
	result, err := session.scan(ctx, o.Options)
	if err != nil {
		return err
	}
	plan, err := extract.Make(result)
	if err != nil {
		return err
	}
	if err := showPlan(io, o, session, plan, result); err != nil || o.dryRun || plan.Empty() {
		return err
	}
	return applyPlan(ctx, io, o, session, plan, result)
}

// recoverHome finishes what a crash interrupted, and looks at the Home anew.
func recoverHome(ctx context.Context, session *session) error {
	if err := extract.Recover(ctx, session.view, session.key); err != nil {
		return err
	}
	return session.reopen()
}

func applyPlan(ctx context.Context, io *ui.IO, o *extractOptions, session *session, plan *extract.Plan, result *scan.Result) error {
	restarter, err := stopBefore(ctx, io, o, result, fmt.Sprintf("Move %s?", plural(len(plan.Moves), "value", "values")))
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
		io.Printf("\n%s\n", io.Paint(ui.Green, fmt.Sprintf("Moved %s to %s.", plural(len(plan.Moves), "value", "values"), session.view.Home.EnvPath())))
		io.Printf("To put everything back: clawsecrets extract --undo%s\n", homeFlags(o.global))
		io.Printf("To check that it stays so: clawsecrets verify%s\n", homeFlags(o.global))
	}
	return nil
}

// undoAfter puts everything back when the gateway does not come up.
func undoAfter(ctx context.Context, io *ui.IO, session *session, restarter *restarter, cause error) error {
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
	if err := restarter.start(ctx); err != nil {
		return err
	}
	return codeError(exitFound)
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
	for _, undone := range plan.Files {
		io.Printf("%s goes back to what it was\n", ui.Clean(undone.File.Rel))
	}
	if o.dryRun {
		return nil
	}
	result, err := session.scan(ctx, scan.Options{})
	if err != nil {
		return err
	}
	restarter, err := stopBefore(ctx, io, o, result, "Put them back?")
	if err != nil {
		return err
	}
	return errors.Join(plan.Apply(ctx), restarter.start(context.WithoutCancel(ctx)))
}

// homeFlags repeats the flags that a command needs to find the same Home.
func homeFlags(g *global) string {
	flags := ""
	if g.stateDir != "" {
		flags += " --state-dir " + g.stateDir
	}
	if g.config != "" {
		flags += " --config " + g.config
	}
	return flags
}
