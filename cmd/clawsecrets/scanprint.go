package main

import (
	"fmt"

	"github.com/clawsecrets/clawsecrets/internal/secret"
	"github.com/clawsecrets/clawsecrets/internal/ui"
	"github.com/clawsecrets/clawsecrets/scan"
)

// printScan prints one heading for each secret and a line for each of its places:
// it is secrets that have to be rotated, and places that have to be cleaned.
func printScan(io *ui.IO, o *scanOptions, result *scan.Result, key secret.Key) {
	var names *nameMasker
	if o.showSecrets == "" {
		names = newNameMasker(result)
	}
	for _, home := range result.Homes() {
		io.Printf("%s\n", gatewayName(home, names))
	}
	if result.View != nil {
		io.Printf("\n")
	}
	secrets := scan.Secrets(result.Findings, key)
	exposed := 0
	for _, s := range secrets {
		if printSecret(io, s, o, names) {
			exposed++
		}
	}
	printCoverage(io, result, o.verbose, names)
	if result.View == nil {
		io.Printf("%s.\n", plural(exposed, "secret", "secrets"))
		return
	}
	io.Printf("%s, %s.\n", plural(exposed, "secret in the open", "secrets in the open"),
		plural(len(result.References), "reference", "references"))
	if exposed > 0 {
		printNext(io, o.global, result, names)
	}
}

// printNext says what to type, for each Home in which something can be done.
func printNext(io *ui.IO, g *global, result *scan.Result, names *nameMasker) {
	homes := result.Homes()
	begin := "Next: "
	for _, home := range homes {
		if !home.Resolved() || len(homes) > 1 && !canExtract(result, home) {
			continue
		}
		io.Printf("%sclawsecrets extract --dry-run%s\n", begin, names.mask(flagsOf(g, home)))
		begin = "      "
	}
}

// printSecret prints one secret unless it lies in a safe .env only, and reports
// whether it lies in the open.
func printSecret(io *ui.IO, s *scan.Secret, o *scanOptions, names *nameMasker) (exposed bool) {
	var rows [][]string
	for _, f := range s.Findings {
		exposed = exposed || f.Exposed()
		rows = append(rows, []string{
			place(f, names), ui.Clean(names.mask(label(f))), string(f.Action), ui.Clean(names.mask(note(f))),
		})
	}
	if !exposed && !o.verbose {
		return false
	}
	shown := s.Masked
	if o.showSecrets != "" {
		shown = s.Findings[0].Value.Reveal()
	}
	io.Printf("%s  %s  %s  %s\n", io.Paint(ui.Bold, ui.Clean(shown)), s.Rule,
		plural(len(s.Findings), "place", "places"), io.Paint(ui.Dim, s.Fingerprint))
	io.Table("    ", rows)
	io.Printf("\n")
	return exposed
}

// place returns file:line:column, which terminals turn into a link.
func place(f *scan.Finding, names *nameMasker) string {
	file := ui.Clean(names.mask(f.File.Rel))
	if f.Line == 0 {
		return file
	}
	return fmt.Sprintf("%s:%d:%d", file, f.Line, f.Column)
}

// label says what a value is there: the config path, the JSON pointer or the variable.
func label(f *scan.Finding) string {
	switch {
	case f.Leaf != nil:
		return f.Leaf.Pattern()
	case f.Pointer != "":
		return f.Pointer
	default:
		return f.Env
	}
}

func note(f *scan.Finding) string {
	text := ui.Clean(f.Note)
	if f.Detector == scan.Weak {
		text = f.Rule + ": " + text
	}
	switch f.ReadableBy {
	case scan.Group:
		return joined(text, "its group can read it")
	case scan.Others:
		return joined(text, "others can read it")
	}
	return text
}

func joined(a, b string) string {
	if a == "" {
		return b
	}
	return a + "; " + b
}

func printCoverage(io *ui.IO, result *scan.Result, verbose bool, names *nameMasker) {
	if result.Config != nil && result.Config.Main == nil {
		io.Printf("There is no config at %s.\n", ui.Clean(names.mask(result.View.Home.ConfigPath)))
	}
	cached := ""
	if result.Coverage.CachedBytes > 0 {
		cached = ", " + size(result.Coverage.CachedBytes) + " of it by an earlier scan"
	}
	io.Printf("Read %s, %s%s.\n", plural(result.Coverage.Files, "file", "files"), size(result.Coverage.Bytes), cached)
	excluded := 0
	for _, s := range result.Coverage.Skipped {
		if s.Class == "unread" {
			continue
		}
		excluded++
		if verbose {
			io.Printf("Not read: %s (%s)\n", ui.Clean(names.mask(s.File)), ui.Clean(names.mask(s.Why)))
		}
	}
	if excluded > 0 && !verbose {
		io.Printf("Not read on purpose: %s; -v names them.\n", plural(excluded, "file or folder", "files and folders"))
	}
}

// printInterrupted says on standard error how far a scan came.
func printInterrupted(io *ui.IO, result *scan.Result) {
	unread := 0
	for _, s := range result.Coverage.Skipped {
		if s.Class == "unread" {
			unread++
		}
	}
	io.Warnf("interrupted after %s, %s; %s not read to the end; %s so far",
		plural(result.Coverage.Files, "file", "files"), size(result.Coverage.Bytes),
		plural(unread, "file was", "files were"), plural(len(result.Findings), "finding", "findings"))
}

// warnUnread names on standard error what could not be read, whatever the format.
func warnUnread(io *ui.IO, result *scan.Result) {
	if !result.Coverage.Unread() {
		return
	}
	names := newNameMasker(result)
	for _, s := range result.Coverage.Skipped {
		switch {
		case s.Class != "unread":
		case s.Err != nil:
			io.Warnf("%s", ui.Clean(names.mask(oneLine(s.Err.Error()))))
		default:
			io.Warnf("%s could not be read: %s", ui.Clean(names.mask(s.File)), ui.Clean(names.mask(s.Why)))
		}
	}
}

// warnUnmatched says that a glob fits nothing: more likely it was mistyped.
func warnUnmatched(io *ui.IO, o scan.Options, result *scan.Result) {
	if len(o.Only) > 0 && len(result.Findings) == 0 && len(result.LeftOut) > 0 {
		io.Warnf("--only fits none of %s; it takes files and config paths as scan shows them", plural(len(result.LeftOut), "finding", "findings"))
	}
}

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

func size(bytes int64) string {
	switch {
	case bytes < 10_000:
		return fmt.Sprintf("%d bytes", bytes)
	case bytes < 10_000_000:
		return fmt.Sprintf("%d kB", bytes/1000)
	}
	return fmt.Sprintf("%d MB", bytes/1_000_000)
}
