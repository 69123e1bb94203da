package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing"

	"github.com/clawsecrets/clawsecrets/extract"
	"github.com/clawsecrets/clawsecrets/internal/durable"
	"github.com/clawsecrets/clawsecrets/internal/gateway"
	"github.com/clawsecrets/clawsecrets/internal/ui"
)

func TestReport(t *testing.T) {
	interrupted, cancel := context.WithCancel(context.Background())
	cancel()
	changed := &fs.PathError{Op: "replace", Path: "/h/.env", Err: durable.ErrChanged}
	for _, test := range []struct {
		name string
		ctx  context.Context
		err  error
		code int
		text string
	}{
		{"done", context.Background(), nil, exitDone, ""},
		{"found", context.Background(), codeError(exitFound), exitFound, ""},
		{"found, wrapped", context.Background(), fmt.Errorf("x: %w", codeError(exitFound)), exitFound, ""},
		{"usage", context.Background(), usageErrorf("no"), exitError, "clawsecrets: no\n"},
		{"usage with a hint", context.Background(), usageError{hint(errors.New("no"), "try")}, exitError, "clawsecrets: no\nclawsecrets: hint: try\n"},
		{"file", context.Background(), &gateway.FileError{Path: "/c", Line: 1, Column: 2, Problem: "bad"}, exitError, "clawsecrets: /c:1:2: bad\n"},
		{"changed", context.Background(), changed, exitRefused, "clawsecrets: replace /h/.env: " + durable.ErrChanged.Error() + "\n"},
		{"no exchange", context.Background(), fmt.Errorf("x: %w", durable.ErrNoExchange), exitRefused, "clawsecrets: x: " + durable.ErrNoExchange.Error() + "\n"},
		{"locked", context.Background(), &durable.LockedError{Path: "/l", Holder: "process 1"}, exitRefused, "clawsecrets: " + (&durable.LockedError{Path: "/l", Holder: "process 1"}).Error() + "\n"},
		{"refused", context.Background(), &extract.Refusal{Why: "why"}, exitRefused, "clawsecrets: why\n"},
		{"refused with a hint", context.Background(), hint(&extract.Refusal{Why: "why"}, "stop it"), exitRefused, "clawsecrets: why\nclawsecrets: hint: stop it\n"},
		{"forged", context.Background(), extract.ErrForged, exitRefused, "clawsecrets: " + extract.ErrForged.Error() + "\n"},
		{"one of two refuses", context.Background(), errors.Join(errors.New("a"), &extract.Refusal{Why: "b"}), exitRefused, "clawsecrets: a b\n"},
		{"interrupted", interrupted, errors.New("stopped"), exitInterrupted, "clawsecrets: stopped\n"},
		{"control characters", context.Background(), errors.New("a\x1b[2Jb\nc"), exitError, "clawsecrets: a?[2Jb c\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var out, stderr bytes.Buffer
			code := report(test.ctx, &ui.IO{In: strings.NewReader(""), Out: &out, Err: &stderr}, test.err)
			if code != test.code {
				t.Errorf("exit code %d, want %d", code, test.code)
			}
			if stderr.String() != test.text {
				t.Errorf("standard error %q, want %q", stderr.String(), test.text)
			}
			if out.Len() > 0 {
				t.Errorf("standard output %q, want none", out.String())
			}
		})
	}
}

func TestHomeFlags(t *testing.T) {
	for _, test := range []struct{ dir, config, want string }{
		{"", "", ""},
		{"/srv/claw", "", " --state-dir /srv/claw"},
		{"", "/c.json", " --config /c.json"},
		{"/my home", "a'b", ` --state-dir '/my home' --config 'a'\''b'`},
		{"$HOME", "x;y", ` --state-dir '$HOME' --config 'x;y'`},
		{"~/claw", "", " --state-dir '~/claw'"}, // the program expands it as well
		{"a\x1bb", "", " --state-dir 'a?b'"},
	} {
		if got := homeFlags(&global{stateDir: test.dir, config: test.config}); got != test.want {
			t.Errorf("%q, %q: got %q, want %q", test.dir, test.config, got, test.want)
		}
	}
}
