package gateway_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/clawsecrets/clawsecrets/internal/gateway"
)

// What lies among the agents and is none keeps nobody from reading the others.
func TestLoadAgentsPassesFilesOver(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "notes.md")
	for _, folder := range []string{"agents/main/agent", "agents/other/agent", "agents/empty", "agents/file"} {
		if err := os.MkdirAll(filepath.Join(dir, folder), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	for _, path := range []string{file, filepath.Join(dir, "agents/file/agent"), filepath.Join(dir, "agents/README")} {
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for name, to := range map[string]string{"notes": file, "gone": filepath.Join(dir, "nothing"), "linked": filepath.Join(dir, "agents/other")} {
		if err := os.Symlink(to, filepath.Join(dir, "agents", name)); err != nil {
			t.Skip(err)
		}
	}
	view, err := gateway.Open(&gateway.Home{StateDir: dir, ConfigPath: filepath.Join(dir, "clawdbot.json"), UserHome: dir})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = view.Close() }()
	agents, err := view.LoadAgents(gateway.Resolved{})
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, agent := range agents {
		ids = append(ids, agent.ID)
	}
	if want := []string{"main", "linked", "other"}; !slices.Equal(ids, want) {
		t.Errorf("the agents are %q, want %q", ids, want)
	}
}
