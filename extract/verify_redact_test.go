package extract

import (
	"encoding/json"
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/clawsecrets/clawsecrets/internal/fixture"
	"github.com/clawsecrets/clawsecrets/internal/gatewaytest"
)

// logLine is a secret in a line of a log, and the rule that finds it there.
type logLine struct{ rule, before, value, after string }

// logLines returns a secret of each kind in each place that logs have them.
func logLines() []logLine {
	var lines []logLine
	for _, kind := range fixture.Kinds() {
		value := fixture.Secret(7, kind, "log")
		if slices.Contains([]string{"placeholder", "short", "password", "passphrase", "url-password", "key-id", "pem", "device-key", "service-account"}, kind) {
			continue // no shape, or a block that the gateway knows
		}
		lines = append(lines,
			logLine{"shape", "login with ", value, " failed"},
			logLine{"shape", `{"botToken":"`, value, `","at":1}`},
			logLine{"shape", "EXAMPLE_API_KEY=", value, ""},
			logLine{"url-query-token", "open http://127.0.0.1:18789/?token=", value, "&a=1"},
			logLine{"authorization-header", "Authorization: Bearer ", value, "\""},
			logLine{"api-key-header", "x-api-key: ", value, ", accept: */*"},
		)
	}
	return append(lines,
		logLine{"url-password", "connect postgres://app:", fixture.Secret(7, "url-password", "db"), "@db.example.com/app"},
		logLine{"discord-webhook", "https://discord.com/api/webhooks/123456789012345678/", fixture.Secret(7, "refresh", "hook")[3:71], ""},
		logLine{"basic-auth-header", "Authorization: Basic ", fixture.Secret(7, "key32", "basic"), ""},
	)
}

// Whatever token the gateway would let through has a pattern that masks it.
func TestPatternsMask(t *testing.T) {
	masks := newRedactor(defaultPatterns())
	let := 0
	for _, line := range logLines() {
		if masks.hides(line.before, line.value, line.after) {
			continue
		}
		let++
		if pattern := maskingPattern(line); pattern == "" {
			t.Errorf("nothing masks what rule %s found after %q, %d bytes: tried %q", line.rule, line.before, len(line.value), patternsFor(line.rule, line.value))
		}
	}
	if let < 20 {
		t.Errorf("only %d lines show something: the test proves little", let)
	}
}

func maskingPattern(line logLine) string {
	for _, pattern := range patternsFor(line.rule, line.value) {
		if newRedactor([]string{pattern}).hides(line.before, line.value, line.after) {
			return pattern
		}
	}
	return ""
}

// Words, paths and the names of commits have no pattern: it would mask them all.
func TestNoPatternForWords(t *testing.T) {
	for _, value := range []string{
		"", "hunter2", "correct horse battery staple", strings.Repeat("a", 60), strings.Repeat("0af3", 10), strings.Repeat("0af3", 16),
		"/home/u/some/longer/path/1", "2026-01-20", "9e6735dd-2c41-4b0f-8a53-6f1d2e7c9b04", "sk+a/1" + strings.Repeat("b", 30), "v1.2.3", "a..b" + strings.Repeat("0", 30), "pass word 1234567890 1234567890",
	} {
		if patterns := patternsFor("credential", value); len(patterns) > 0 {
			t.Errorf("%q has %q", value, patterns)
		}
	}
}

func TestFromJavaScript(t *testing.T) {
	for _, test := range []struct {
		pattern, text string
		hidden        bool
	}{
		{`abc(\d+)`, "ABC123", true},
		{`/abc(\d+)/g`, "ABC123", false},
		{`/abc(\d+)/i`, "ABC123", true},
		{`/abc(\d+)/gimsuy`, "ABC123", true},
		{`(?<=abc)(\d+)`, "ABC123", false}, // only JavaScript can read it: masks nothing here
		{`  `, "ABC123", false},
		{`/`, "ABC123", false},
		{`KEY=(["']?)([^\s"'\\]+)\1`, `KEY="123"`, true},
		{`KEY=(["']?)([^\s"'\\]+)\1`, `KEY="123`, false},
		{`KEY=(["']?)([^\s"'\\]+)\1`, `KEY=123`, true},
	} {
		before, after, _ := strings.Cut(test.text, "123")
		if got := newRedactor([]string{test.pattern}).hides(before, "123", after); got != test.hidden {
			t.Errorf("%q on %q: hidden is %v", test.pattern, test.text, got)
		}
	}
}

