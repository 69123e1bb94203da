package main

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/clawsecrets/clawsecrets/internal/fixture"
	"github.com/clawsecrets/clawsecrets/internal/ui"
)

// question is what extract asks about the state directory of askedState.
const question = "Move 1 value? [y/N] "

// askedState makes a state directory with one value to move, and returns it with
// the config's text.
func askedState(t *testing.T) (state, config string) {
	t.Helper()
	t.Setenv("HOME", t.TempDir())
	t.Setenv("CLAWSECRETS_LOG_DIR", t.TempDir())
	t.Setenv("XDG_CONFIG_HOME", t.TempDir())
	state = filepath.Join(t.TempDir(), "state")
	if err := os.Mkdir(state, 0o700); err != nil {
		t.Fatal(err)
	}
	config = "{ hooks: { token: '" + fixture.Secret(fixture.CommittedSeed, "hex", "asked") + "' } }\n"
	if err := os.WriteFile(filepath.Join(state, "clawdbot.json"), []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	return state, config
}

func TestExtractAsksOnATerminal(t *testing.T) {
	for _, test := range []struct {
		answer string
		code   int
		moved  bool
	}{
		{"y\n", exitDone, true},
		{"n\n", exitRefused, false},
		{"\n", exitRefused, false},
		{"", exitRefused, false},
	} {
		t.Run(test.answer, func(t *testing.T) {
			state, config := askedState(t)
			var out, stderr bytes.Buffer
			terminal := &ui.IO{In: strings.NewReader(test.answer), Out: &out, Err: &stderr, Terminal: true}
			if code := run([]string{"extract", "--state-dir", state}, terminal); code != test.code {
				t.Errorf("exit code %d, want %d: %s", code, test.code, stderr.String())
			}
			if !strings.HasPrefix(stderr.String(), question) {
				t.Errorf("asked %q, want %q", stderr.String(), question)
			}
			after, err := os.ReadFile(filepath.Join(state, "clawdbot.json"))
			if err != nil {
				t.Fatal(err)
			}
			if moved := string(after) != config; moved != test.moved {
				t.Errorf("moved is %v, want %v", moved, test.moved)
			}
			if _, err := os.Stat(filepath.Join(state, ".env")); (err == nil) != test.moved {
				t.Errorf("the .env: %v", err)
			}
		})
	}
}

// Interrupted at the question, it says so by its exit code and has written nothing.
func TestExtractInterruptedAtTheQuestion(t *testing.T) {
	state, config := askedState(t)
	in, nobody := io.Pipe()
	defer func() { _ = nobody.Close() }()
	asked := &onText{text: "[y/N] ", then: func() { interrupt(t) }}
	var out bytes.Buffer
	if code := run([]string{"extract", "--state-dir", state}, &ui.IO{In: in, Out: &out, Err: asked, Terminal: true}); code != exitInterrupted {
		t.Errorf("exit code %d, want %d", code, exitInterrupted)
	}
	if after, err := os.ReadFile(filepath.Join(state, "clawdbot.json")); err != nil || string(after) != config {
		t.Errorf("the config was changed (%v)", err)
	}
}

// onText does something once, when a text is written to it.
type onText struct {
	text string
	then func()
	seen string
}

func (w *onText) Write(p []byte) (int, error) {
	w.seen += string(p)
	if w.then != nil && strings.Contains(w.seen, w.text) {
		w.then()
		w.then = nil
	}
	return len(p), nil
}

// interrupt sends this process what Ctrl-C sends.
func interrupt(t *testing.T) {
	t.Helper()
	self, err := os.FindProcess(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	if err := self.Signal(os.Interrupt); err != nil {
		t.Skipf("this system sends no interrupts: %v", err)
	}
}
