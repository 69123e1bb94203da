package main

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/clawsecrets/clawsecrets/internal/fixture"
	"github.com/clawsecrets/clawsecrets/internal/ui"
)

const (
	scripts = "../../testdata/script/*.txtar"
	states  = "../../testdata/state"
	// plantedVariable names the file that lists the values that no command may print.
	plantedVariable = "SCRIPT_PLANTED"
	// leaksName is the file, beside it, of the commands that did.
	leaksName = "leaks"
)

// TestScripts runs what a person types, one promise a script. Over all of them it
// holds that no command prints a secret that lies in a file of its script.
func TestScripts(t *testing.T) {
	files, err := filepath.Glob(scripts)
	if err != nil || len(files) == 0 {
		t.Fatalf("no scripts at %s (%v)", scripts, err)
	}
	root, err := filepath.Abs(states)
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Files:               files,
		Setup:               func(env *testscript.Env) error { return setup(env, root) },
		Cmds:                scriptCommands(),
		Condition:           scriptCondition,
		RequireExplicitExec: true,
		UpdateScripts:       os.Getenv("UPDATE_SCRIPTS") != "",
		Deadline:            time.Now().Add(3 * time.Minute),
	})
}

// setup plants the secrets of a script's files, gives files and folders the modes
// that a careful person gives them, and sets HOME inside the script's directory.
func setup(env *testscript.Env, states string) error {
	values, err := plantTree(env.WorkDir)
	if err != nil {
		return err
	}
	manifest, err := fixture.ReadManifest(filepath.Join(states, fixture.CommittedName+".json"))
	if err != nil {
		return err
	}
	for _, p := range manifest.Secrets {
		if p.Kind != "placeholder" {
			values = append(values, manifest.Value(p))
		}
	}
	notes, err := os.MkdirTemp("", "clawsecrets-script")
	if err != nil {
		return err
	}
	list, err := json.Marshal(values)
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(notes, "planted"), list, 0o600); err != nil {
		return err
	}
	env.Defer(func() {
		leaks, _ := os.ReadFile(filepath.Join(notes, leaksName))
		_ = os.RemoveAll(notes)
		if len(leaks) > 0 {
			env.T().Fatal("a secret was printed by:\n" + string(leaks))
		}
	})
	home := filepath.Join(env.WorkDir, "home")
	env.Setenv("HOME", home)
	env.Setenv("CLAWSECRETS_LOG_DIR", filepath.Join(env.WorkDir, "log"))
	env.Setenv("XDG_CONFIG_HOME", filepath.Join(env.WorkDir, "config"))
	env.Setenv("STATES", states)
	env.Setenv(plantedVariable, filepath.Join(notes, "planted"))
	return os.MkdirAll(home, 0o700)
}

// plantTree replaces @{kind:name} in every file by the fake secret of that kind and
// name, and returns the values.
func plantTree(root string) (values []string, err error) {
	err = filepath.WalkDir(root, func(path string, entry os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			return os.Chmod(path, 0o700)
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		text, found := plantText(string(data))
		values = append(values, found...)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			return err
		}
		return os.Chmod(path, 0o600)
	})
	return values, err
}

func plantText(text string) (planted string, values []string) {
	var b strings.Builder
	for {
		before, rest, ok := strings.Cut(text, "@{")
		kind, after, closed := strings.Cut(rest, "}")
		kind, name, named := strings.Cut(kind, ":")
		value := fixture.Secret(fixture.CommittedSeed, kind, name)
		b.WriteString(before)
		if !ok || !closed || !named || value == "" {
			if ok {
				b.WriteString("@{" + rest)
			}
			return b.String(), values
		}
		b.WriteString(value)
		if kind != "placeholder" {
			values = append(values, value)
		}
		text = after
	}
}

// watchedRun is the program with its output looked at: a secret in it is written
// down, and fails the script at its end.
func watchedRun() {
	var printed bytes.Buffer
	terminal := ui.Standard()
	terminal.Out = io.MultiWriter(os.Stdout, &printed)
	terminal.Err = io.MultiWriter(os.Stderr, &printed)
	code := run(os.Args[1:], terminal)
	if list := os.Getenv(plantedVariable); list != "" && leaks(list, printed.String()) {
		leak := strings.Join(os.Args, " ") + "\n"
		file, err := os.OpenFile(filepath.Join(filepath.Dir(list), leaksName), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
		if err == nil {
			_, _ = file.WriteString(leak)
			_ = file.Close()
		}
	}
	os.Exit(code)
}

// leaks reports whether text holds a value of the list, or a line of one.
func leaks(list, text string) bool {
	data, err := os.ReadFile(list)
	var values []string
	if err != nil || json.Unmarshal(data, &values) != nil {
		return true // a check that cannot be made has failed
	}
	for _, value := range values {
		for _, line := range strings.Split(strings.ReplaceAll(value, `\n`, "\n"), "\n") {
			if len(line) >= 6 && !strings.HasPrefix(line, "-----") && strings.Contains(text, line) {
				return true
			}
		}
	}
	return false
}
