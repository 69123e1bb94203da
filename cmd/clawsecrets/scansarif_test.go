package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/clawsecrets/clawsecrets/internal/fixture"
	"github.com/clawsecrets/clawsecrets/internal/gateway"
	"github.com/clawsecrets/clawsecrets/internal/rules"
	"github.com/clawsecrets/clawsecrets/internal/secret"
	"github.com/clawsecrets/clawsecrets/internal/ui"
	"github.com/clawsecrets/clawsecrets/scan"
)

// committedScan scans a copy of the committed state directory.
func committedScan(t testing.TB) *scan.Result {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "state")
	if err := fixture.Copy(dir, filepath.Join(states, fixture.CommittedName)); err != nil {
		t.Fatal(err)
	}
	home, err := gateway.Find(gateway.Query{StateDir: dir, UserHome: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	view, err := gateway.Open(home)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = view.Close() })
	result, err := scan.Home(t.Context(), view, scan.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return result
}

// madeScan returns a scan of /srv/bot with that in it.
func madeScan(findings ...*scan.Finding) *scan.Result {
	return &scan.Result{View: &gateway.View{Home: &gateway.Home{StateDir: "/srv/bot"}}, Findings: findings}
}

// madeFinding returns a finding at line 2, column 3 of a file of /srv/bot.
func madeFinding(rel string, value string) *scan.Finding {
	path := rel
	if !filepath.IsAbs(rel) {
		path = filepath.Join("/srv/bot", rel)
	}
	return &scan.Finding{
		Rule: "telegram-bot-token", Value: secret.New(value), Severity: scan.High, Action: scan.Extract,
		Location: scan.Location{File: &gateway.File{Path: path, Rel: rel, Surface: "config"}, Line: 2, Column: 3},
	}
}

// sarifOf returns the log of a scan, as it is printed and as a reader has it.
func sarifOf(t testing.TB, result *scan.Result) (text []byte, run sarifRun) {
	t.Helper()
	var out bytes.Buffer
	if err := printJSON(&ui.IO{Out: &out}, sarifReport(result, rules.New(rules.Options{}).Rule)); err != nil {
		t.Fatal(err)
	}
	var log sarifLog
	if err := json.Unmarshal(out.Bytes(), &log); err != nil {
		t.Fatal(err)
	}
	if log.Version != "2.1.0" || len(log.Runs) != 1 {
		t.Fatalf("version %q, %d runs", log.Version, len(log.Runs))
	}
	return out.Bytes(), log.Runs[0]
}

// The log of the committed state directory is whole, leads to every value, and has none.
func TestSARIFOfTheCommittedState(t *testing.T) {
	result := committedScan(t)
	text, run := sarifOf(t, result)
	findings := inTheOpen(result.Findings)
	if len(run.Results) != len(findings) || len(findings) < 50 || len(findings) == len(result.Findings) {
		t.Fatalf("%d results for %d findings, of which %d lie in the open", len(run.Results), len(result.Findings), len(findings))
	}
	fingerprints, ends := map[string]bool{}, 0
	for i, r := range run.Results {
		f := findings[i]
		if r.RuleID != f.Rule || run.Tool.Driver.Rules[r.RuleIndex].ID != r.RuleID {
			t.Errorf("result %d: rule %q, index %d", i, r.RuleID, r.RuleIndex)
		}
		fingerprints[r.PartialFingerprints["clawsecrets/v1"]] = true
		region := r.Locations[0].PhysicalLocation.Region
		if region == nil || region.StartLine < 1 || region.StartColumn < 1 {
			t.Fatalf("result %d: region %v", i, region)
		}
		if region.EndColumn == 0 {
			continue
		}
		ends++
		if got := textAt(f.File.Data, region); got != string(f.File.Data[f.Start:f.End]) || !strings.Contains(got, firstLine(f.Value.Reveal())) && f.Whole() {
			t.Errorf("result %d: the region of %s:%d is another text", i, f.File.Rel, f.Line)
		}
	}
	if len(fingerprints) != len(run.Results) || ends < len(run.Results)*9/10 {
		t.Errorf("%d fingerprints and %d ends for %d results", len(fingerprints), ends, len(run.Results))
	}
	for _, f := range result.Findings {
		if value := firstLine(f.Value.Reveal()); len(value) >= 8 && !strings.HasPrefix(value, "-----") && bytes.Contains(text, []byte(value)) {
			t.Errorf("the value at %s:%d:%d is in the log", f.File.Rel, f.Line, f.Column)
		}
	}
	if bytes.Contains(text, []byte("****")) {
		t.Error("a mask is in the log")
	}
	for _, r := range run.Tool.Driver.Rules {
		if r.Name == "" || r.ShortDescription.Text == "" || r.Help.Text == "" || r.ShortDescription.Text == "A secret." {
			t.Errorf("rule %s is not described: %q", r.ID, r.ShortDescription.Text)
		}
	}
}

