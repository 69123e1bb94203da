package main

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/clawsecrets/clawsecrets/"

// Each package may import those of ours that are listed, and no others (docs/design.md).
func arrows() map[string][]string {
	return map[string][]string{
		"internal/secret":     {},
		"internal/json5":      {},
		"internal/durable":    {},
		"internal/sieve":      {},
		"internal/unwrap":     {},
		"internal/sqlite":     {},
		"internal/rules":      {"internal/sieve"},
		"internal/ui":         {},
		"internal/dotenv":     {"internal/secret"},
		"internal/service":    {"internal/dotenv", "internal/secret"},
		"internal/gateway":    {"internal/dotenv", "internal/durable", "internal/json5", "internal/secret", "internal/service"},
		"internal/archive":    {},
		"internal/gitobjects": {},
		"internal/transcript": {"internal/json5", "internal/unwrap"},
		"internal/control":    {"internal/gateway", "internal/service"},
		"internal/scancache":  {"internal/secret"},
		"internal/search":     {"internal/rules", "internal/scancache", "internal/secret", "internal/sqlite", "internal/unwrap"},
		"scan": {
			"internal/archive", "internal/dotenv", "internal/gateway", "internal/gitobjects", "internal/json5", "internal/rules",
			"internal/scancache", "internal/search", "internal/secret", "internal/unwrap",
		},
		"extract": {
			"internal/dotenv", "internal/durable", "internal/gateway", "internal/json5", "internal/rules", "internal/secret",
			"internal/service", "internal/transcript", "scan",
		},
		"cmd/clawsecrets": {
			"extract", "internal/control", "internal/durable", "internal/gateway", "internal/rules", "internal/scancache",
			"internal/secret", "internal/ui", "scan",
		},
	}
}

func TestArrows(t *testing.T) {
	allowed := arrows()
	for line := range strings.Lines(list(t, `{{.ImportPath}} {{join .Imports " "}}`, "./...")) {
		imports := strings.Fields(line)
		name := strings.TrimPrefix(imports[0], module)
		mayImport, known := allowed[name]
		if forTests(name) {
			continue
		}
		if !known {
			t.Errorf("%s has no place in the architecture: give it one in docs/design.md and here", name)
		}
		for _, path := range imports[1:] {
			if ours, ok := strings.CutPrefix(path, module); ok && !slices.Contains(mayImport, ours) {
				t.Errorf("%s may not import %s", name, ours)
			}
			if name != "cmd/clawsecrets" && slices.Contains([]string{"flag", "log", "github.com/spf13/cobra"}, path) {
				t.Errorf("%s imports %s: only cmd talks to the person", name, path)
			}
		}
	}
}

// forTests reports whether a package serves tests only.
func forTests(name string) bool {
	return slices.ContainsFunc([]string{"internal/gatewaytest", "internal/fixture", "internal/faulttest", "internal/corpus"}, func(prefix string) bool {
		return strings.HasPrefix(name, prefix)
	})
}

// The binary holds nothing that is for tests, and not gitleaks' detector, which costs
// 45 ms to build.
func TestBinaryHoldsNoTestCode(t *testing.T) {
	deps := strings.Fields(list(t, "{{.ImportPath}}", "-deps", "./cmd/clawsecrets"))
	for _, dep := range deps {
		name := strings.TrimPrefix(dep, module)
		if forTests(name) || name == "testing" || strings.HasSuffix(name, "gitleaks/v8/detect") {
			t.Errorf("the binary depends on %s", dep)
		}
	}
}

func list(t *testing.T, format string, args ...string) string {
	t.Helper()
	command := exec.Command("go", append([]string{"list", "-f", format}, args...)...)
	command.Dir = "../.."
	out, err := command.Output()
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}
