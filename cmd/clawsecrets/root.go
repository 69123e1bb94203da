package main

import (
	"context"
	"os"
	"os/signal"
	"runtime/debug"
	"slices"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/clawsecrets/clawsecrets/internal/gateway"
	"github.com/clawsecrets/clawsecrets/internal/ui"
)

// global holds the flags that every command takes.
type global struct {
	stateDir, config, product string
	json, quiet, verbose      bool
	color                     string
}

// query returns where to look for the gateway.
func (g *global) query() gateway.Query {
	return gateway.Query{StateDir: g.stateDir, ConfigPath: g.config, Product: g.product, Getenv: os.Getenv}
}

// run is the program: it returns the exit code.
func run(args []string, io *ui.IO) int {
	disableCoreDumps()
	debug.SetGCPercent(200) // a run is short: collecting its garbage would be a fifth of it
	ctx, stop := interruptible(context.Background())
	defer stop()
	root := newRoot(io)
	root.SetArgs(args)
	return report(ctx, io, root.ExecuteContext(ctx))
}

// interruptible returns a context that ends with the first signal to stop: the step at
// hand is then finished. A second signal ends the process at once, as any prefix of the
// writes is a correct state. What nohup or a shell lets us ignore stays ignored.
func interruptible(parent context.Context) (ctx context.Context, stop context.CancelFunc) {
	signals := slices.DeleteFunc([]os.Signal{os.Interrupt, syscall.SIGTERM, syscall.SIGHUP}, signal.Ignored)
	if len(signals) == 0 {
		return context.WithCancel(parent) // to be notified of none would mean of all
	}
	ctx, stop = signal.NotifyContext(parent, signals...)
	context.AfterFunc(ctx, stop)
	return ctx, stop
}

func newRoot(io *ui.IO) *cobra.Command {
	g := &global{}
	root := &cobra.Command{
		Use:   "clawsecrets",
		Short: "Find the secrets of an AI gateway and move them where they belong",
		Long: `clawsecrets finds every secret that a Clawdbot gateway and its agent left lying
about, and moves the live ones into a .env that only you can read and the gateway
does, without changing what the gateway resolves.`,
		Example: `  clawsecrets scan                 what is lying about, and where
  clawsecrets extract --dry-run    what would move, and to which variable`,
		Version:                    version(),
		SilenceErrors:              true,
		SuggestionsMinimumDistance: 2,
		SilenceUsage:               true,
		PersistentPreRunE: func(*cobra.Command, []string) error {
			if err := io.SetColor(g.color); err != nil {
				return usageError{err}
			}
			return nil
		},
	}
	setHelp(root)
	root.Args = knownCommand
	root.RunE = func(cmd *cobra.Command, _ []string) error { return cmd.Help() }
	root.SetIn(io.In)
	root.SetOut(io.Out)
	root.SetErr(io.Err)
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return usageError{hint(err, "see "+cmd.CommandPath()+" --help")}
	})
	flags := root.PersistentFlags()
	flags.StringVar(&g.stateDir, "state-dir", "", "the `DIR` where the gateway keeps its state (default: as it finds it itself)")
	flags.StringVar(&g.config, "config", "", "the `FILE` that is the gateway's config (default: as it finds it itself)")
	flags.StringVar(&g.product, "product", "", "the `PRODUCT`: clawdbot (default: as the files show)")
	flags.BoolVar(&g.json, "json", false, "print one JSON object")
	flags.StringVar(&g.color, "color", "auto", "`WHEN` to use colour: auto, always or never")
	flags.BoolVarP(&g.quiet, "quiet", "q", false, "print results only")
	flags.BoolVarP(&g.verbose, "verbose", "v", false, "print more")
	root.AddCommand(newScanCommand(io, g), newExtractCommand(io, g), newVerifyCommand(io, g))
	return root
}

// knownCommand refuses a first word that is no command, and names the nearest.
func knownCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	what := "see " + cmd.CommandPath() + " --help"
	if near := cmd.SuggestionsFor(args[0]); len(near) > 0 {
		what = "did you mean " + cmd.CommandPath() + " " + near[0] + "? Else " + what
	}
	return hint(usageErrorf("unknown command %q", args[0]), what)
}