func textAt(data []byte, region *sarifRegion) string {
	line := []rune(strings.Split(string(data), "\n")[region.StartLine-1])
	return string(line[region.StartColumn-1 : region.EndColumn-1])
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return line
}

// Two scans that differ in the values alone give the same log.
func TestSARIFDoesNotDependOnValues(t *testing.T) {
	one := madeScan(madeFinding("clawdbot.json", fixture.Secret(1, "hex", "one")), madeFinding("clawdbot.json", fixture.Secret(1, "hex", "two")))
	two := madeScan(madeFinding("clawdbot.json", fixture.Secret(2, "telegram", "one")), madeFinding("clawdbot.json", "short"))
	a, run := sarifOf(t, one)
	if b, _ := sarifOf(t, two); !bytes.Equal(a, b) {
		t.Errorf("got\n%s\nand\n%s", a, b)
	}
	if run.Results[0].PartialFingerprints["clawsecrets/v1"] == run.Results[1].PartialFingerprints["clawsecrets/v1"] {
		t.Error("two findings in one file have one fingerprint")
	}
}

// The fingerprint is the same on another machine, and when lines move.
func TestSARIFFingerprintIsStable(t *testing.T) {
	f := madeFinding("agents/main/notes.md", "x")
	f.Line, f.Column = 77, 1
	result := madeScan(f)
	result.View.Home.StateDir = "/home/somebody"
	_, run := sarifOf(t, result)
	// sha256 of the rule, a zero byte, the file, a zero byte and 1.
	const want = "0c741ad730cd2ab18701be50713fe9d5cb8f1c16c0136c6f9c98ea255f36a656"
	if got := run.Results[0].PartialFingerprints["clawsecrets/v1"]; got != want {
		t.Errorf("got %s", got)
	}
}

func TestSARIFLocations(t *testing.T) {
	for _, test := range []struct{ file, uri, base string }{
		{"clawdbot.json", "clawdbot.json", "ROOT"},
		{"a b/ü#1?.json", "a%20b/%C3%BC%231%3F.json", "ROOT"},
		{"c:x.json", "c%3Ax.json", "ROOT"},
		{"100%.json", "100%25.json", "ROOT"},
		{"line\nbreak\x1b", "line%0Abreak%1B", "ROOT"},
		{"\xff", "%FF", "ROOT"},
		{"/etc/bot dir/env", "file:///etc/bot%20dir/env", ""},
	} {
		_, run := sarifOf(t, madeScan(madeFinding(test.file, "x")))
		got := run.Results[0].Locations[0].PhysicalLocation.ArtifactLocation
		if got.URI != test.uri || got.URIBaseID != test.base {
			t.Errorf("%q: got %q under %q", test.file, got.URI, got.URIBaseID)
		}
		if base := run.OriginalURIBaseIDs["ROOT"].URI; base != "file:///srv/bot/" {
			t.Errorf("the root is %q", base)
		}
	}
}

// Without a Home the names are relative to the current directory.
func TestSARIFOfPaths(t *testing.T) {
	t.Chdir(t.TempDir())
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	result := madeScan(madeFinding("notes.md", "x"))
	result.View = nil
	_, run := sarifOf(t, result)
	if got, want := run.OriginalURIBaseIDs["ROOT"].URI, (&url.URL{Scheme: "file", Path: filepath.ToSlash(dir) + "/"}).String(); got != want {
		t.Errorf("the root is %q, want %q", got, want)
	}
}

