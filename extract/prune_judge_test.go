package extract

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/clawsecrets/clawsecrets/internal/gateway"
)

// While the gateway runs, its service keeps its own logs open, and no others.
func TestJudgeServiceLogs(t *testing.T) {
	dir := t.TempDir()
	view, err := gateway.Open(&gateway.Home{StateDir: dir, ConfigPath: filepath.Join(dir, "clawdbot.json"), UserHome: dir})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = view.Close() }()
	if err := os.Mkdir(filepath.Join(dir, "logs"), 0o700); err != nil {
		t.Fatal(err)
	}
	for name, open := range map[string]bool{
		"logs/gateway.log": true, "logs/gateway.err.log": true, "logs/node.log": true,
		"logs/gateway.log.1": false, "logs/commands.log": false, "gateway.log": false,
	} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		info, err := os.Lstat(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, running := range []bool{true, false} {
			p := &pruner{PruneOptions: PruneOptions{Now: time.Now()}, view: view, running: running}
			if _, _, why := p.judge(name, Log, info); (why != "") != (open && running) {
				t.Errorf("%s, running %v: stays because %q", name, running, why)
			}
		}
	}
}
