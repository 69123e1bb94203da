package gateway

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/clawsecrets/clawsecrets/internal/gatewaytest"
)

// What of a workspace goes to the model is told from what lies beside it.
func TestWhatGoesToTheModel(t *testing.T) {
	for _, workspace := range []string{"workspace", "workspace-work"} {
		for rel, sent := range map[string]bool{
			"AGENTS.md": true, "TOOLS.md": true, "MEMORY.md": true, "memory.md": true, "BOOT.md": true,
			"memory/2026-01-20.md": true, "memory/deep/x.md": true,
			"memory/x.txt": false, "docs/AGENTS.md": false, "README.md": false, "agents.md": false, "": false,
		} {
			place := Classify(workspace + "/" + rel)
			if place.ToModel != sent || (place.Note != "") != sent || place.Surface != "workspace" || place.Action != "keep" {
				t.Errorf("%s/%s: %+v", workspace, rel, place)
			}
		}
	}
	for _, rel := range []string{"canvas/AGENTS.md", "AGENTS.md", "skills/x/TOOLS.md", "memory/x.md"} {
		if Classify(rel).ToModel {
			t.Errorf("%s: is no file of a workspace", rel)
		}
	}
}

// The files that the product puts into every prompt are those of its own list.
func TestBootstrapFilesAreTheProducts(t *testing.T) {
	modules := gatewaytest.Product(t).Modules
	source, err := os.ReadFile(filepath.Join(modules, "clawdbot", "dist", "agents", "workspace.js"))
	if err != nil {
		t.Fatal(err)
	}
	var named []string
	for _, match := range regexp.MustCompile(`const DEFAULT_\w+_FILENAME = "([^"]+)"`).FindAllStringSubmatch(string(source), -1) {
		named = append(named, match[1])
	}
	if got, want := strings.Join(bootstrapFiles(), " "), strings.Join(named, " "); got != want {
		t.Errorf("got %s, the product has %s", got, want)
	}
}
