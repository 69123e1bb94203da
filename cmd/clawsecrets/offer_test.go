package main

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/clawsecrets/clawsecrets/internal/ui"
)

// typist gives a line at a time, and does something before each.
type typist struct {
	lines  []string
	before func(line int)
	given  int
	rest   string
}

func (a *typist) Read(p []byte) (int, error) {
	if a.rest == "" {
		if a.given == len(a.lines) {
			return 0, io.EOF
		}
		if a.before != nil {
			a.before(a.given)
		}
		a.rest = a.lines[a.given]
		a.given++
	}
	n := copy(p, a.rest)
	a.rest = a.rest[n:]
	return n, nil
}

// TestOfferToDelete: files that may go as a whole are asked about one by one, and what is
// deleted is what was scanned.
func TestOfferToDelete(t *testing.T) {
	for _, test := range []struct {
		name     string
		answers  []string
		replaced bool
		code     int
		left     []string
	}{
		{"yes and no", []string{"y\n", "y\n", "n\n"}, false, exitDone, []string{"b.txt"}},
		{"neither", []string{"y\n", "\n", "what\n"}, false, exitDone, []string{"a.txt", "b.txt"}},
		{"another file by then", []string{"y\n", "y\n", "y\n"}, true, exitRefused, []string{"a.txt"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			state, config := askedState(t)
			media := filepath.Join(state, "media", "inbound")
			if err := os.MkdirAll(media, 0o700); err != nil {
				t.Fatal(err)
			}
			secret := strings.Split(config, "'")[1]
			for _, name := range []string{"a.txt", "b.txt"} {
				if err := os.WriteFile(filepath.Join(media, name), []byte("it is "+secret), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			in := &typist{lines: test.answers, before: func(line int) {
				if line == 1 && test.replaced {
					_ = os.Remove(filepath.Join(media, "a.txt"))
					_ = os.WriteFile(filepath.Join(media, "a.txt"), []byte("another, with no secret in it"), 0o600)
				}
			}}
			var out, stderr bytes.Buffer
			terminal := &ui.IO{In: iotest.OneByteReader(in), Out: &out, Err: &stderr, Terminal: true}
			if code := run([]string{"extract", "--state-dir", state}, terminal); code != test.code {
				t.Errorf("exit code %d, want %d: %s", code, test.code, stderr.String())
			}
			entries, err := os.ReadDir(media)
			if err != nil {
				t.Fatal(err)
			}
			var left []string
			for _, entry := range entries {
				left = append(left, entry.Name())
			}
			if strings.Join(left, " ") != strings.Join(test.left, " ") {
				t.Errorf("%v are left, want %v: %s", left, test.left, stderr.String())
			}
		})
	}
}
