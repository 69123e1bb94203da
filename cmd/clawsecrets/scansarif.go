package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/clawsecrets/clawsecrets/internal/rules"
	"github.com/clawsecrets/clawsecrets/scan"
)

// projectPage is where a reader of a report learns what made it.
const projectPage = "https://github.com/clawsecrets/clawsecrets"

// sarifRoot names the scanned directory, to which the files of a report are relative.
const sarifRoot = "ROOT"

// sarifReport returns a scan as a SARIF log with one run, ready for [printJSON]. Such a
// log travels, so it holds no value, no mask and no fingerprint of one. describe returns
// what is known of a rule, as [rules.Set.Rule] does.
func sarifReport(result *scan.Result, describe func(rule string) (rules.Rule, bool)) any {
	b := sarifBuilder{
		describe: describe, mask: newNameMasker(result).mask,
		worst: map[string]scan.Severity{}, ruleIndex: map[string]int{}, occurrences: map[string]int{},
	}
	run := &b.run
	run.ColumnKind = "unicodeCodePoints"
	run.Results = []sarifResult{}
	run.Tool.Driver = sarifDriver{Name: "clawsecrets", Version: version(), InformationURI: projectPage, Rules: []sarifRule{}}
	if root := scannedRoot(result); root != "" {
		run.OriginalURIBaseIDs = map[string]sarifArtifact{sarifRoot: {URI: strings.TrimSuffix(fileURI(b.mask(root)), "/") + "/"}}
	}
	run.Invocations = []sarifInvocation{b.invocation(result.Coverage)}
	findings := inTheOpen(result.Findings)
	for _, f := range findings {
		if worst, ok := b.worst[f.Rule]; !ok || severityRank(f.Severity) < severityRank(worst) {
			b.worst[f.Rule] = f.Severity
		}
	}
	for _, f := range findings {
		b.add(f)
	}
	return sarifLog{"https://json.schemastore.org/sarif-2.1.0.json", "2.1.0", []sarifRun{b.run}}
}

// scannedRoot returns the directory that relative names are in, "" when it is not known.
func scannedRoot(result *scan.Result) string {
	if result.View != nil {
		return result.View.Home.StateDir
	}
	root, err := os.Getwd()
	if err != nil {
		return ""
	}
	return root
}

type sarifBuilder struct {
	run         sarifRun
	describe    func(rule string) (rules.Rule, bool)
	mask        func(name string) string
	worst       map[string]scan.Severity // by rule
	ruleIndex   map[string]int
	occurrences map[string]int // of a rule in a file, up to here
}

// invocation names what was not read, and says whether that was on purpose.
func (b *sarifBuilder) invocation(coverage scan.Coverage) sarifInvocation {
	in := sarifInvocation{ExecutionSuccessful: !coverage.Unread(), ToolExecutionNotifications: []sarifNotification{}}
	for _, s := range coverage.Skipped {
		level, what := "note", "was not read on purpose"
		if s.Class == "unread" {
			level, what = "error", "could not be read"
		}
		in.ToolExecutionNotifications = append(in.ToolExecutionNotifications, sarifNotification{
			Level:     level,
			Message:   sarifMessage(b.mask(s.File) + " " + what + ": " + b.mask(s.Why)),
			Locations: []sarifLocation{{sarifPhysicalLocation{ArtifactLocation: b.artifact(s.File)}}},
		})
	}
	return in
}

// add adds a result, and its rule when it is the first of it.
func (b *sarifBuilder) add(f *scan.Finding) {
	index, seen := b.ruleIndex[f.Rule]
	if !seen {
		index = len(b.ruleIndex)
		b.ruleIndex[f.Rule] = index
		b.run.Tool.Driver.Rules = append(b.run.Tool.Driver.Rules, b.rule(f.Rule))
	}
	artifact := b.artifact(f.File.Rel)
	// Of what is the same over time, nothing may depend on the value.
	place := f.Rule + "\x00" + artifact.URI
	b.occurrences[place]++
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\x00%d", place, b.occurrences[place]))
	b.run.Results = append(b.run.Results, sarifResult{
		RuleID: f.Rule, RuleIndex: index, Level: sarifLevel(f.Severity),
		Message:             sarifMessage(f.Rule + " in " + b.mask(f.File.Rel) + b.mask(at(f)) + ": " + b.mask(advice(f))),
		Locations:           []sarifLocation{{sarifPhysicalLocation{artifact, sarifRegionOf(f)}}},
		PartialFingerprints: map[string]string{"clawsecrets/v1": hex.EncodeToString(sum[:])},
	})
}

