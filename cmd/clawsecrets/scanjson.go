package main

import (
	"encoding/json"

	"github.com/clawsecrets/clawsecrets/internal/gateway"
	"github.com/clawsecrets/clawsecrets/internal/secret"
	"github.com/clawsecrets/clawsecrets/internal/ui"
	"github.com/clawsecrets/clawsecrets/scan"
)

// The JSON that scan prints. Keys may be added, never renamed.
type (
	jsonScan struct {
		Schema   int           `json:"schema"`
		Tool     jsonTool      `json:"tool"`
		Gateway  jsonGateway   `json:"gateway"`
		Gateways []jsonGateway `json:"gateways"`
		Coverage jsonCoverage  `json:"coverage"`
		Findings []jsonFinding `json:"findings"`
		Secrets  []jsonSecret  `json:"secrets"`
	}
	jsonTool struct {
		Name    string `json:"name"`
		Version string `json:"version"`
	}
	jsonGateway struct {
		Product  gateway.Product `json:"product"`
		Version  string          `json:"version"`
		StateDir string          `json:"state_dir"`
		Config   string          `json:"config"`
	}
	jsonCoverage struct {
		Files       int           `json:"files"`
		Bytes       int64         `json:"bytes"`
		CachedBytes int64         `json:"cached_bytes"`
		Skipped     []jsonSkipped `json:"skipped"`
	}
	jsonSkipped struct {
		File  string `json:"file"`
		Class string `json:"class"`
		Why   string `json:"why"`
	}
	jsonFinding struct {
		Rule        string          `json:"rule"`
		Detector    scan.Detector   `json:"detector"`
		Surface     gateway.Surface `json:"surface"`
		File        string          `json:"file"`
		Pointer     string          `json:"pointer"`
		Line        int             `json:"line"`
		Column      int             `json:"column"`
		Fingerprint string          `json:"fingerprint"`
		Masked      string          `json:"masked"`
		Severity    scan.Severity   `json:"severity"`
		Action      scan.Action     `json:"action"`
		ReadableBy  scan.Readers    `json:"readable_by"`
		Env         string          `json:"env"`
		Baseline    string          `json:"baseline"`
		Secret      *string         `json:"secret,omitempty"`
	}
	jsonSecret struct {
		Fingerprint string `json:"fingerprint"`
		Rule        string `json:"rule"`
		Masked      string `json:"masked"`
		Places      int    `json:"places"`
	}
)

// scanReport returns what scan prints as JSON, with the secrets themselves if show is set:
// else also what is a secret in a name is masked.
func scanReport(result *scan.Result, key secret.Key, show bool) jsonScan {
	coverage := result.Coverage
	var names *nameMasker
	if !show {
		names = newNameMasker(result)
	}
	report := jsonScan{
		Schema:   1,
		Gateways: []jsonGateway{},
		Tool:     jsonTool{"clawsecrets", version()},
		Coverage: jsonCoverage{coverage.Files, coverage.Bytes, coverage.CachedBytes, []jsonSkipped{}},
		Findings: []jsonFinding{},
		Secrets:  []jsonSecret{},
	}
	for _, home := range result.Homes() {
		report.Gateways = append(report.Gateways, gatewayReport(home, names))
	}
	if len(report.Gateways) > 0 {
		report.Gateway = report.Gateways[0]
	}
	for _, s := range result.Coverage.Skipped {
		report.Coverage.Skipped = append(report.Coverage.Skipped, jsonSkipped{names.mask(s.File), s.Class, names.mask(s.Why)})
	}
	for _, f := range result.Findings {
		finding := jsonFinding{
			Rule: f.Rule, Detector: f.Detector, Surface: f.File.Surface, File: names.mask(f.File.Rel),
			Pointer: names.mask(f.Pointer), Line: f.Line, Column: f.Column,
			Fingerprint: key.Fingerprint(f.Value), Masked: f.Value.Mask(),
			Severity: f.Severity, Action: f.Action, ReadableBy: f.ReadableBy, Env: names.mask(f.Env),
		}
		if show {
			text := f.Value.Reveal()
			finding.Secret = &text
		}
		report.Findings = append(report.Findings, finding)
	}
	for _, s := range scan.Secrets(result.Findings, key) {
		report.Secrets = append(report.Secrets, jsonSecret{s.Fingerprint, s.Rule, s.Masked, len(s.Findings)})
	}
	return report
}

func gatewayReport(home *gateway.Home, names *nameMasker) jsonGateway {
	return jsonGateway{home.Product, home.Version, names.mask(home.StateDir), names.mask(home.ConfigPath)}
}

// printJSON prints one object.
func printJSON(io *ui.IO, value any) error {
	encoder := json.NewEncoder(io.Out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(value)
}
