package main

import (
	"fmt"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"testing"

	"github.com/clawsecrets/clawsecrets/internal/gatewaytest"
)

// wrong is a token that nobody was given.
const wrong = "0123456789abcdef0123456789abcdef0123456789abcdef"

// answers is what probes were answered, by what was asked.
type answers map[string]string

// asked returns what the gateway answers to its token, to one that belongs
// elsewhere, to one of nobody's and to none.
func (p *person) asked(g *gatewaytest.Gateway) answers {
	got := answers{}
	tokens := map[string]string{
		"gateway": p.secrets["gateway.auth.token"], "hooks": p.secrets["hooks.token"], "random": wrong, "no": "",
	}
	for name, token := range tokens {
		got["tools, "+name+" token"] = fmt.Sprint(g.ToolsInvoke(token))
		got["hooks, "+name+" token"] = fmt.Sprint(g.Hooks(token))
		got["connect, "+name+" token"] = fmt.Sprint(g.Connect(token))
	}
	return got
}

// askedBrowser returns what the browser control server answers.
func (p *person) askedBrowser(t *testing.T) answers {
	t.Helper()
	b := p.in.BrowserServe(t, p.home, gatewaytest.RunOptions{})
	defer b.Stop(t)
	got := answers{}
	for name, token := range map[string]string{
		"browser": p.secrets["browser.controlToken"], "gateway": p.secrets["gateway.auth.token"], "random": wrong, "no": "",
	} {
		got["browser, "+name+" token"] = fmt.Sprint(b.Get(token))
	}
	return got
}

// wantProtected fails the test unless the right tokens open what they should and
// nothing else does.
func wantProtected(t *testing.T, got answers) {
	t.Helper()
	right := map[string]string{
		"tools, gateway token":   fmt.Sprint(http.StatusBadRequest),
		"hooks, hooks token":     fmt.Sprint(http.StatusMethodNotAllowed),
		"connect, gateway token": fmt.Sprint(error(nil)),
		"browser, browser token": fmt.Sprint(http.StatusOK),
	}
	for what, answer := range got {
		open, isRight := right[what]
		if isRight && answer != open {
			t.Errorf("%s: %s, want %s", what, answer, open)
		}
		if !isRight && (answer == "<nil>" || answer != fmt.Sprint(http.StatusUnauthorized) && what[:7] != "connect") {
			t.Errorf("%s: %s, want a refusal", what, answer)
		}
	}
}

// wantSame names every probe that is answered otherwise than before.
func wantSame(t *testing.T, before, after answers) {
	t.Helper()
	for _, what := range slices.Sorted(maps.Keys(before)) {
		if before[what] != after[what] {
			t.Errorf("%s: %s before, %s after", what, before[what], after[what])
		}
	}
	if len(before) != len(after) {
		t.Errorf("%d probes before, %d after", len(before), len(after))
	}
}

// sent is what one model call carried, without what differs from call to call.
type sent struct {
	API, Path, Credential string
	Header                http.Header
}

// turns runs one turn of each agent and returns what the providers received. Further
// commands run before, in the same process: that the turns happen shows that none
// of them ended it.
func (p *person) turns(t *testing.T, env []string, before ...[]string) []sent {
	t.Helper()
	first := len(p.models.Requests())
	commands := append(slices.Clip(before), gatewaytest.AgentTurn(),
		gatewaytest.AgentTurn("--agent", "tenant"), gatewaytest.AgentTurn("--agent", "claude"))
	p.in.RunAll(t, p.home, gatewaytest.RunOptions{Env: env}, commands...)
	var got []sent
	for _, request := range p.models.Requests()[first:] {
		request.Header.Del("Content-Length") // the conversation grows
		got = append(got, sent{request.API, request.Path, request.Credential, request.Header})
	}
	return got
}

// wantSent fails the test unless each provider received its own key, and the
// tenant's the header of the config.
func (p *person) wantSent(t *testing.T, got []sent) {
	t.Helper()
	keys := []string{"auth-profiles.moonshot:default", "models.providers.mock.apiKey", "auth-profiles.anthropic:default"}
	if len(got) != len(keys) {
		t.Fatalf("%d model calls, want %d", len(got), len(keys))
	}
	for i, name := range keys {
		if got[i].Credential != p.secrets[name] {
			t.Errorf("call %d (%s) does not carry %s", i+1, got[i].API, name)
		}
	}
	if got[1].Header.Get("X-Tenant-Key") != p.secrets["models.providers.mock.headers.X-Tenant-Key"] {
		t.Error("the header of the provider mock is not the one in the config")
	}
}

// wantSameSent compares the calls of two rounds of turns, headers and all.
func wantSameSent(t *testing.T, before, after []sent) {
	t.Helper()
	if len(before) != len(after) {
		t.Fatalf("%d model calls before, %d after", len(before), len(after))
	}
	for i := range before {
		if reflect.DeepEqual(before[i], after[i]) {
			continue
		}
		t.Errorf("call %d (%s) carries something else than before", i+1, before[i].API)
		for name := range before[i].Header {
			if !slices.Equal(before[i].Header[name], after[i].Header[name]) {
				t.Errorf("call %d: header %s differs", i+1, name)
			}
		}
	}
}

// resolved is what the product's modules make of the Home.
func (p *person) resolved(t *testing.T, oracle *gatewaytest.Oracle) gatewaytest.OracleReply {
	t.Helper()
	reply := oracle.Resolve(t, gatewaytest.OracleRequest{State: p.home.State, Env: map[string]string{"HOME": p.home.Dir}})
	if !reply.Snapshot.Valid {
		t.Fatalf("the config is invalid: %v", reply.Snapshot.Issues)
	}
	return reply
}

// wantSameResolved compares two replies, leaving out what extract changes on
// purpose: which profiles there are, and the plugins that it names.
func wantSameResolved(t *testing.T, before, after gatewaytest.OracleReply) {
	t.Helper()
	for _, name := range []string{"auth", "plugins"} {
		delete(before.Config.(map[string]any), name)
		delete(after.Config.(map[string]any), name)
	}
	if !reflect.DeepEqual(before.Config, after.Config) {
		t.Error("the gateway would work with another config")
	}
	if before.GatewayAuth != after.GatewayAuth {
		t.Error("the gateway would check its callers otherwise")
	}
	for agent, credentials := range before.Credentials {
		if len(credentials) != len(after.Credentials[agent]) {
			t.Errorf("agent %s has credentials for %d providers, and had for %d", agent, len(after.Credentials[agent]), len(credentials))
		}
		for provider, was := range credentials {
			if after.Credentials[agent][provider].APIKey != was.APIKey {
				t.Errorf("agent %s would send something else to %s", agent, provider)
			}
		}
	}
	for name, value := range before.Env {
		if after.Env[name] != value {
			t.Errorf("the environment has another %s", name)
		}
	}
}
