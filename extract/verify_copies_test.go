package extract_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/clawsecrets/clawsecrets/extract"
	"github.com/clawsecrets/clawsecrets/internal/fixture"
	"github.com/clawsecrets/clawsecrets/internal/gateway"
	"github.com/clawsecrets/clawsecrets/internal/secret"
	"github.com/clawsecrets/clawsecrets/scan"
)

// Every file that holds a value of the .env is one line: it fails where extract takes the
// value away, with the flag that does, and warns where it does not.
func TestVerifyNamesEveryCopy(t *testing.T) {
	token := fixture.Secret(7, "hex", "token")
	clear, quoted := "the token is "+token+"\n", `{"type":"message","id":"a1","message":{"role":"user","content":[{"type":"text","text":"it is `+token+`"}]}}`+"\n"
	header := `{"type":"session","version":3,"id":"s1","timestamp":"2026-01-20T10:00:00.000Z","cwd":"/"}` + "\n"
	want := []struct{ file, text, line string }{
		{".clawdbot/clawdbot.json.bak", `{ gateway: { auth: { token: '` + token + `' } } }`, "wrong clawdbot.json.bak:1:30: holds the value of CLAWDBOT_GATEWAY_TOKEN in clear (clawsecrets extract; )"},
		{".clawdbot/logs/gateway.log", clear + clear + clear, "wrong logs/gateway.log:1:14: holds the value of CLAWDBOT_GATEWAY_TOKEN in clear, in 3 places (clawsecrets extract; )"},
		{".clawdbot/agents/main/sessions/s1.jsonl", header + quoted + quoted, "wrong agents/main/sessions/s1.jsonl:2:94: holds the value of CLAWDBOT_GATEWAY_TOKEN in clear, in 2 places (clawsecrets extract --sessions; )"},
		{"clawd/MEMORY.md", "# Notes\n" + clear, "note ~/clawd/MEMORY.md:2:14: holds the value of CLAWDBOT_GATEWAY_TOKEN in clear (; "},
		{".bash_history", "clawdbot --token " + token + "\n", "note ~/.bash_history:1:18: holds the value of CLAWDBOT_GATEWAY_TOKEN in clear (; "},
		{".clawdbot/media/inbound/a.txt", clear, "note media/inbound/a.txt:1:14: holds the value of CLAWDBOT_GATEWAY_TOKEN in clear (rm @/.clawdbot/media/inbound/a.txt; "},
		{".clawdbot/credentials/x.json", `{"token":"` + token + `"}`, "note credentials/x.json:1:11: holds the value of CLAWDBOT_GATEWAY_TOKEN in clear (; "},
	}
	files := map[string]string{
		".clawdbot/clawdbot.json": `{ gateway: { auth: { token: '${CLAWDBOT_GATEWAY_TOKEN}' } } }`,
		".clawdbot/.env":          "CLAWDBOT_GATEWAY_TOKEN=" + token + "\n",
	}
	const setting = "note clawdbot.json: logs hold secrets that none of the gateway's patterns masks: credential"
	clean := looked(t, person(t, files))
	if got := problems(t, clean); got != "" {
		t.Fatalf("before there are copies: %s", got)
	}
	for _, copied := range want {
		files[copied.file] = copied.text
	}
	scanned := looked(t, person(t, files))
	lines := slices.Collect(strings.Lines(problems(t, scanned)))
	for _, copied := range want {
		line := strings.ReplaceAll(copied.line, "@/", "~/")
		if !slices.ContainsFunc(lines, func(got string) bool { return strings.HasPrefix(got, line) }) {
			t.Errorf("not there: %s", line)
		}
	}
	if others := len(lines) - len(want); others != 1 || !strings.HasPrefix(lines[len(lines)-1], setting) {
		t.Errorf("%d lines more than the copies:\n%s", others, strings.Join(lines, ""))
	}
}

// The transcript of an open session is for later: it warns.
func TestVerifyLeavesOpenSessions(t *testing.T) {
	token := fixture.Secret(7, "hex", "token")
	view := person(t, map[string]string{
		".clawdbot/clawdbot.json":                 `{ gateway: { auth: { token: '${CLAWDBOT_GATEWAY_TOKEN}' } } }`,
		".clawdbot/.env":                          "CLAWDBOT_GATEWAY_TOKEN=" + token + "\n",
		".clawdbot/agents/main/sessions/s1.jsonl": `{"type":"session"}` + "\n" + `{"type":"message","id":"a","message":{"role":"user","content":"` + token + `"}}` + "\n",
	})
	scanned := looked(t, view)
	for _, test := range []struct {
		later time.Duration
		want  string
		fails bool
	}{
		{0, "the session is open", false},
		{time.Hour, "", true},
	} {
		found, err := extract.Verify(t.Context(), scanned, testKey(), extract.VerifyOptions{Now: time.Now().Add(test.later)})
		if err != nil || len(found.Problems) != 1 {
			t.Fatal(found, err)
		}
		p := found.Problems[0]
		if found.Failed() != test.fails || !strings.HasPrefix(p.Do, test.want) || strings.Join(p.Command, " ") != "clawsecrets extract --sessions" {
			t.Errorf("after %s: %+v", test.later, p)
		}
	}
}

