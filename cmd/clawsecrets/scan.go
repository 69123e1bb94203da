package main

import (
	"context"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/clawsecrets/clawsecrets/internal/gateway"
	"github.com/clawsecrets/clawsecrets/internal/ui"
	"github.com/clawsecrets/clawsecrets/scan"
)

type scanOptions struct {
	*global
	scan.Options
	format string
}

func newScanCommand(io *ui.IO, g *global) *cobra.Command {
	o := &scanOptions{global: g}
	cmd := &cobra.Command{
		Use:   "scan",
		Short: "Show what is lying about, and where",
		Long: `scan shows every secret in a gateway's state directory, masked, with all the places
where it lies: config and included files, auth profiles, credentials, .env, backups
and generated copies. What it does not read is named.

It exits with 1 when a secret lies in the open. A value in a .env that only you can
read is where it belongs, and is not one.`,
		Example: `  clawsecrets scan
  clawsecrets scan --state-dir ~/backup/.clawdbot --format json`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return runScan(cmd.Context(), io, o) },
	}
	flags := cmd.Flags()
	flags.StringVar(&o.format, "format", "text", "the `FORMAT`: text or json")
	flags.StringArrayVar(&o.Only, "only", nil, "files or config paths to show, by a `GLOB` (repeatable)")
	flags.StringArrayVar(&o.Skip, "skip", nil, "files or config paths to leave out, by a `GLOB` (repeatable)")
	return cmd
}

func runScan(ctx context.Context, io *ui.IO, o *scanOptions) error {
	format, err := o.outputFormat()
	if err != nil {
		return err
	}
	if err := checkGlobs(o.Options); err != nil {
		return err
	}
	session, err := openSession(o.global, gateway.OpenToRead)
	if err != nil {
		return err
	}
	defer session.close()
	result, err := session.scan(ctx, o.Options)
	if err != nil {
		return err
	}
	if format == "json" {
		err = printJSON(io, scanReport(result, session.key))
	} else {
		printScan(io, o, result, session.key)
	}
	warnUnread(io, result)
	warnUnmatched(io, o.Options, result)
	if err != nil {
		return err
	}
	return scanCode(result)
}

func (o *scanOptions) outputFormat() (string, error) {
	switch {
	case o.json:
		return "json", nil
	case o.format == "text", o.format == "json":
		return o.format, nil
	}
	return "", usageErrorf("--format takes text or json")
}

// checkGlobs refuses a pattern that is none: it would match nothing, and a scan that
// shows nothing would seem to say that there is nothing.
func checkGlobs(o scan.Options) error {
	for _, flag := range []struct {
		name  string
		globs []string
	}{{"--only", o.Only}, {"--skip", o.Skip}} {
		for _, glob := range flag.globs {
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
