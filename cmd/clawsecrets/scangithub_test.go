package main

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/clawsecrets/clawsecrets/internal/fixture"
	"github.com/clawsecrets/clawsecrets/internal/ui"
	"github.com/clawsecrets/clawsecrets/scan"
)

func githubOf(result *scan.Result) string {
	var out bytes.Buffer
	printGitHub(&ui.IO{Out: &out}, result)
	return out.String()
}

// command is a workflow command as GitHub's runner reads it.
type command struct {
	name       string
	properties map[string]string
	message    string
}

// readCommand reads a line as the runner does (Runner.Common/ActionCommand.cs).
func readCommand(line string) (c command, ok bool) {
	rest, ok := strings.CutPrefix(strings.TrimLeft(line, " \t"), "::")
	if !ok {
		return c, false
	}
	head, message, ok := strings.Cut(rest, "::")
	if !ok {
		return c, false
	}
	unescape := func(text string, pairs ...string) string {
		for i := 0; i < len(pairs); i += 2 {
			text = strings.ReplaceAll(text, pairs[i], pairs[i+1])
		}
		return text
	}
	name, properties, _ := strings.Cut(head, " ")
	c = command{name, map[string]string{}, unescape(message, "%0D", "\r", "%0A", "\n", "%25", "%")}
	for pair := range strings.SplitSeq(strings.TrimSpace(properties), ",") {
		if key, value, ok := strings.Cut(pair, "="); ok && value != "" {
			c.properties[key] = unescape(value, "%0D", "\r", "%0A", "\n", "%3A", ":", "%2C", ",", "%25", "%")
		}
	}
	return c, true
}

// readCommands reads all lines, each of which has to be a command.
func readCommands(t *testing.T, text string) (commands []command) {
	t.Helper()
	for line := range strings.Lines(text) {
		c, ok := readCommand(strings.TrimSuffix(line, "\n"))
		if !ok {
			t.Fatalf("no command: %q", line)
		}
		commands = append(commands, c)
	}
	return commands
}

func TestGitHubLines(t *testing.T) {
	t.Setenv("GITHUB_WORKSPACE", "/srv")
	value := fixture.Secret(1, "telegram", "bot")
	medium, low, outside := madeFinding("credentials/a,b:c%.json", value), madeFinding("node.json", value), madeFinding("/etc/bot.env", value)
	medium.Severity, medium.Action, medium.Note = scan.Medium, scan.Keep, "a\nb 100%"
	low.Severity, low.Action, low.Line, low.Column, low.Pointer = scan.Low, scan.Keep, 0, 0, "/token"
	outside.Severity, outside.Action = scan.Critical, scan.Rotate
	result := madeScan(low, medium, madeFinding("clawdbot.json", value), outside)
	result.Coverage.Skipped = []scan.Skipped{{File: "media/", Class: "excluded", Why: "pictures"}, {File: "big.json", Class: "unread", Why: "is large"}}
	mask := value[:4] + "********"
	want := []string{
		"::error file=/etc/bot.env,line=2,col=3,title=telegram-bot-token::/etc/bot.env:2:3: telegram-bot-token " + mask + ": give it a new value.",
		"::error file=bot/clawdbot.json,line=2,col=3,title=telegram-bot-token::clawdbot.json:2:3: telegram-bot-token " + mask + ": clawsecrets extract moves it to .env.",
		"::warning file=bot/credentials/a%2Cb%3Ac%25.json,line=2,col=3,title=telegram-bot-token::credentials/a,b:c%25.json:2:3: telegram-bot-token " + mask + ": it cannot move (a?b 100%25).",
		"::notice file=bot/node.json,title=telegram-bot-token::node.json: telegram-bot-token " + mask + " at /token: it cannot move.",
		"::warning title=not read::big.json could not be read: is large",
		"::notice title=clawsecrets::4 findings in 4 files. 1 file could not be read.",
	}
	got := githubOf(result)
	if got != strings.Join(want, "\n")+"\n" {
		t.Errorf("got\n%s\nwant\n%s", got, strings.Join(want, "\n"))
	}
	if c := readCommands(t, got)[2]; c.properties["file"] != "bot/credentials/a,b:c%.json" || !strings.HasSuffix(c.message, "(a?b 100%).") {
		t.Errorf("GitHub reads %q", c)
	}
}

func TestGitHubPath(t *testing.T) {
	for _, test := range []struct{ workspace, path, want string }{
		{"/srv", "/srv/bot/clawdbot.json", "bot/clawdbot.json"},
		{"/srv/", "/srv/bot/clawdbot.json", "bot/clawdbot.json"},
		{"/srv/bot", "/srv/bottle/x", "/srv/bottle/x"},
		{"/srv/bot", "/srv/x", "/srv/x"},
		{"", "/srv/x", "/srv/x"},
		{"/srv", "-", "-"}, // standard input
	} {
		t.Setenv("GITHUB_WORKSPACE", test.workspace)
		if got := githubPath(test.path); got != test.want {
			t.Errorf("%s in %q: got %q", test.path, test.workspace, got)
		}
	}
}

// GitHub shows few annotations: that the log has more is said.
func TestGitHubSummary(t *testing.T) {
	var findings []*scan.Finding
	for i := range 11 {
		if got := githubOf(madeScan(findings...)); strings.Contains(got, "the log has all") {
			t.Errorf("with %d findings: %s", i, got)
		}
		findings = append(findings, madeFinding("clawdbot.json", fixture.Secret(1, "hex", fmt.Sprint(i))))
	}
	got := githubOf(madeScan(findings...))
	if !strings.HasSuffix(got, "::notice title=clawsecrets::11 findings in 1 file. GitHub shows the first ten errors, warnings and notices of a step: the log has all.\n") {
		t.Errorf("with 11 findings: %s", got)
	}
}

func TestGitHubOfTheCommittedState(t *testing.T) {
	result := committedScan(t)
	text := githubOf(result)
	commands := readCommands(t, text)
	if want := len(inTheOpen(result.Findings)); len(commands) < want || want < 50 {
		t.Errorf("%d commands for %d findings", len(commands), want)
	}
	for _, f := range result.Findings {
		if value := firstLine(f.Value.Reveal()); len(value) >= 8 && !strings.HasPrefix(value, "-----") && strings.Contains(text, value) {
			t.Errorf("the value at %s:%d:%d is printed", f.File.Rel, f.Line, f.Column)
		}
	}
}

// Whatever a file is called, the line is one command, and GitHub reads in it what we meant.
func FuzzGitHubCommand(f *testing.F) {
	f.Add("a,b:c%.json", "100% :: of\r\n##[stop-commands]x")
	f.Add("::error::x", "%0A%25")
	f.Add("", "\x1b[2J\u2028")
	f.Fuzz(func(t *testing.T, file, message string) {
		line := githubCommand("error", []githubProperty{{"file", file}, {"title", "rule"}}, message)
		if strings.ContainsAny(line, "\r\n\x1b") {
			t.Fatalf("%q is more than a line", line)
		}
		c, ok := readCommand(line)
		// The runner trims blanks around all properties.
		if !ok || c.name != "error" || strings.TrimLeft(c.properties["file"], " \t") != strings.TrimLeft(ui.Clean(file), " \t") ||
			c.properties["title"] != "rule" || c.message != ui.Clean(message) {
			t.Errorf("%q is read as %q", line, c)
		}
	})
}