// What an extract has taken out of everything is known again by its fingerprint.
func TestVerifyKnowsWhatWasTakenOut(t *testing.T) {
	token, pasted := fixture.Secret(7, "hex", "token"), fixture.Secret(7, "github", "pasted")
	log := ".clawdbot/logs/gateway.log"
	view := person(t, map[string]string{
		".clawdbot/clawdbot.json": `{ gateway: { auth: { token: '` + token + `' } } }`,
		log:                       "pasted " + pasted + "\n",
	})
	plan, err := extract.MakeAll(looked(t, view), testKey(), extract.Options{Now: time.Now()})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := plan.Apply(t.Context(), testKey()); err != nil {
		t.Fatal(err)
	}
	again := func() string {
		home := *view.Home
		return problems(t, looked(t, reopened(t, &home)))
	}
	if got := again(); got != "" {
		t.Fatalf("after the extract: %s", got)
	}
	if err := os.WriteFile(filepath.Join(view.Home.UserHome, log), []byte("again "+pasted+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got, want := again(), "wrong logs/gateway.log:1:7: holds a value in clear that was taken out elsewhere (github-pat) (clawsecrets extract; )\n"; got != want {
		t.Errorf("got  %swant %s", got, want)
	}
}

// What lies in an archive or in the history of a repository is told with its place there.
func TestVerifyNamesPlacesWithin(t *testing.T) {
	token := fixture.Secret(7, "hex", "token")
	scanned := looked(t, person(t, map[string]string{
		".clawdbot/clawdbot.json": `{ gateway: { auth: { token: '${CLAWDBOT_GATEWAY_TOKEN}' } } }`,
		".clawdbot/.env":          "CLAWDBOT_GATEWAY_TOKEN=" + token + "\n",
	}))
	place := func(surface gateway.Surface, name string, action scan.Action, at scan.Location, note string) {
		at.File = &gateway.File{Path: "/x/" + name, Rel: "/x/" + name, Surface: surface}
		scanned.Findings = append(scanned.Findings, &scan.Finding{
			Rule: "credential", Detector: scan.Known, Value: secret.New(token), Action: action, Location: at, Note: note,
		})
	}
	place("archive", "backup.tar.gz", scan.Delete, scan.Location{Pointer: "state/clawdbot.json", Line: 3, Column: 4}, "")
	place("git-history", "clawd/.git", scan.Rotate, scan.Location{Pointer: "0af3"}, "in MEMORY.md, commit 0af3")
	want := "note /x/backup.tar.gz: state/clawdbot.json in it holds the value of CLAWDBOT_GATEWAY_TOKEN in clear (rm /x/backup.tar.gz; delete the file when you do not need it)\n" +
		"note /x/clawd/.git: holds the value of CLAWDBOT_GATEWAY_TOKEN in clear (in MEMORY.md, commit 0af3) (; a repository keeps its history: rotate the secret)\n"
	if got := problems(t, scanned); got != want {
		t.Errorf("got %s", got)
	}
}

// A plan knows what moves; a value with the same name elsewhere is no comeback of it.
func TestVerifyNamesNewSecrets(t *testing.T) {
	scanned := looked(t, person(t, map[string]string{
		".clawdbot/clawdbot.json": `{ gateway: { auth: { token: '` + fixture.Secret(7, "hex", "token") + `' } } }`,
	}))
	if got, want := problems(t, scanned), "wrong clawdbot.json:1:30: gateway.auth.token holds a secret in clear, which can move to CLAWDBOT_GATEWAY_TOKEN (clawsecrets extract; )\n"; got != want {
		t.Errorf("got  %swant %s", got, want)
	}
}

// Verify of a large Home where nothing is wrong costs what its scan costs.
func BenchmarkVerify(b *testing.B) {
	view := open(b, committed(b))
	known, err := extract.KnownToVerify(view, testKey())
	if err != nil {
		b.Fatal(err)
	}
	result, err := scan.Home(b.Context(), view, scan.Options{Known: known, Everywhere: &scan.Everywhere{Strict: true, LogDirs: []string{}}})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := extract.Verify(b.Context(), result, testKey(), extract.VerifyOptions{Now: time.Now()}); err != nil {
			b.Fatal(err)
		}
	}
}
