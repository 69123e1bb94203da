package main

import (
	"encoding/json"
	"os"
	"path"
	"strings"
	"testing"
	"time"

	"github.com/clawsecrets/clawsecrets/internal/gatewaytest"
)

// TestGateway takes one Home that the product's own commands built through what a
// person does with this program, and asks the real gateway after each step.
func TestGateway(t *testing.T) {
	t.Parallel()
	p := newPerson(t, gatewaytest.BuildOptions{})
	p.moveHooksToInclude(t)
	oracle := p.in.Oracle(t)
	resolved := p.resolved(t, oracle)
	for name, test := range map[string]func(*testing.T, *person){
		"written back":          testWrittenBack,
		"a missing variable":    testMissingVariable,
		"undo":                  testUndo,
		"another TMPDIR":        testOtherTMPDIR,
		"restart":               testRestart,
		"restart command fails": testRestartFails,
	} {
		other := p.copy(t)
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, other)
		})
	}
	t.Run("same behaviour", func(t *testing.T) {
		t.Parallel()
		testSameBehaviour(t, p, oracle, resolved)
	})
}

func testSameBehaviour(t *testing.T, p *person, oracle *gatewaytest.Oracle, resolved gatewaytest.OracleReply) {
	began := time.Now()
	g := p.in.StartGateway(t, p.home, gatewaytest.RunOptions{})
	before := p.asked(g)
	testRefusesWhileRunning(t, p, g)
	g.Stop(t)
	for what, answer := range p.askedBrowser(t) {
		before[what] = answer
	}
	wantProtected(t, before)
	calls := p.turns(t, nil)
	p.wantSent(t, calls)
	t.Logf("before: %d probes and %d model calls in %v", len(before), len(calls), since(began))

	original := p.written(t)
	p.want(t, 0, "extract", "--yes")
	p.wantMoved(t)
	wantSameResolved(t, resolved, p.resolved(t, oracle))
	p.want(t, 0, "verify")
	written := p.written(t)

	began = time.Now()
	g = p.in.StartGateway(t, p.home, gatewaytest.RunOptions{})
	after := p.asked(g)
	p.want(t, 0, "verify")
	reached := []string{"CLAWDBOT_GATEWAY_PORT=" + itoa(g.Port)}
	wantSameSent(t, calls, p.turns(t, reached, readingCommands()...))
	g.Stop(t)
	for what, answer := range p.askedBrowser(t) {
		after[what] = answer
	}
	wantSame(t, before, after)
	t.Logf("after: the same in %v", since(began))

	for name, text := range p.written(t) {
		if written[name] != text {
			t.Errorf("%s is not as extract wrote it: the gateway's commands changed it", name)
		}
	}
	p.want(t, 0, "verify")
	testConverges(t, p)
	p.want(t, 0, "extract", "--undo", "--yes")
	if names := differences(original, p.written(t)); len(names) > 0 {
		t.Errorf("after undo these differ: %v", names)
	}
}

// testConverges: a second extract takes away what the gateway wrote into the files
// that it generates; a third writes nothing.
func testConverges(t *testing.T, p *person) {
	t.Helper()
	before := p.tree(t)
	p.want(t, 0, "extract", "--yes")
	second := p.tree(t)
	for _, name := range differences(before, second) {
		if !strings.HasSuffix(name, "/models.json") && !strings.HasPrefix(name, "clawsecrets/") {
			t.Errorf("a second extract changed %s", name)
		}
	}
	p.wantMoved(t)
	p.want(t, 0, "extract", "--yes")
	if names := differences(second, p.tree(t)); len(names) > 0 {
		t.Errorf("a third extract changed %v", names)
	}
}

// testRefusesWhileRunning: a running gateway would go on with an empty config as
// soon as a reference appears that it has no value for.
func testRefusesWhileRunning(t *testing.T, p *person, g *gatewaytest.Gateway) {
	t.Helper()
	before := p.tree(t)
	refused := p.want(t, exitRefused, "extract", "--yes")
	for _, word := range []string{"process " + itoa(g.PID), "stop it", "--restart", "nothing was written"} {
		if !strings.Contains(refused.stderr, word) {
			t.Errorf("the refusal does not say %q: %s", word, refused.stderr)
		}
	}
	p.want(t, 0, "extract", "--dry-run")
	if names := differences(before, p.tree(t)); len(names) > 0 {
		t.Errorf("a refused run and a dry run changed %v", names)
	}
}

// readingCommands are the product's commands that do not write the config.
func readingCommands() [][]string {
	return [][]string{
		{"config", "get", "gateway.port"}, {"status"}, {"health"}, {"channels", "list"}, {"plugins", "list"},
		{"hooks", "list"}, {"models", "status"}, {"security", "audit"}, {"doctor", "--non-interactive"},
	}
}

// moveHooksToInclude puts a part of the config into a file that it includes, as
// people do by hand.
func (p *person) moveHooksToInclude(t *testing.T) {
	t.Helper()
	var config map[string]json.RawMessage
	if err := json.Unmarshal([]byte(p.home.Read(t, "clawdbot.json")), &config); err != nil {
		t.Fatal(err)
	}
	p.home.Write(t, "hooks.json5", "// who may wake the agent\n"+string(config["hooks"])+"\n")
	config["hooks"] = json.RawMessage(`{"$include": "./hooks.json5"}`)
	text, err := json.MarshalIndent(config, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	p.home.Write(t, "clawdbot.json", string(text)+"\n")
}

// written reads the files that extract writes and the gateway should not.
func (p *person) written(t *testing.T) map[string]string {
	t.Helper()
	files := map[string]string{}
	for name, text := range p.tree(t) {
		switch path.Base(name) {
		case "clawdbot.json", "hooks.json5", ".env", "auth-profiles.json":
			files[name] = text
		}
	}
	return files
}

// wantMoved fails the test unless every planted value is in a .env of mode 0600,
// and in no file that extract writes. A header stays in the generated models.json,
// which has no other form for it.
func (p *person) wantMoved(t *testing.T) {
	t.Helper()
	info, err := os.Stat(p.home.DotEnv())
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode().Perm() != 0o600 {
		t.Errorf(".env has mode %v", info.Mode().Perm())
	}
	env, files := p.home.Read(t, ".env"), p.written(t)
	delete(files, ".env")
	for name, text := range p.tree(t) {
		if strings.HasSuffix(name, "/models.json") || strings.HasPrefix(name, "clawsecrets/") {
			files[name] = text
		}
	}
	for secret, value := range p.secrets {
		if !strings.Contains(env, value) {
			t.Errorf("%s is not in .env", secret)
		}
		for name, text := range files {
			generated := strings.HasSuffix(name, "/models.json") && strings.Contains(secret, ".headers.")
			if !generated && strings.Contains(text, value) {
				t.Errorf("%s is in %s in clear", secret, name)
			}
		}
	}
	t.Logf("%d values moved, in none of %d files", len(p.secrets), len(files))
}
