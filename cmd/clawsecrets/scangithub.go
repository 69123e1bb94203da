package main

import (
	"cmp"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/clawsecrets/clawsecrets/internal/ui"
	"github.com/clawsecrets/clawsecrets/scan"
)

// githubShows is how many errors, warnings and notices of one step GitHub shows beside
// the log; see docs/problem-matchers.md in actions/toolkit.
const githubShows = 10

// printGitHub prints a scan as commands of GitHub Actions, which become annotations: one
// line for each finding, the worst first, for each file that could not be read, and for
// the sum.
func printGitHub(io *ui.IO, result *scan.Result) {
	names := newNameMasker(result)
	findings := inTheOpen(result.Findings)
	slices.SortStableFunc(findings, func(a, b *scan.Finding) int { return cmp.Compare(severityRank(a.Severity), severityRank(b.Severity)) })
	files, kinds := map[string]bool{}, map[string]int{}
	for _, f := range findings {
		files[f.File.Path] = true
		kinds[githubLevel(f.Severity)]++
		// The log shows the message alone, so it says the place again.
		message := spot(f, names) + ": " + f.Rule + " " + f.Value.Mask() + names.mask(at(f)) + ": " + names.mask(advice(f))
		io.Printf("%s\n", githubCommand(githubLevel(f.Severity), []githubProperty{
			{"file", names.mask(githubPath(f.File.Path))}, {"line", positive(f.Line)}, {"col", positive(f.Column)}, {"title", f.Rule},
		}, message))
	}
	unread := 0
	for _, s := range result.Coverage.Skipped {
		if s.Class == "unread" {
			unread++
			kinds["warning"]++
			io.Printf("%s\n", githubCommand("warning", []githubProperty{{"title", "not read"}}, names.mask(s.File)+" could not be read: "+names.mask(s.Why)))
		}
	}
	io.Printf("%s\n", githubCommand("notice", []githubProperty{{"title", "clawsecrets"}}, githubSummary(len(findings), len(files), unread, kinds)))
}

func githubSummary(findings, files, unread int, kinds map[string]int) string {
	text := plural(findings, "finding", "findings") + " in " + plural(files, "file", "files") + "."
	if unread > 0 {
		text += " " + plural(unread, "file", "files") + " could not be read."
	}
	for _, n := range kinds {
		if n > githubShows {
			return text + " GitHub shows the first ten errors, warnings and notices of a step: the log has all."
		}
	}
	return text
}

type githubProperty struct{ name, value string }

// githubCommand returns a line that GitHub's runner takes for a command. Properties
// without a value are left out.
func githubCommand(name string, properties []githubProperty, message string) string {
	data := strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	property := strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
	var pairs []string
	for _, p := range properties {
		if p.value != "" {
			pairs = append(pairs, p.name+"="+property.Replace(ui.Clean(p.value)))
		}
	}
	return "::" + name + " " + strings.Join(pairs, ",") + "::" + data.Replace(ui.Clean(message))
}

// githubPath returns a file's path as GitHub finds it in the repository: relative to the
// workspace of the job, absolute when it is not in there.
func githubPath(path string) string {
	workspace := os.Getenv("GITHUB_WORKSPACE")
	if rel, err := filepath.Rel(workspace, path); workspace != "" && err == nil && filepath.IsLocal(rel) {
		path = rel
	}
	return filepath.ToSlash(path)
}

func githubLevel(severity scan.Severity) string {
	if level := sarifLevel(severity); level != "note" {
		return level
	}
	return "notice"
}

func severityRank(severity scan.Severity) int {
	return slices.Index([]scan.Severity{scan.Critical, scan.High, scan.Medium, scan.Low}, severity)
}

// positive returns a number in digits, "" for one that says nothing.
func positive(n int) string {
	if n < 1 {
		return ""
	}
	return strconv.Itoa(n)
}

// spot is [place] also for a file without lines.
func spot(f *scan.Finding, names *nameMasker) string {
	if f.Line < 1 {
		return names.mask(f.File.Rel)
	}
	return place(f, names)
}

// at says where in its file a finding is, "" where it has no name there.
func at(f *scan.Finding) string {
	if name := label(f); name != "" {
		return " at " + name
	}
	return ""
}

// advice says what fits a finding, and why where that is known.
func advice(f *scan.Finding) string {
	text := map[scan.Action]string{
		scan.Extract: "clawsecrets extract moves it to .env",
		scan.Redact:  "nothing reads it there, so it can be blotted out",
		scan.Rotate:  "give it a new value",
		scan.Delete:  "the file is a leftover",
		scan.Keep:    "it cannot move",
	}[f.Action]
	if f.Note != "" {
		text += " (" + f.Note + ")"
	}
	return text + "."
}
