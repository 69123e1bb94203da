package gatewaytest

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestBuildHome(t *testing.T) {
	t.Parallel()
	in, h, m := Product(t), NewHome(t), NewModelServer(t)
	planted := in.BuildHome(t, h, fakeSecrets(1), BuildOptions{Models: m})
	value := map[string]string{}
	for _, p := range planted {
		value[p.Name] = p.Value
		if got := lookUp(t, h.Read(t, p.File), p.Pointer); got != p.Value {
			t.Errorf("%s: %s in %s is %q, want %q", p.Name, p.Pointer, p.File, got, p.Value)
		}
	}
	if _, err := os.Stat(h.Path("clawdbot.json.bak.4")); err != nil {
		t.Errorf("no full set of backups: %v", err)
	}
	assertPrivate(t, h.Config(), h.Path("agents/main/agent/auth-profiles.json"))

	g := in.StartGateway(t, h, RunOptions{})
	if got := g.ToolsInvoke(value["gateway.auth.token"]); got != http.StatusBadRequest {
		t.Errorf("the gateway answers its token with status %d", got)
	}
	if got := g.Hooks(value["hooks.token"]); got != http.StatusMethodNotAllowed {
		t.Errorf("the gateway answers the hooks token with status %d", got)
	}
	g.Stop(t)

	// The onboarding chose moonshot.
	in.RunAll(t, h, RunOptions{}, AgentTurn(), ConfigSet(t, "agents.defaults.model.primary", "mock/mock-1"), AgentTurn())
	want := []string{value["auth-profiles.moonshot:default"], value["models.providers.mock.apiKey"]}
	if got := m.Credentials(); !slices.Equal(got, want) {
		t.Errorf("the providers received %q, want %q", got, want)
	}
	header := m.Requests()[1].Header.Get("X-Tenant-Key")
	if want := value["models.providers.mock.headers.X-Tenant-Key"]; header != want {
		t.Errorf("X-Tenant-Key is %q, want %q", header, want)
	}
}

// fakeSecrets returns a generator of values that depend on the seed and the name alone.
func fakeSecrets(seed uint64) func(string) string {
	return func(name string) string {
		sum := uint64(0)
		for _, r := range name {
			sum = sum*31 + uint64(r)
		}
		random := rand.New(rand.NewPCG(seed, sum))
		return fmt.Sprintf("fake%016x%016x", random.Uint64(), random.Uint64())
	}
}

// lookUp returns the string at a JSON Pointer without escapes, "" if there is none.
func lookUp(t *testing.T, text, pointer string) string {
	t.Helper()
	var value any
	if err := json.Unmarshal([]byte(text), &value); err != nil {
		t.Fatal(err)
	}
	for _, name := range strings.Split(pointer, "/")[1:] {
		members, _ := value.(map[string]any)
		value = members[name]
	}
	found, _ := value.(string)
	return found
}

func assertPrivate(t *testing.T, paths ...string) {
	t.Helper()
	for _, path := range paths {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm() != fs.FileMode(0o600) {
			t.Errorf("%s has mode %v, want 0600", filepath.Base(path), info.Mode().Perm())
		}
	}
}
