package ui_test

import (
	"bytes"
	"io"
	"os"
	"testing"

	"github.com/clawsecrets/clawsecrets/internal/ui"
)

// Progress is for a person who looks, and for nobody else.
func TestStartProgress(t *testing.T) {
	file, err := os.Create(t.TempDir() + "/err")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	slave := openTerminal(t)
	for _, test := range []struct {
		name     string
		err      io.Writer
		term, ci string
		want     bool
	}{
		{"a terminal", slave, "xterm", "", true},
		{"a dumb one", slave, "dumb", "", false},
		{"in CI", slave, "xterm", "true", false},
		{"a file", file, "xterm", "", false},
		{"no file", &bytes.Buffer{}, "xterm", "", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Setenv("TERM", test.term)
			t.Setenv("CI", test.ci)
			o := &ui.IO{Out: file, Err: test.err}
			p := o.StartProgress("scanning", 0)
			defer p.Stop()
			if got := p != nil; got != test.want {
				t.Errorf("progress is %v", got)
			}
		})
	}
}
