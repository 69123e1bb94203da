package main

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/clawsecrets/clawsecrets/internal/fixture"
	"github.com/clawsecrets/clawsecrets/internal/gatewaytest"
)

// toolLimit is more than extract waits for a gateway to come up.
const toolLimit = 150 * time.Second

// buildTool builds the program: what stops and starts processes is tested as one.
func buildTool(t *testing.T) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "clawsecrets")
	if out, err := exec.Command("go", "build", "-o", file, ".").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	return file
}

// person is somebody who runs the gateway and this program: their home directory,
// and the secrets that the gateway's own commands left there.
type person struct {
	in     *gatewaytest.Installation
	home   *gatewaytest.Home
	models *gatewaytest.ModelServer
	tool   string
	// secrets holds the planted values by the names that BuildHome gives them.
	secrets map[string]string
}

// newPerson builds a Home by the product's commands, with an agent for each of the
// three ways that a model provider's key is found: main calls moonshot with a key
// from a profile, tenant a provider of the config, claude Anthropic.
func newPerson(t *testing.T, opts gatewaytest.BuildOptions) *person {
	t.Helper()
	in := gatewaytest.Product(t)
	p := &person{in: in, home: gatewaytest.NewHome(t), models: gatewaytest.NewModelServer(t), tool: buildTool(t), secrets: map[string]string{}}
	opts.Models = p.models
	began := time.Now()
	for _, planted := range in.BuildHome(t, p.home, plant, opts) {
		p.secrets[planted.Name] = planted.Value
	}
	in.RunAll(t, p.home, gatewaytest.RunOptions{}, addAgent(p, "tenant", "mock/mock-1"), addAgent(p, "claude", "anthropic/claude-opus-4-5"))
	t.Logf("the product built a Home with %d secrets in %v", len(p.secrets), since(began))
	return p
}

func addAgent(p *person, id, model string) []string {
	return []string{"agents", "add", id, "--non-interactive", "--model", model, "--workspace", filepath.Join(p.home.Dir, "clawd-"+id)}
}

// plant returns a fake secret of the shape that its name asks for.
func plant(name string) string {
	kinds := map[string]string{
		"auth-profiles.anthropic:default": "anthropic", "auth-profiles.moonshot:default": "moonshot",
		"channels.telegram.botToken": "telegram", "channels.discord.token": "discord",
	}
	kind, ok := kinds[name]
	if !ok {
		kind = "hex"
	}
	return fixture.Secret(11, kind, name)
}

// copy returns the same person in another home directory: nothing that happens
// there is seen here. Absolute paths in what the gateway wrote lead there too, and
// the addresses of providers to a stand-in of its own.
func (p *person) copy(t *testing.T) *person {
	t.Helper()
	other := *p
	dir := filepath.Join(t.TempDir(), "home")
	other.home = &gatewaytest.Home{Dir: dir, State: filepath.Join(dir, ".clawdbot")}
	other.models = gatewaytest.NewModelServer(t)
	adapt := strings.NewReplacer(p.home.Dir, dir, p.models.URL, other.models.URL)
	err := filepath.WalkDir(p.home.Dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		to := dir + strings.TrimPrefix(path, p.home.Dir)
		if entry.IsDir() {
			return os.Mkdir(to, info.Mode().Perm())
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if strings.Contains(entry.Name(), ".json") {
			data = []byte(adapt.Replace(string(data)))
		}
		return os.WriteFile(to, data, info.Mode().Perm())
	})
	if err != nil {
		t.Fatal(err)
	}
	return &other
}

// outcome is what a run of this program left.
type outcome struct {
	code           int
	stdout, stderr string
}

// run runs this program as the person would in a plain shell.
func (p *person) run(t *testing.T, args ...string) outcome {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), toolLimit)
	defer cancel()
	cmd := exec.CommandContext(ctx, p.tool, args...)
	cmd.Env = []string{"HOME=" + p.home.Dir, "PATH=/usr/bin:/bin", "CLAWSECRETS_LOG_DIR=" + filepath.Join(p.home.Dir, "log")}
	cmd.Dir = p.home.Dir
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	began := time.Now()
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) || ctx.Err() != nil {
		t.Fatalf("clawsecrets %v: %v", args, errors.Join(err, ctx.Err()))
	}
	t.Logf("clawsecrets %.60s: exit code %d in %v", strings.Join(args, " "), cmd.ProcessState.ExitCode(), since(began))
	return outcome{cmd.ProcessState.ExitCode(), stdout.String(), stderr.String()}
}

// want runs this program and fails the test when it exits with another code.
func (p *person) want(t *testing.T, code int, args ...string) outcome {
	t.Helper()
	got := p.run(t, args...)
	if got.code != code {
		t.Fatalf("clawsecrets %v: exit code %d, want %d\n%s%s", args, got.code, code, got.stdout, got.stderr)
	}
	for name, value := range p.secrets {
		if strings.Contains(got.stdout+got.stderr, value) {
			t.Errorf("clawsecrets %v prints the value of %s", args, name)
		}
	}
	return got
}

// tree reads every file below the state directory, by relative name, with its mode,
// but for one that a running gateway writes when it comes to it, and our lock, which
// names who held it last.
func (p *person) tree(t *testing.T) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(p.home.State, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(p.home.State, path)
		if err != nil || rel == "update-check.json" || rel == "clawsecrets/lock" {
			return err
		}
		info, err := entry.Info()
		if err != nil || entry.IsDir() {
			files[rel+"/"] = info.Mode().String()
			return err
		}
		data, err := os.ReadFile(path)
		files[rel] = info.Mode().String() + "\n" + string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// differences names the files that differ between two trees, sorted.
func differences(a, b map[string]string) []string {
	var names []string
	for name, text := range a {
		if other, ok := b[name]; !ok || other != text {
			names = append(names, name)
		}
	}
	for name := range b {
		if _, ok := a[name]; !ok {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

func since(began time.Time) time.Duration { return time.Since(began).Round(10 * time.Millisecond) }
