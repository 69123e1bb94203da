package main

import (
	"context"
	"os"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"github.com/clawsecrets/clawsecrets/internal/gateway"
	"github.com/clawsecrets/clawsecrets/internal/secret"
	"github.com/clawsecrets/clawsecrets/internal/ui"
	"github.com/clawsecrets/clawsecrets/scan"
)

type scanOptions struct {
	*global
	scan.Options
	paths       []string
	format      string
	output      string
	showSecrets string
	noCache     bool
}

func newScanCommand(io *ui.IO, g *global) *cobra.Command {
	o := &scanOptions{global: g}
	cmd := &cobra.Command{
		Use:   "scan [PATH...]",
		Short: "Show what is lying about, and where",
		Long: `scan shows every secret that a gateway and its agents have left lying about, masked,
with all the places where it lies: config, auth profiles, backups, transcripts, logs,
databases, workspaces, and outside the state directory service units, shell history and
the logins of other tools. What it does not read is named. Several gateways of yours, such
as profiles, are scanned as one; --state-dir names one of them.

With a PATH it scans that file or folder instead, by the rules alone; - is standard
input. A .gitleaks.toml in the folder is used, unless a gateway can write it.

Of transcripts it remembers in your cache directory how far it has read them, and
nothing of what is in them: the next scan reads what was added.

It exits with 1 when a secret lies in the open. A value in a .env that only you can
read is where it belongs, and is not one.`,
		Example: `  clawsecrets scan
  clawsecrets scan --state-dir ~/backup/.clawdbot --format json
  git diff | clawsecrets scan -`,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.paths = args
			if err := o.checkGiven(cmd.Flags().Changed); err != nil {
				return err
			}
			return runScan(cmd.Context(), io, o)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&o.format, "format", "text", "the `FORMAT`: text, json, sarif or github")
	flags.StringVar(&o.output, "output", "", "write to `FILE`, which only you can read, instead of standard output")
	flags.BoolVar(&o.noCache, "no-cache", false, "read everything again")
	flags.StringVar(&o.showSecrets, "show-secrets", "", "show secrets in full; `WHEN` is terminal, or always: wherever the output goes")
	flags.Lookup("show-secrets").NoOptDefVal = "terminal"
	flags.StringArrayVar(&o.Only, "only", nil, "files or config paths to show, by a `GLOB` (repeatable)")
	flags.StringArrayVar(&o.Skip, "skip", nil, "files or config paths to leave out, by a `GLOB` (repeatable)")
	// For the comparison with gitleaks; nobody wants a scan that finds less.
	flags.BoolVar(&o.GitleaksOnly, "gitleaks-rules-only", false, "apply the rules of gitleaks alone, to lines as they are")
	_ = flags.MarkHidden("gitleaks-rules-only")
	return cmd
}

func runScan(ctx context.Context, io *ui.IO, o *scanOptions) error {
	if err := o.check(io); err != nil {
		return err
	}
	result, key, err := o.scan(ctx, io)
	if result == nil || err != nil && ctx.Err() == nil {
		return err
	}
	if err != nil {
		printInterrupted(io, result)
		return codeError(exitInterrupted)
	}
	err = o.print(io, result, key)
	warnUnread(io, result)
	warnUnmatched(io, o.Options, result)
	if err != nil {
		return err
	}
	return scanCode(result)
}

// checkGiven refuses flags that were given, as changed says, and ask for nothing or for two
// things at once.
func (o *scanOptions) checkGiven(changed func(flag string) bool) error {
	switch {
	case o.json && changed("format") && o.format != "json":
		return usageErrorf("--json and --format %s do not go together", o.format)
	case changed("output") && o.output == "":
		return usageErrorf("--output takes the name of a file")
	}
	return nil
}

