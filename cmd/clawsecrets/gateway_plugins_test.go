package main

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/clawsecrets/clawsecrets/internal/gatewaytest"
)

// TestGatewayPlugins: a gateway that switches a channel's plugin on at its start
// writes its config anew, every reference replaced by its value. The config that
// extract writes names the plugins beforehand.
func TestGatewayPlugins(t *testing.T) {
	t.Parallel()
	p := newPerson(t, gatewaytest.BuildOptions{ChannelPlugins: true})
	oracle := p.in.Oracle(t)
	resolved := p.resolved(t, oracle)
	if len(resolved.AutoEnable) == 0 {
		t.Fatal("the gateway would switch on no plugin, so that this test shows nothing")
	}
	p.want(t, 0, "extract", "--yes")
	p.wantMoved(t)
	after := p.resolved(t, oracle)
	if len(after.AutoEnable) > 0 {
		t.Errorf("the gateway would still switch on: %v", after.AutoEnable)
	}
	wantSameResolved(t, resolved, after)

	unpinned := p.copy(t)
	unpinned.removePins(t)
	failed := unpinned.want(t, exitFound, "verify")
	if !strings.Contains(failed.stdout, "telegram") || !strings.Contains(failed.stdout, "next start") {
		t.Errorf("verify does not say that the gateway will switch on telegram:\n%s", failed.stdout)
	}
	t.Run("without pins", func(t *testing.T) {
		unpinned.startAndStop(t)
		if !strings.Contains(unpinned.home.Read(t, "clawdbot.json"), p.secrets["gateway.auth.token"]) {
			t.Error("the gateway kept the references: the pins are not needed any more")
		}
	})
	t.Run("with pins", func(t *testing.T) {
		written := p.home.Read(t, "clawdbot.json")
		p.startAndStop(t)
		if p.home.Read(t, "clawdbot.json") != written {
			t.Error("the gateway rewrote the config at its start")
		}
		p.want(t, 0, "verify")
	})
}

func (p *person) startAndStop(t *testing.T) {
	t.Helper()
	began := time.Now()
	g := p.in.StartGateway(t, p.home, gatewaytest.RunOptions{})
	t.Logf("the gateway started in %v", since(began))
	if got := g.ToolsInvoke(p.secrets["gateway.auth.token"]); got != 400 {
		t.Errorf("the gateway answers its token with status %d", got)
	}
	g.Stop(t)
}

// removePins takes the names of the plugins out of the config, and nothing else.
func (p *person) removePins(t *testing.T) {
	t.Helper()
	var config map[string]json.RawMessage
	if err := json.Unmarshal([]byte(p.home.Read(t, "clawdbot.json")), &config); err != nil {
		t.Fatal(err)
	}
	config["plugins"] = json.RawMessage(`{"enabled": true}`)
	text, err := json.MarshalIndent(config, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	p.home.Write(t, "clawdbot.json", string(text)+"\n")
}
