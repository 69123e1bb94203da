package gatewaytest

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

const (
	gatewayToken = "gw-0123456789abcdef0123456789"
	hooksToken   = "hk-0123456789abcdef0123456789"
	browserToken = "bc-0123456789abcdef0123456789"
	wrongToken   = "no-0123456789abcdef0123456789"
)

func TestGateway(t *testing.T) {
	t.Parallel()
	in, h := Product(t), NewHome(t)
	h.Write(t, "clawdbot.json", fmt.Sprintf(`{
		gateway: {mode: "local", auth: {mode: "token", token: %q}},
		hooks: {enabled: true, token: %q},
		plugins: {enabled: false},
	}`, gatewayToken, "${HOOKS}"))
	h.Write(t, ".env", "HOOKS="+hooksToken+"\n")
	g := in.StartGateway(t, h, RunOptions{})

	statuses := []struct {
		name  string
		probe func(string) int
		token string
		want  int
	}{
		{"tools, right", g.ToolsInvoke, gatewayToken, http.StatusBadRequest},
		{"tools, wrong", g.ToolsInvoke, wrongToken, http.StatusUnauthorized},
		{"tools, none", g.ToolsInvoke, "", http.StatusUnauthorized},
		{"hooks, right", g.Hooks, hooksToken, http.StatusMethodNotAllowed},
		{"hooks, wrong", g.Hooks, gatewayToken, http.StatusUnauthorized},
	}
	for _, test := range statuses {
		if got := test.probe(test.token); got != test.want {
			t.Errorf("%s: status %d, want %d", test.name, got, test.want)
		}
	}
	if err := g.Connect(gatewayToken); err != nil {
		t.Errorf("connect with the right token: %v", err)
	}
	if err := g.Connect(wrongToken); err == nil || !strings.Contains(err.Error(), "unauthorized") {
		t.Errorf("connect with a wrong token: %v, want unauthorized", err)
	}

	g.Stop(t)
	if g.Running() {
		t.Error("still running after Stop")
	}
	if got := g.ToolsInvoke(gatewayToken); got != 0 {
		t.Errorf("a stopped gateway answers with status %d", got)
	}
}

func TestGatewayRefuses(t *testing.T) {
	t.Parallel()
	in, h := Product(t), NewHome(t)
	h.Write(t, "clawdbot.json", `{gateway: {mode: "local", auth: {token: "${UNSET}"}}, plugins: {enabled: false}}`)
	_, err := in.TryStartGateway(t, h, RunOptions{})
	if err == nil || !strings.Contains(err.Error(), `Missing env var "UNSET"`) {
		t.Errorf("error does not name the missing variable: %v", err)
	}
}

func TestBrowserServe(t *testing.T) {
	t.Parallel()
	in, h := Product(t), NewHome(t)
	h.Write(t, "clawdbot.json", fmt.Sprintf(`{browser: {enabled: true, controlToken: %q}, plugins: {enabled: false}}`, browserToken))
	b := in.BrowserServe(t, h, RunOptions{})
	for token, want := range map[string]int{browserToken: 200, wrongToken: 401, "": 401} {
		if got := b.Get(token); got != want {
			t.Errorf("token %q: status %d, want %d", token, got, want)
		}
	}
}