func TestSARIFRegions(t *testing.T) {
	const text = "{\n  \"k\": \"üsecret\",\n  \"l\": \"a\nb\"\n}\n"
	at := func(line, column int, part string) (f *scan.Finding) {
		f = madeFinding("clawdbot.json", "x")
		f.File.Data, f.Line, f.Column = []byte(text), line, column
		f.Start = strings.Index(text, part)
		f.End = f.Start + len(part)
		return f
	}
	for _, test := range []struct {
		name    string
		finding *scan.Finding
		want    *sarifRegion
	}{
		{"one line", at(2, 9, "üsecret"), &sarifRegion{2, 9, 16}},
		{"two lines", at(3, 9, "a\nb"), &sarifRegion{3, 9, 0}},
		{"the bytes are elsewhere", at(2, 8, "secret"), &sarifRegion{2, 8, 0}},
		{"the bytes are gone", func() *scan.Finding { f := at(2, 9, "üsecret"); f.File.Data = nil; return f }(), &sarifRegion{2, 9, 0}},
		{"no bytes", func() *scan.Finding { f := at(2, 9, "üsecret"); f.End = f.Start; return f }(), &sarifRegion{2, 9, 0}},
		{"far to the right", func() *scan.Finding {
			f := at(1, 1<<16+1, "")
			f.File.Data = []byte(strings.Repeat("x", 1<<17))
			f.Start, f.End = 1<<16, 1<<16+5
			return f
		}(), &sarifRegion{1, 1<<16 + 1, 0}},
		{"no column", at(2, 0, "üsecret"), &sarifRegion{2, 0, 0}},
		{"no lines", at(0, 0, "üsecret"), nil},
	} {
		if got := sarifRegionOf(test.finding); fmt.Sprint(got) != fmt.Sprint(test.want) {
			t.Errorf("%s: got %v, want %v", test.name, got, test.want)
		}
	}
}

func TestSARIFLevels(t *testing.T) {
	var findings []*scan.Finding
	for _, severity := range []scan.Severity{scan.Low, scan.Medium, scan.High, scan.Critical} {
		f := madeFinding("clawdbot.json", "x")
		f.Severity = severity
		findings = append(findings, f)
	}
	low := madeFinding("clawdbot.json", "x")
	low.Rule, low.Severity = "credential", scan.Low
	_, run := sarifOf(t, madeScan(append(findings, low)...))
	for i, want := range []string{"note", "warning", "error", "error", "note"} {
		if got := run.Results[i].Level; got != want {
			t.Errorf("%s: level %s, want %s", run.Results[i].RuleID, got, want)
		}
	}
	for i, want := range []string{"error 9.5", "note 2.0"} {
		rule := run.Tool.Driver.Rules[i]
		if got := rule.DefaultConfiguration.Level + " " + rule.Properties.SecuritySeverity; got != want {
			t.Errorf("%s: by default %s, want %s", rule.ID, got, want)
		}
	}
}

// What could not be read makes the run a failure; what was left out on purpose is named.
func TestSARIFNamesWhatWasNotRead(t *testing.T) {
	result := madeScan()
	result.Coverage.Skipped = []scan.Skipped{{File: "media/", Class: "excluded", Why: "pictures"}}
	_, run := sarifOf(t, result)
	in := run.Invocations[0]
	if !in.ExecutionSuccessful || len(in.ToolExecutionNotifications) != 1 || in.ToolExecutionNotifications[0].Level != "note" {
		t.Errorf("left out on purpose: %+v", in)
	}
	result.Coverage.Skipped = append(result.Coverage.Skipped, scan.Skipped{File: "big.json", Class: "unread", Why: "is larger than 64 MiB"})
	_, run = sarifOf(t, result)
	in = run.Invocations[0]
	if in.ExecutionSuccessful || len(in.ToolExecutionNotifications) != 2 {
		t.Fatalf("unread: %+v", in)
	}
	last := in.ToolExecutionNotifications[1]
	if last.Level != "error" || last.Message.Text != "big.json could not be read: is larger than 64 MiB" || last.Locations[0].PhysicalLocation.ArtifactLocation.URI != "big.json" {
		t.Errorf("unread: %+v", last)
	}
}