// check refuses flags that contradict each other or the place where output goes.
func (o *scanOptions) check(io *ui.IO) error {
	if o.json {
		o.format = "json"
	}
	if !slices.Contains([]string{"text", "json", "sarif", "github"}, o.format) {
		return usageErrorf("--format takes text, json, sarif or github")
	}
	switch o.showSecrets {
	case "", "always":
	case "terminal":
		if !io.OutTerminal() || o.output != "" {
			return hint(usageErrorf("--show-secrets shows them on a terminal only, and this is none"), "to have them in a file or pipe all the same: --show-secrets=always")
		}
	default:
		return usageErrorf("--show-secrets takes no value but always")
	}
	return checkGlobs(o.Options)
}

// scan scans what the arguments name.
func (o *scanOptions) scan(ctx context.Context, io *ui.IO) (*scan.Result, secret.Key, error) {
	var err error
	if o.Rules, err = o.userRules(io); err != nil {
		return nil, secret.Key{}, err
	}
	progress := startScanProgress(io, o.quiet, 0)
	defer progress.Stop()
	o.Everywhere = &scan.Everywhere{Getenv: os.Getenv, LogDirs: logDirs(), Started: progress.SetTotal, Progress: progress.Add}
	if len(o.paths) > 0 {
		return o.scanPaths(ctx, io)
	}
	session, err := openAll(o.global)
	if err != nil {
		return nil, secret.Key{}, err
	}
	defer session.close()
	if err := checkOutput(o.output, append([]*gateway.Home{session.view.Home}, session.others...)...); err != nil {
		return nil, secret.Key{}, err
	}
	if !o.noCache {
		o.Everywhere.Cache = openCache(session.view.Home, session.key, session.others...)
	}
	result, err := scan.Homes(ctx, session.view, session.others, o.Options)
	return result, session.key, err
}

// scanPaths scans files and folders, or standard input.
func (o *scanOptions) scanPaths(ctx context.Context, io *ui.IO) (*scan.Result, secret.Key, error) {
	key, err := loadKey()
	if err != nil {
		return nil, key, err
	}
	if !slices.Contains(o.paths, "-") {
		if !o.noCache {
			o.Everywhere.Cache = openCache(nil, key)
		}
		result, err := scan.Paths(ctx, o.paths, o.Options)
		return result, key, err
	}
	if len(o.paths) > 1 {
		return nil, key, usageErrorf("- is standard input and stands alone")
	}
	result, err := scan.Reader(ctx, io.In, o.Options)
	return result, key, err
}

// print writes the result in the format that was asked for.
func (o *scanOptions) print(io *ui.IO, result *scan.Result, key secret.Key) error {
	if o.output != "" {
		return writeOutput(io, o.output, func(io *ui.IO) error { return o.printTo(io, result, key) })
	}
	return o.printTo(io, result, key)
}

func (o *scanOptions) printTo(io *ui.IO, result *scan.Result, key secret.Key) error {
	switch o.format {
	case "json":
		return printJSON(io, scanReport(result, key, o.showSecrets != ""))
	case "sarif":
		return printJSON(io, sarifReport(result, result.Describe))
	case "github":
		printGitHub(io, result)
	default:
		printScan(io, o, result, key)
	}
	return nil
}

// checkGlobs refuses a pattern that is none: it would match nothing, and a scan that
// shows nothing would seem to say that there is nothing.
func checkGlobs(o scan.Options) error {
	for _, flag := range []struct {
		name  string
		globs []string
	}{{"--only", o.Only}, {"--skip", o.Skip}} {
		for _, glob := range flag.globs {
			if glob == "" {
				return usageErrorf("%s takes a glob that is not empty", flag.name)
			}
			if _, err := filepath.Match(glob, ""); err != nil {
				return hint(usageErrorf("%s %q is not a glob", flag.name, glob), "quote it, and close every [: "+flag.name+" 'channels.*.botToken'")
			}
		}
	}
	return nil
}

// scanCode: found and incomplete is still found.
func scanCode(result *scan.Result) error {
	for _, f := range result.Findings {
		if f.Exposed() {
			return codeError(exitFound)
		}
	}
	return incomplete(result)
}
