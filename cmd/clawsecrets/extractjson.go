package main

import (
	"github.com/clawsecrets/clawsecrets/extract"
)

// The JSON that extract prints.
type (
	jsonPlan struct {
		Schema  int         `json:"schema"`
		Gateway jsonGateway `json:"gateway"`
		DryRun  bool        `json:"dry_run"`
		Env     string      `json:"env"`
		Moves   []jsonMove  `json:"moves"`
		Kept    []jsonKept  `json:"kept"`
		Pins    []string    `json:"pins"`
		Notes   []string    `json:"notes"`
		Files   []string    `json:"files"`
		Copies  []jsonCopy  `json:"copies"`
	}
	jsonCopy struct {
		File        string `json:"file"`
		Pointer     string `json:"pointer"`
		Line        int    `json:"line"`
		Column      int    `json:"column"`
		With        string `json:"with"`
		Rule        string `json:"rule"`
		Fingerprint string `json:"fingerprint"`
		Masked      string `json:"masked"`
	}
	jsonMove struct {
		File        string `json:"file"`
		Pointer     string `json:"pointer"`
		Line        int    `json:"line"`
		Column      int    `json:"column"`
		Name        string `json:"name"`
		With        string `json:"with"`
		Fingerprint string `json:"fingerprint"`
		Masked      string `json:"masked"`
	}
	jsonKept struct {
		File        string `json:"file"`
		Pointer     string `json:"pointer"`
		Line        int    `json:"line"`
		Column      int    `json:"column"`
		Rule        string `json:"rule"`
		Fingerprint string `json:"fingerprint"`
		Why         string `json:"why"`
	}
)

func planReport(plan *extract.Plan, session *session, dryRun bool, names *nameMasker) jsonPlan {
	home := session.view.Home
	report := jsonPlan{
		Schema:  1,
		Gateway: gatewayReport(home, names),
		DryRun:  dryRun, Env: names.mask(home.EnvPath()),
		Moves: []jsonMove{}, Kept: []jsonKept{}, Pins: []string{}, Files: []string{},
		Notes: []string{}, Copies: []jsonCopy{},
	}
	for _, note := range plan.Notes {
		report.Notes = append(report.Notes, names.mask(note))
	}
	for _, m := range plan.Moves {
		f := m.Finding
		report.Moves = append(report.Moves, jsonMove{
			names.mask(f.File.Rel), names.mask(f.Pointer), f.Line, f.Column, names.mask(m.Name), names.mask(m.With),
			session.key.Fingerprint(f.Value), f.Value.Mask(),
		})
	}
	for _, kept := range plan.Kept {
		f := kept.Finding
		report.Kept = append(report.Kept, jsonKept{
			names.mask(f.File.Rel), names.mask(f.Pointer), f.Line, f.Column, f.Rule, session.key.Fingerprint(f.Value), names.mask(kept.Why),
		})
	}
	for _, pin := range plan.Pins {
		report.Pins = append(report.Pins, names.mask(pin.Plugin))
	}
	for _, change := range plan.Changes {
		report.Files = append(report.Files, names.mask(change.File.Rel))
	}
	for _, rewrite := range plan.Rewrites {
		report.Files = append(report.Files, names.mask(rewrite.File.Rel))
		for i, f := range rewrite.Findings {
			report.Copies = append(report.Copies, jsonCopy{
				names.mask(f.File.Rel), names.mask(f.Pointer), f.Line, f.Column, names.mask(rewrite.With[i]),
				f.Rule, session.key.Fingerprint(f.Value), f.Value.Mask(),
			})
		}
	}
	return report
}
