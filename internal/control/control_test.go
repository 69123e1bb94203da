//go:build unix

package control

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/clawsecrets/clawsecrets/internal/gateway"
	"github.com/clawsecrets/clawsecrets/internal/service"
)

// found returns the control of a gateway that this process stands in for.
func found(t *testing.T, command string) *Gateway {
	t.Helper()
	dir := t.TempDir()
	home := &gateway.Home{StateDir: dir, ConfigPath: filepath.Join(dir, "clawdbot.json"), UserHome: dir, Explicit: true}
	g, err := Find(home, service.Process{PID: os.Getpid()}, 1, command)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func TestFailedCommandEndsTheWait(t *testing.T) {
	g, began := found(t, "echo stray; exit 3"), time.Now()
	if err := g.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	err := g.Healthy(t.Context())
	if err == nil || !strings.Contains(err.Error(), "exit status 3") || !strings.Contains(err.Error(), "type it yourself") {
		t.Errorf("error: %v", err)
	}
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("said so after %v", took)
	}
}

// TestCommandEnvironment: the command gets nothing of ours that could be a secret.
func TestCommandEnvironment(t *testing.T) {
	t.Setenv("CLAWDBOT_GATEWAY_TOKEN", "stray")
	out := filepath.Join(t.TempDir(), "environment")
	g := found(t, "env >'"+out+"'; exit 3")
	if err := g.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	_ = g.Healthy(t.Context()) // the command has ended then
	text, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(text), "PATH=") || strings.Contains(string(text), "stray") {
		t.Errorf("environment of the command:\n%s", text)
	}
}

func TestForeground(t *testing.T) {
	home := &gateway.Home{StateDir: t.TempDir()}
	if _, err := Find(home, service.Process{PID: os.Getpid()}, 1, ""); err != ErrForeground {
		t.Errorf("error: %v, want ErrForeground", err)
	}
}
