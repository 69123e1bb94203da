package main

import (
	"context"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/clawsecrets/clawsecrets/extract"
	"github.com/clawsecrets/clawsecrets/internal/gateway"
	"github.com/clawsecrets/clawsecrets/internal/ui"
	"github.com/clawsecrets/clawsecrets/scan"
)

type verifyOptions struct {
	*global
	fix bool
}

func newVerifyCommand(io *ui.IO, g *global) *cobra.Command {
	o := &verifyOptions{global: g}
	cmd := &cobra.Command{
		Use:   "verify",
		Short: "Check that everything is still as extract left it",
		Long: `verify checks that every reference resolves; that no value of the .env, and none that was
taken out, lies in clear anywhere else (several of the gateway's own commands write them
back); that no unit, environment file or process sets what the .env does, which then
counts for nothing; that the .env reads the same in every reader; that nobody else can
read what holds secrets; and that the gateway masks secrets in what it logs.

Each line says what to type. "wrong" fails; "note" is for what comes back by itself, or
lies where extract cannot take it away. --fix tightens modes and sets logging.redactSensitive
and logging.redactPatterns in the config, which extract --undo takes back.

It exits with 1 when something is wrong.`,
		Example: `  clawsecrets verify
  clawsecrets verify --fix         set file modes and log settings right`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return runVerify(cmd.Context(), io, o) },
	}
	cmd.Flags().BoolVar(&o.fix, "fix", false, "set the modes of files that others can read, and the log settings")
	return cmd
}

func runVerify(ctx context.Context, io *ui.IO, o *verifyOptions) error {
	session, err := openSession(o.global, gateway.OpenToInspect)
	if err != nil {
		return err
	}
	defer session.close()
	found, err := verify(ctx, io, o, session)
	if err == nil && o.fix {
		found, err = fix(ctx, io, o, session, found)
	}
	if err != nil {
		return err
	}
	if err := printVerification(io, o, session, found); err != nil {
		return err
	}
	if found.Failed() {
		return codeError(exitFound)
	}
	return nil
}

// verified is what verify found, and the scan that it was found by.
type verified struct {
	*extract.Verification
	scanned *scan.Result
	names   *nameMasker
}

// verify scans everything, and judges it.
func verify(ctx context.Context, io *ui.IO, o *verifyOptions, session *session) (*verified, error) {
	known, err := extract.KnownToVerify(session.view, session.key)
	if err != nil {
		return nil, err
	}
	progress := startScanProgress(io, o.json || o.quiet, 0)
	defer progress.Stop()
	result, err := session.scan(ctx, scan.Options{Known: known, Everywhere: &scan.Everywhere{
		Strict: true, Getenv: os.Getenv, LogDirs: logDirs(), Cache: openCache(session.view.Home, session.key),
		Started: progress.SetTotal, Progress: progress.Add,
	}})
	if err != nil {
		return nil, err
	}
	verification, err := extract.Verify(ctx, result, session.key, extract.VerifyOptions{Getenv: os.Getenv, Now: time.Now()})
	return &verified{verification, result, newNameMasker(result)}, err
}

// fix sets right what can be, says so, and looks again. Modes come first: a state directory
// that others can write to is not opened to be written to.
func fix(ctx context.Context, io *ui.IO, o *verifyOptions, session *session, found *verified) (*verified, error) {
	modes, err := found.FixModes(found.scanned)
	if err != nil {
		return nil, err
	}
	if !o.json && !o.quiet {
		io.Printf("Set %s.\n", plural(modes, "mode", "modes"))
	}
	if len(found.Settings) > 0 {
		if err := fixSettings(ctx, io, o, session); err != nil {
			return nil, err
		}
	}
	if err := session.reopen(); err != nil {
		return nil, err
	}
	return verify(ctx, io, o, session)
}

// fixSettings writes the log settings, and prints how the config changes.
func fixSettings(ctx context.Context, io *ui.IO, o *verifyOptions, session *session) error {
	session.open = gateway.Open
	if err := session.reopen(); err != nil {
		return err
	}
	found, err := verify(ctx, io, o, session)
	if err != nil {
		return err
	}
	if err := found.FixSettings(ctx, found.scanned, session.key); err != nil || o.json || o.quiet {
		return err
	}
	for _, change := range found.Settings {
		printHunks(io, change, found.scanned.Findings, found.names)
	}
	return nil
}