// rule describes a rule. A rule has no severity of its own: by default it has the worst
// of its results, and every result says its own.
func (b *sarifBuilder) rule(id string) sarifRule {
	description, source := ownRule(id), "clawsecrets"
	if known, ok := b.describe(id); ok && known.Description != "" {
		description = known.Description
		if known.Detector == rules.DetectorGitleaks {
			source = "gitleaks"
		}
	}
	description = strings.TrimSuffix(description, ".") + "."
	return sarifRule{
		ID: id, Name: pascalCase(id),
		ShortDescription:     sarifMessage(description),
		FullDescription:      sarifMessage(description + " A rule of " + source + "."),
		Help:                 sarifMessage("Whoever can read the file has the secret. Replace it where it was issued, then run clawsecrets extract --dry-run to see what can move to .env."),
		DefaultConfiguration: sarifConfiguration{sarifLevel(b.worst[id])},
		Properties:           sarifRuleProperties{[]string{"security", "secret"}, securitySeverity(b.worst[id])},
	}
}

// ownRule describes a rule that is no pattern: the place or the use decides.
func ownRule(id string) string {
	switch id {
	case "credential":
		return "A value that its place or the name of its key makes a credential"
	case "weak-secret":
		return "A secret that is too short, so that it can be guessed"
	case "reused-secret":
		return "One secret in two roles, so that whoever holds one holds the other"
	case "lost-secret":
		return "What is left of a secret that was masked"
	case "placeholder":
		return "A placeholder where a secret belongs"
	}
	return "A secret"
}

// artifact returns where a file is: relative to the root, or absolute when outside it.
func (b *sarifBuilder) artifact(name string) sarifArtifact {
	name = b.mask(name)
	if filepath.IsAbs(name) {
		return sarifArtifact{URI: fileURI(name)}
	}
	relative := url.URL{Path: filepath.ToSlash(name)}
	artifact := sarifArtifact{URI: strings.ReplaceAll(relative.EscapedPath(), ":", "%3A")} // a: would be a scheme
	if b.run.OriginalURIBaseIDs != nil {
		artifact.URIBaseID = sarifRoot
	}
	return artifact
}

func fileURI(path string) string {
	path = filepath.ToSlash(path)
	if !strings.HasPrefix(path, "/") {
		path = "/" + path // C:/
	}
	absolute := url.URL{Scheme: "file", Path: path}
	return absolute.String()
}

// sarifRegionOf returns where in its file a finding is, nil for a file without lines.
func sarifRegionOf(f *scan.Finding) *sarifRegion {
	if f.Line < 1 {
		return nil
	}
	return &sarifRegion{StartLine: f.Line, StartColumn: max(f.Column, 0), EndColumn: endColumn(f)}
}

// endColumn returns the column behind a finding, 0 where it is not known: the bytes are
// not at hand, end on another line, or begin elsewhere than the column says.
func endColumn(f *scan.Finding) int {
	const longestLine = 1 << 16 // a file may be one line, and every finding would count through it
	data := f.File.Data
	if f.Column < 1 || f.Column > longestLine || f.Start < 0 || f.Start >= f.End || f.End > len(data) {
		return 0
	}
	line := data[bytes.LastIndexByte(data[:f.Start], '\n')+1 : f.Start]
	if utf8.RuneCount(line) != f.Column-1 || bytes.ContainsAny(data[f.Start:f.End], "\r\n") {
		return 0
	}
	return f.Column + utf8.RuneCount(data[f.Start:f.End])
}

// sarifMessage returns text as SARIF's plain text: there {0} is a placeholder, and
// [text](target) a link, which must not come from a file.
func sarifMessage(text string) sarifText {
	text = strings.ReplaceAll(strings.ReplaceAll(text, "{", "{{"), "}", "}}")
	return sarifText{strings.ReplaceAll(text, "](", "] (")}
}

func sarifLevel(severity scan.Severity) string {
	switch severity {
	case scan.Critical, scan.High:
		return "error"
	case scan.Low:
		return "note"
	}
	return "warning"
}

// securitySeverity returns the middle of the range that GitHub has for a severity.
func securitySeverity(severity scan.Severity) string {
	switch severity {
	case scan.Critical:
		return "9.5"
	case scan.High:
		return "8.0"
	case scan.Low:
		return "2.0"
	}
	return "5.5"
}

// pascalCase returns telegram-bot-token as TelegramBotToken, the form of names in SARIF.
func pascalCase(id string) string {
	var b strings.Builder
	for _, word := range strings.FieldsFunc(id, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		first, size := utf8.DecodeRuneInString(word)
		b.WriteString(string(unicode.ToUpper(first)) + word[size:])
	}
	return b.String()
}

// inTheOpen returns the findings that are cause for an alarm: what else was found is
// where it belongs.
func inTheOpen(findings []*scan.Finding) []*scan.Finding {
	return slices.DeleteFunc(slices.Clone(findings), func(f *scan.Finding) bool { return !f.Exposed() })
}
