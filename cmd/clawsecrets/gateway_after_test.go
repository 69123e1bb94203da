package main

import (
	"strings"
	"testing"

	"github.com/clawsecrets/clawsecrets/internal/gatewaytest"
)

// testWrittenBack: the product's own writes put every value back into the config.
// verify says so, and another extract makes it good with the same names.
func testWrittenBack(t *testing.T, p *person) {
	p.want(t, 0, "extract", "--yes")
	env := p.home.Read(t, ".env")
	for _, command := range [][]string{{"config", "set", "logging.level", "debug"}, {"doctor", "--fix", "--non-interactive"}} {
		p.in.MustRun(t, p.home, gatewaytest.RunOptions{}, command...)
		if !strings.Contains(p.home.Read(t, "clawdbot.json"), p.secrets["gateway.auth.token"]) {
			t.Fatalf("clawdbot %v keeps references, so that this test shows nothing", command)
		}
		failed := p.want(t, exitFound, "verify")
		for _, word := range []string{"clawdbot.json:", "CLAWDBOT_GATEWAY_TOKEN", "TELEGRAM_BOT_TOKEN", "clawsecrets extract"} {
			if !strings.Contains(failed.stdout, word) {
				t.Errorf("after clawdbot %v verify does not name %s:\n%s", command, word, failed.stdout)
			}
		}
		p.want(t, 0, "extract", "--yes")
		if again := p.home.Read(t, ".env"); again != env {
			t.Errorf("after clawdbot %v the next extract writes another .env", command)
		}
		if strings.Contains(p.home.Read(t, "clawdbot.json"), p.secrets["gateway.auth.token"]) {
			t.Errorf("after clawdbot %v the next extract leaves the token in the config", command)
		}
		p.want(t, 0, "verify")
	}
}

// testMissingVariable: verify foresees what the gateway does.
func testMissingVariable(t *testing.T, p *person) {
	p.want(t, 0, "extract", "--yes")
	const name = "CLAWDBOT_HOOKS_TOKEN"
	var kept strings.Builder
	for line := range strings.Lines(p.home.Read(t, ".env")) {
		if !strings.HasPrefix(line, name+"=") {
			kept.WriteString(line)
		}
	}
	p.home.Write(t, ".env", kept.String())
	failed := p.want(t, exitFound, "verify")
	if !strings.Contains(failed.stdout, name) || !strings.Contains(failed.stdout, "hooks.json5:") {
		t.Errorf("verify does not name %s and where it is needed:\n%s", name, failed.stdout)
	}
	if _, err := p.in.TryStartGateway(t, p.home, gatewaytest.RunOptions{}); err == nil || !strings.Contains(err.Error(), name) {
		t.Errorf("the gateway starts without %s: %v", name, err)
	}
}

// testUndo: every byte and every mode is as before, and so is the gateway.
func testUndo(t *testing.T, p *person) {
	p.turns(t, nil) // the files that the gateway generates are there from now on
	original := p.tree(t)
	p.want(t, 0, "extract", "--yes")
	if len(differences(original, p.tree(t))) == 0 {
		t.Fatal("extract changed nothing")
	}
	p.want(t, 0, "extract", "--undo", "--dry-run")
	p.want(t, 0, "extract", "--undo", "--yes")
	if names := differences(original, p.tree(t)); len(names) > 0 {
		t.Errorf("after undo these differ: %v", names)
	}
	g := p.in.StartGateway(t, p.home, gatewaytest.RunOptions{})
	wantProtected(t, p.asked(g))
	g.Stop(t)
	testUndoAfterUse(t, p)
}

// testUndoAfterUse: the gateway has written its generated files anew since extract,
// and does so again from what comes back.
func testUndoAfterUse(t *testing.T, p *person) {
	t.Helper()
	original := p.written(t)
	p.want(t, 0, "extract", "--yes")
	p.turns(t, nil)
	undone := p.want(t, 0, "extract", "--undo", "--yes")
	if !strings.Contains(undone.stdout, "agents/tenant/agent/models.json stays as it is") {
		t.Errorf("undo does not say what it leaves:\n%s", undone.stdout)
	}
	if names := differences(original, p.written(t)); len(names) > 0 {
		t.Errorf("after undo these differ: %v", names)
	}
	p.wantSent(t, p.turns(t, nil))
}

// testOtherTMPDIR: the gateway's lock is in its own temporary directory, and its
// command line is a title that names no Home. Only its environment tells.
func testOtherTMPDIR(t *testing.T, p *person) {
	start := func(env ...string) *gatewaytest.Gateway {
		return p.in.StartGateway(t, p.home, gatewaytest.RunOptions{Env: append(env, "TMPDIR="+t.TempDir())})
	}
	g := start()
	testRefusesWhileRunning(t, p, g)
	p.want(t, exitRefused, "extract", "--yes", "--state-dir", p.home.State)
	g.Stop(t)

	// Now with nothing but HOME that says where its Home is.
	g = start("CLAWDBOT_STATE_DIR=")
	testRefusesWhileRunning(t, p, g)
	p.want(t, exitRefused, "extract", "--yes", "--state-dir", p.home.State)
}
