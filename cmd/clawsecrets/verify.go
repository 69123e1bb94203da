package main

import (
	"context"
	"strings"

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
		Long: `verify checks that every reference resolves, that no secret lies in clear that extract
would move (several of the gateway's own commands write them back), that no service or process
environment beats the .env, that the .env reads the same in every reader, and that
nobody else can read what holds secrets. Each failure says what to type.

It exits with 1 when something is not as it should be.`,
		Example: `  clawsecrets verify
  clawsecrets verify --fix         set file modes right`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return runVerify(cmd.Context(), io, o) },
	}
	cmd.Flags().BoolVar(&o.fix, "fix", false, "set the modes of files that others can read")
	return cmd
}

func runVerify(ctx context.Context, io *ui.IO, o *verifyOptions) error {
	session, err := openSession(o.global, gateway.OpenToRead)
	if err != nil {
		return err
	}
	defer session.close()
	verification, names, err := verify(ctx, session)
	if err != nil {
		return err
	}
	if o.fix {
		fixed, err := extract.Fix(session.view, verification.Problems)
		if err != nil {
			return err
		}
		if !o.json && !o.quiet {
			io.Printf("Set %s.\n", plural(fixed, "mode", "modes"))
		}
		if err := session.reopen(); err != nil {
			return err
		}
		if verification, names, err = verify(ctx, session); err != nil {
			return err
		}
	}
	if err := printVerification(io, o, session, verification, names); err != nil {
		return err
	}
	if verification.Failed() {
		return codeError(exitFound)
	}
	return nil
}

func verify(ctx context.Context, session *session) (*extract.Verification, *nameMasker, error) {
	result, err := session.scan(ctx, scan.Options{})
	if err != nil {
		return nil, nil, err
	}
	verification, err := extract.Verify(result, session.key)
	return verification, newNameMasker(result), err
}

type (
	jsonVerification struct {
		Schema     int           `json:"schema"`
		Gateway    jsonGateway   `json:"gateway"`
		References int           `json:"references"`
		Problems   []jsonProblem `json:"problems"`
	}
	jsonProblem struct {
		Where   string `json:"where"`
		What    string `json:"what"`
		Type    string `json:"type"`
		Warning bool   `json:"warning"`
	}
)

func printVerification(io *ui.IO, o *verifyOptions, session *session, v *extract.Verification, names *nameMasker) error {
	home := session.view.Home
	for i, p := range v.Problems {
		if strings.HasPrefix(p.Type, "clawsecrets ") {
			p.Type += homeFlags(o.global)
		}
		p.Where, p.What, p.Type = names.mask(p.Where), names.mask(p.What), names.mask(p.Type)
		v.Problems[i] = p
	}
	if o.json {
		report := jsonVerification{
			Schema: 1, Gateway: gatewayReport(home, names),
			References: v.References, Problems: []jsonProblem{},
		}
		for _, p := range v.Problems {
			report.Problems = append(report.Problems, jsonProblem{p.Where, p.What, p.Type, p.Warning})
		}
		return printJSON(io, report)
	}
	if !o.quiet {
		printGateway(io, home, names)
	}
	for _, p := range v.Problems {
		mark := io.Paint(ui.Red, "wrong")
		if p.Warning {
			mark = io.Paint(ui.Yellow, "note ")
		}
		io.Printf("%s  %s  %s\n       %s\n", mark, ui.Clean(p.Where), ui.Clean(p.What), ui.Clean(p.Type))
	}
	if !v.Failed() && !o.quiet {
		io.Printf("%s\n", io.Paint(ui.Green, "Everything is as it should be: "+plural(v.References, "reference resolves", "references resolve")+"."))
	}
	return nil
}