// A pattern is one that Go reads too, says nothing of the value but its length and its
// issuer's prefix, and has nothing that the gateway takes for a reference to a variable.
func FuzzPatterns(f *testing.F) {
	for _, kind := range fixture.Kinds() {
		f.Add("shape", fixture.Secret(1, kind, "fuzz"))
	}
	f.Add("url-query-token", "${NAME}")
	f.Fuzz(func(t *testing.T, rule, value string) {
		public := ""
		for _, shape := range tokenShapes() {
			if strings.HasPrefix(value, shape.prefix) {
				public = shape.prefix
			}
		}
		for _, pattern := range patternsFor(rule, value) {
			if len(newRedactor([]string{pattern})) != 1 || strings.Contains(pattern, "${") {
				t.Fatalf("%q is no pattern", pattern)
			}
			if rulePatterns()[rule] == pattern {
				continue
			}
			for at := len(public); at+4 <= len(value); at++ {
				if part := value[at : at+4]; strings.Contains(pattern, part) && !strings.Contains("[^A-Za-z0-9_-]|[A-Za-z0-9+/][0-9a-f]", part) {
					t.Fatalf("%q tells a part of the value", pattern)
				}
			}
		}
	})
}

// The product itself masks by default what we say it does, and with the patterns that are
// offered the rest.
func TestProductMasksAsWeSay(t *testing.T) {
	installation := gatewaytest.Product(t)
	var request struct {
		Lines []string   `json:"lines"`
		Sets  [][]string `json:"sets"`
	}
	lines := logLines()
	for _, line := range lines {
		set := defaultPatterns()
		if pattern := maskingPattern(line); pattern != "" {
			set = append(set, pattern)
		}
		request.Lines = append(request.Lines, line.before+line.value+line.after)
		request.Sets = append(request.Sets, set)
	}
	var answer struct {
		Defaults      []string
		Plain, Masked []string
	}
	askNode(t, installation, fmt.Sprintf(`
		import { readFileSync } from "node:fs";
		import { getDefaultRedactPatterns, redactSensitiveText } from %q;
		const { lines, sets } = JSON.parse(readFileSync(0, "utf8"));
		console.log(JSON.stringify({
			Defaults: getDefaultRedactPatterns(),
			Plain: lines.map((line) => redactSensitiveText(line, { mode: "tools" })),
			Masked: lines.map((line, i) => redactSensitiveText(line, { mode: "tools", patterns: sets[i] })),
		}));`, "file://"+filepath.Join(installation.Modules, "clawdbot/dist/logging/redact.js")), request, &answer)
	if !slices.Equal(answer.Defaults, defaultPatterns()) {
		t.Errorf("the product's own patterns are %q", answer.Defaults)
	}
	masks := newRedactor(defaultPatterns())
	for i, line := range lines {
		if hidden := !strings.Contains(answer.Plain[i], line.value); hidden != masks.hides(line.before, line.value, line.after) {
			t.Errorf("after %q: the product hides it: %v", line.before, hidden)
		}
		if strings.Contains(answer.Masked[i], line.value) {
			t.Errorf("after %q: still shown with %q", line.before, request.Sets[i][len(defaultPatterns()):])
		}
	}
}

// askNode runs a module in the product's own node, with JSON in and out.
func askNode(t *testing.T, installation *gatewaytest.Installation, module string, request, answer any) {
	t.Helper()
	input, err := json.Marshal(request)
	if err != nil {
		t.Fatal(err)
	}
	command := exec.CommandContext(t.Context(), installation.Node, "--no-warnings", "--input-type=module", "--eval", module)
	command.Env = []string{"HOME=" + t.TempDir()}
	command.Stdin = strings.NewReader(string(input))
	out, err := command.Output()
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(out, answer); err != nil {
		t.Fatal(err)
	}
}
