//go:build unix

package service

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/clawsecrets/clawsecrets/internal/secret"
)

func TestLaunchctlSources(t *testing.T) {
	answers := map[string]string{"SET": "FAKE-value", "EMPTY": "", "-x": "FAKE"}
	var asked []string
	answer := func(name string) (string, error) {
		asked = append(asked, name)
		if name == "BROKEN" {
			return "", errors.New("does not answer")
		}
		return answers[name], nil
	}
	sources := launchctlSources([]string{"SET", "EMPTY", "UNSET", "-x"}, answer)
	if len(sources) != 1 || len(sources[0].Values) != 1 || !sources[0].Values["SET"].Equal(secret.New("FAKE-value")) || sources[0].Unreadable != "" {
		t.Fatalf("got %v", sources)
	}
	if name := sources[0].Where("SET"); name != "launchctl environment" {
		t.Errorf("it is called %q", name)
	}
	if want := []string{"SET", "EMPTY", "UNSET"}; !slices.Equal(asked, want) {
		t.Errorf("asked for %q, want %q: others are no names", asked, want)
	}
	asked = nil
	sources = launchctlSources([]string{"SET", "BROKEN", "UNSET"}, answer)
	if len(sources) != 1 || !sources[0].MayHold("UNSET") || len(sources[0].Values) != 1 || !slices.Equal(asked, []string{"SET", "BROKEN"}) {
		t.Errorf("after an error: got %v, asked %q", sources, asked)
	}
	if sources := launchctlSources([]string{"UNSET"}, answer); sources != nil {
		t.Errorf("of what is not set: %v", sources)
	}
	if sources := launchctlSources([]string{"SET"}, nil); sources != nil {
		t.Errorf("on another system: %v", sources)
	}
}

func TestAskLaunchctl(t *testing.T) {
	t.Setenv("CLAWSECRETS_TEST_LEAK", "FAKE-leak")
	for _, test := range []struct{ name, script, want, problem string }{
		{"set", `echo "value of $2"`, "value of NAME", ""},
		{"asked rightly", `echo "$#$1"`, "2getenv", ""},
		{"empty environment", `echo "[$CLAWSECRETS_TEST_LEAK]"`, "[]", ""},
		{"white space stays", `printf ' a\n\n'`, " a\n", ""},
		{"not set", `echo`, "", ""},
		{"not set, and says so", `exit 1`, "", ""},
		{"failed", `echo FAKE-secret >&2; exit 1`, "", "has failed"},
		{"failed halfway", `echo FAKE-secret; exit 1`, "", "has failed"},
	} {
		t.Run(test.name, func(t *testing.T) {
			program := filepath.Join(t.TempDir(), "launchctl")
			if err := os.WriteFile(program, []byte("#!/bin/sh\n"+test.script+"\n"), 0o700); err != nil {
				t.Fatal(err)
			}
			got, err := askLaunchctl(t.Context(), program, "NAME")
			if (err != nil) != (test.problem != "") || err != nil && !strings.HasSuffix(err.Error(), test.problem) || got != test.want {
				t.Errorf("got %q and error %v, want %q and %q", got, err, test.want, test.problem)
			}
		})
	}
	if _, err := askLaunchctl(t.Context(), filepath.Join(t.TempDir(), "none"), "NAME"); err == nil {
		t.Error("a program that is not there has answered")
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := askLaunchctl(ended, "/bin/sh", "NAME"); err == nil || !strings.HasSuffix(err.Error(), "does not answer") {
		t.Errorf("without time left: %v", err)
	}
}
