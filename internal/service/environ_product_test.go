//go:build linux

package service

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/clawsecrets/clawsecrets/internal/gatewaytest"
)

// The real product installs its service and runs: what it wrote and what it was
// started with is found, and so is the running gateway.
func TestEnvironmentOfProduct(t *testing.T) {
	product := gatewaytest.Product(t)
	home := gatewaytest.NewHome(t)
	config, err := json.Marshal(map[string]any{
		"gateway": map[string]any{"mode": "local", "auth": map[string]any{"mode": "token", "token": "FAKE-token-with-s-letters-0123"}},
		"env":     map[string]any{"vars": map[string]any{"VENDOR_KEY": "FAKE-vendor-secret", "HEX_KEY": "fa4e0123"}},
		"plugins": map[string]any{"enabled": false},
	})
	if err != nil {
		t.Fatal(err)
	}
	home.Write(t, "clawdbot.json", string(config))
	writeTree(t, home.Dir, map[string]string{"stub/systemctl": "#!/bin/sh\nexit 0\n", ".env": "FROM_CWD=FAKE-cwd\n", "tmp/x": ""})
	if err := os.Chmod(filepath.Join(home.Dir, "stub/systemctl"), 0o700); err != nil {
		t.Fatal(err)
	}
	tmp := filepath.Join(home.Dir, "tmp")
	options := gatewaytest.RunOptions{Env: []string{
		"PATH=" + filepath.Join(home.Dir, "stub") + ":" + filepath.Dir(product.Node) + ":/usr/bin:/bin",
		"TMPDIR=" + tmp, "CLAWDBOT_PATH_BOOTSTRAPPED=1", "SHELL_SECRET=FAKE-exported", "SHELL_EMPTY=",
	}}
	if result := product.Run(t, home, options, "daemon", "install", "--force", "--json"); result.Code != 0 {
		t.Fatalf("daemon install ended with %d", result.Code)
	}
	gateway := product.StartGateway(t, home, options)

	query := EnvironmentQuery{
		StateDir: home.State, ConfigPath: home.Config(), Home: home.Dir, Explicit: true,
		SystemdDirs: []string{filepath.Join(home.Dir, ".config/systemd/user")}, LaunchAgentsDir: home.Dir, TmpDir: tmp,
	}
	sources, running, err := Environment(query)
	if err != nil || running == nil || running.PID != gateway.PID || running.Dir != home.Dir {
		t.Fatalf("running %v, error %v; the gateway is process %d", running, err, gateway.PID)
	}
	if !isGatewayCommand(running.Args) {
		t.Errorf("its arguments %q are not known as a gateway's", running.Args)
	}
	if pid, listening, err := Listener(gateway.Port); pid != gateway.PID || !listening || err != nil {
		t.Errorf("process %d listens, %t, %v", pid, listening, err)
	}
	var kinds []string
	held := map[string]string{}
	for _, source := range sources {
		kinds = append(kinds, source.Kind)
		for name, value := range source.Values {
			held[source.Kind+" "+name] = value.Reveal()
		}
	}
	if want := []string{SourceProcess, SourceWorkingDirectory, SourceUnit, SourceWorkingDirectory}; !slices.Equal(kinds, want) {
		t.Errorf("sources are %q, want %q", kinds, want)
	}
	for name, want := range map[string]string{
		"process SHELL_SECRET": "FAKE-exported", "process SHELL_EMPTY": "", "working directory .env FROM_CWD": "FAKE-cwd",
		"unit CLAWDBOT_GATEWAY_TOKEN": "FAKE-token-with-s-letters-0123", "unit VENDOR_KEY": "FAKE-vendor-secret", "unit HEX_KEY": "fa4e0123",
	} {
		if value, ok := held[name]; !ok || value != want {
			t.Errorf("%s is %q, %t", name, value, ok)
		}
	}

	// The lock stays behind; without its process it says nothing.
	gateway.Stop(t)
	if _, err := os.Stat(LockFile(tmp, os.Getuid(), home.Config())); err != nil {
		t.Logf("the product removed its lock: %v", err)
	}
	if again, err := RunningByLock(tmp, os.Getuid(), home.Config()); again != nil || err != nil {
		t.Errorf("after its end it is found as %v, %v", again, err)
	}
}

// The product starts itself once more before it reads any .env: what those set is in
// its memory and in its children, and in the environment that can be read of neither
// of its two processes.
func TestDotenvIsNotInTheProcess(t *testing.T) {
	product := gatewaytest.Product(t)
	home := gatewaytest.NewHome(t)
	home.Write(t, "clawdbot.json", `{"gateway": {"mode": "local", "auth": {"mode": "token", "token": "${FROM_STATE}"}}, "plugins": {"enabled": false}}`)
	home.Write(t, ".env", "FROM_STATE=FAKE-state-secret\n")
	writeTree(t, home.Dir, map[string]string{".env": "FROM_CWD=FAKE-cwd\n", "tmp/x": ""})
	gateway := product.StartGateway(t, home, gatewaytest.RunOptions{Env: []string{
		"CLAWDBOT_NO_RESPAWN=", "TMPDIR=" + filepath.Join(home.Dir, "tmp"), "FROM_SHELL=FAKE-shell",
	}})
	if status := gateway.ToolsInvoke("FAKE-state-secret"); status != 400 {
		t.Fatalf("the token of .env is answered with %d: the gateway does not read it", status)
	}
	listening, _, err := Listener(gateway.Port)
	if err != nil || listening == gateway.PID || listening == 0 {
		t.Fatalf("process %d listens, error %v; %d was started and should have started another", listening, err, gateway.PID)
	}
	for _, pid := range []int{gateway.PID, listening} {
		process, err := ReadProcess(pid)
		if err != nil || process.Unreadable != "" {
			t.Fatalf("process %d: %v %s", pid, err, process.Unreadable)
		}
		if process.Environ["FROM_SHELL"].Reveal() != "FAKE-shell" {
			t.Errorf("process %d does not show what it was started with", pid)
		}
		for _, name := range []string{"FROM_STATE", "FROM_CWD"} {
			if _, held := process.Environ[name]; held {
				t.Errorf("process %d shows %s, which stands in a .env", pid, name)
			}
		}
	}
	held, err := RunningByLock(filepath.Join(home.Dir, "tmp"), os.Getuid(), home.Config())
	if err != nil || held == nil || held.PID != listening {
		t.Errorf("the lock is held by %v, error %v; process %d listens", held, err, listening)
	}
}
