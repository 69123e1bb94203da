package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/clawsecrets/clawsecrets/extract"
	"github.com/clawsecrets/clawsecrets/internal/rules"
	"github.com/clawsecrets/clawsecrets/internal/ui"
	"github.com/clawsecrets/clawsecrets/scan"
)

func TestAge(t *testing.T) {
	const day = 24 * time.Hour
	for text, want := range map[string]time.Duration{
		"1h": time.Hour, "36h": 36 * time.Hour, "90d": 90 * day, "12w": 84 * day, "007d": 7 * day, "15250w": 15250 * 7 * day,
		"": 0, "d": 0, "90": 0, "0d": 0, "0h": 0, "-1d": 0, "+1d": 0, "1.5d": 0, "6m": 0, "30s": 0, "1y": 0, "1D": 0, "90 d": 0, " 90d": 0, "90d ": 0,
		"1w2d": 0, "0x1d": 0, "1_0d": 0, "16000w": 0, "65536h": 0, "99999999999999999999d": 0, "٩d": 0, "90dd": 0,
	} {
		var age ageFlag
		err := age.Set(text)
		if age.age != want || (err == nil) != (want > 0) {
			t.Errorf("%q is %v (%v), want %v", text, age.age, err, want)
		}
		if err == nil && age.String() != text {
			t.Errorf("%q is said as %q", text, age.String())
		}
	}
}

// Deleting is asked about, with what there is to lose.
func TestPruneAsksOnATerminal(t *testing.T) {
	for answer, code := range map[string]int{"y\n": exitDone, "n\n": exitRefused, "": exitRefused} {
		state, _ := askedState(t)
		log := filepath.Join(state, "gateway.log")
		if err := os.WriteFile(log, []byte("log\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(log, time.Time{}, time.Now().Add(-100*24*time.Hour)); err != nil {
			t.Fatal(err)
		}
		var out, stderr bytes.Buffer
		terminal := &ui.IO{In: strings.NewReader(answer), Out: &out, Err: &stderr, Terminal: true}
		if got := run([]string{"extract", "--prune", "90d", "--state-dir", state}, terminal); got != code {
			t.Errorf("%q: exit code %d, want %d: %s", answer, got, code, stderr.String())
		}
		if want := "Delete 1 file, 4 bytes? Nothing brings them back, --undo included. [y/N] "; !strings.HasPrefix(stderr.String(), want) {
			t.Errorf("asked %q, want %q", stderr.String(), want)
		}
		if _, err := os.Stat(log); (err != nil) != (code == exitDone) {
			t.Errorf("%q: the log: %v", answer, err)
		}
	}
}

// An error of a prune names files as the list does, and is still what it was.
func TestPruneMasksErrors(t *testing.T) {
	const password = "swordfish7-is-it"
	names := maskerOf(scan.NewNameSearch(rules.New(rules.Options{}), password))
	err := maskedError{&extract.Refusal{Why: "logs/" + password + ".log stays"}, names}
	var stderr bytes.Buffer
	code := report(t.Context(), &ui.IO{Err: &stderr}, err)
	if code != exitRefused || strings.Contains(stderr.String(), password) || !strings.Contains(stderr.String(), "logs/swor") {
		t.Errorf("exit code %d: %s", code, stderr.String())
	}
}
