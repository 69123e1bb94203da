package main

import (
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/clawsecrets/clawsecrets/internal/gatewaytest"
	"github.com/clawsecrets/clawsecrets/internal/service"
)

// testRestart: a gateway that is no service is stopped, and started by the command
// that the person gives; and the same the way back.
func testRestart(t *testing.T, p *person) {
	g := p.in.StartGateway(t, p.home, gatewaytest.RunOptions{})
	original, before := p.written(t), p.asked(g)
	p.want(t, exitRefused, "extract", "--yes", "--restart")
	command := p.startCommand(t, g)
	t.Cleanup(func() { stopListener(t, g.Port) })

	p.want(t, 0, "extract", "--yes", "--restart", "--restart-command", command)
	if g.Running() {
		t.Error("the gateway was not stopped")
	}
	for name, text := range p.written(t) {
		if name != ".env" && strings.Contains(text, p.secrets["gateway.auth.token"]) {
			t.Errorf("%s has the token in clear", name)
		}
	}
	started := &gatewaytest.Gateway{Server: &gatewaytest.Server{Port: g.Port}}
	wantSame(t, before, p.asked(started))
	p.want(t, 0, "verify")

	p.want(t, exitRefused, "extract", "--undo", "--yes")
	p.want(t, 0, "extract", "--undo", "--yes", "--restart", "--restart-command", command)
	if names := differences(original, p.written(t)); len(names) > 0 {
		t.Errorf("after undo these differ: %v", names)
	}
	wantSame(t, before, p.asked(started))
}

// testRestartFails: when the gateway does not come up, everything is put back, but
// for what the gateway generates: in the second case it had the time to.
func testRestartFails(t *testing.T, p *person) {
	p.turns(t, nil) // the generated files, as they are before
	g := p.in.StartGateway(t, p.home, gatewaytest.RunOptions{})
	agent := p.productCommand(t, g, append(gatewaytest.AgentTurn(), "--agent", "tenant")...)
	before := p.tree(t)
	p.wantPutBack(t, g, "false")
	if names := differences(before, p.tree(t)); len(names) > 0 {
		t.Errorf("after the failed restart these differ: %v", names)
	}

	g = p.in.StartGateway(t, p.home, gatewaytest.RunOptions{})
	written := p.written(t)
	p.wantPutBack(t, g, agent+"; false")
	if names := differences(written, p.written(t)); len(names) > 0 {
		t.Errorf("after a restart that failed late these differ: %v", names)
	}
	// The command has run twice, with references and without: three calls before.
	key := p.secrets["models.providers.mock.apiKey"]
	if got := p.models.Credentials()[3:]; !slices.Equal(got, []string{key, key}) {
		t.Errorf("the restart command did not run an agent with its key: %d calls", len(got))
	}
	p.wantSent(t, p.turns(t, nil))
}

func (p *person) wantPutBack(t *testing.T, g *gatewaytest.Gateway, command string) {
	t.Helper()
	failed := p.want(t, exitFound, "extract", "--yes", "--restart", "--restart-command", command)
	if g.Running() {
		t.Error("the gateway was not stopped")
	}
	for _, word := range []string{"putting everything back", "start it yourself"} {
		if !strings.Contains(failed.stderr, word) {
			t.Errorf("the failure does not say %q: %s", word, failed.stderr)
		}
	}
}

// startCommand returns a shell command that starts a gateway like the running one.
func (p *person) startCommand(t *testing.T, g *gatewaytest.Gateway) string {
	t.Helper()
	return p.productCommand(t, g, "gateway", "--port", itoa(g.Port), "--bind", "loopback") + " &"
}

// productCommand returns a shell command that runs the product in the environment of
// the running gateway, for at most three minutes.
func (p *person) productCommand(t *testing.T, g *gatewaytest.Gateway, args ...string) string {
	t.Helper()
	environ, err := os.ReadFile(filepath.Join("/proc", itoa(g.PID), "environ"))
	if err != nil {
		t.Fatal(err)
	}
	words := strings.Split(strings.TrimRight(string(environ), "\x00"), "\x00")
	words = append(append(words, p.in.Node, p.in.Entry), args...)
	for i, word := range words {
		words[i] = quoted(word)
	}
	log := quoted(filepath.Join(p.home.Dir, "product.log"))
	return "timeout 180 env -i " + strings.Join(words, " ") + " >>" + log + " 2>&1"
}

func quoted(word string) string { return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'" }

// stopListener ends the process that listens on a port, which no test started.
func stopListener(t *testing.T, port int) {
	pid, listening, err := service.Listener(port)
	if err != nil {
		t.Error(err)
	}
	if !listening || pid == 0 {
		return
	}
	if process, err := os.FindProcess(pid); err == nil {
		_ = process.Kill()
	}
}

func itoa(n int) string { return strconv.Itoa(n) }