// A secret may stand in the name of a file or a key too: it is masked there.
func TestReportsMaskNames(t *testing.T) {
	value := fixture.Secret(3, "vendor", "in-a-name") + "/~x" // such as a pointer escapes
	f, weak := madeFinding("notes-"+value[:len(value)-3]+".md", value[:len(value)-3]), madeFinding("anthropic.json", "anthropic")
	f.Pointer = "/keys/" + strings.ReplaceAll(strings.ReplaceAll(value, "~", "~0"), "/", "~1") + "/token"
	g := madeFinding("other.json", value)
	result := madeScan(f, weak)
	result.LeftOut = []*scan.Finding{g}
	result.Coverage.Skipped = []scan.Skipped{{File: value + ".bin", Class: "unread", Why: "is " + value}}
	sarif, run := sarifOf(t, result)
	for name, text := range map[string]string{"sarif": string(sarif), "github": githubOf(result)} {
		if strings.Contains(text, value[:len(value)-3]) {
			t.Errorf("%s: a name gives a secret away", name)
		}
	}
	// It is another secret than the one in the file's name.
	if got := run.Results[0].Message.Text; !strings.Contains(got, " at /keys/"+secret.New(value).Mask()+"#2/token: ") {
		t.Errorf("got %q", got)
	}
	// To mask a provider's name would tell that it is the password.
	if got := run.Results[1].Locations[0].PhysicalLocation.ArtifactLocation.URI; got != "anthropic.json" {
		t.Errorf("got %q", got)
	}
}

// Text from files is neither a placeholder nor a link.
func TestSARIFMessage(t *testing.T) {
	f := madeFinding("clawdbot.json", "x")
	f.Pointer = "/{0}/[click](https://example.com)"
	_, run := sarifOf(t, madeScan(f))
	const want = "telegram-bot-token in clawdbot.json at /{{0}}/[click] (https://example.com): clawsecrets extract moves it to .env."
	if got := run.Results[0].Message.Text; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestPascalCase(t *testing.T) {
	for id, want := range map[string]string{
		"telegram-bot-token": "TelegramBotToken", "jwt": "Jwt", "1password-key": "1passwordKey", "a__b.c": "ABC", "élan": "Élan", "": "",
	} {
		if got := pascalCase(id); got != want {
			t.Errorf("%q: got %q, want %q", id, got, want)
		}
	}
}

// Whatever a file is called, its URI is ASCII, and leads back to it.
func FuzzSARIFArtifact(f *testing.F) {
	for _, name := range []string{"clawdbot.json", "a b/c:d", "%41", "/etc/x y", "..\x00\n", "//host/x", "a?b#c"} {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		b := sarifBuilder{mask: func(name string) string { return name }}
		uri := b.artifact(name).URI
		parsed, err := url.Parse(uri)
		if err != nil || parsed.Path != name || parsed.RawQuery != "" || parsed.Fragment != "" || parsed.Host != "" {
			t.Errorf("%q became %q, which is read as %q (%v)", name, uri, parsed, err)
		}
		if strings.ContainsFunc(uri, func(r rune) bool { return r <= ' ' || r >= utf8.RuneSelf || r == 0x7f }) {
			t.Errorf("%q became %q", name, uri)
		}
	})
}

func BenchmarkSARIFReport(b *testing.B) {
	var findings []*scan.Finding
	for i := range 20_000 {
		f := madeFinding(fmt.Sprintf("agents/main/sessions/%d.jsonl", i%500), fixture.Secret(5, "vendor", fmt.Sprint(i)))
		f.Line, f.Pointer = i, "/message/content/0/text"
		findings = append(findings, f)
	}
	result, describe := madeScan(findings...), rules.New(rules.Options{}).Rule
	for b.Loop() {
		sarifReport(result, describe)
	}
}
