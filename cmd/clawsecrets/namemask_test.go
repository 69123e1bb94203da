package main

import (
	"strings"
	"testing"

	"github.com/clawsecrets/clawsecrets/internal/fixture"
	"github.com/clawsecrets/clawsecrets/internal/rules"
	"github.com/clawsecrets/clawsecrets/scan"
)

func TestNameMasker(t *testing.T) {
	one, two := fixture.Secret(1, "github", "one"), fixture.Secret(1, "github", "two")
	m := maskerOf(scan.NewNameSearch(rules.New(rules.Options{}), "hunter22!", "hunter22!-and-longer", "swordfish7"))
	for _, test := range []struct{ name, want string }{
		{"clawdbot.json", "clawdbot.json"},
		{"misc/" + one + ".md", "misc/ghp_********.md"},
		{"misc/" + two + ".md", "misc/ghp_********#2.md"}, // else one name for two files
		{one + "/" + two, "ghp_********/ghp_********#2"},
		{one, "ghp_********"},
		{"x/hunter22!.md", "x/********.md"},
		{"x/hunter22!-and-longer.md", "x/********#2.md"}, // its first four would tell those of the short one
		{"swordfish7 and hunter22!", "********#3 and ********"},
		{"", ""},
	} {
		if got := m.mask(test.name); got != test.want {
			t.Errorf("%q: got %q", test.want, got)
		}
	}
	if got := (*nameMasker)(nil).mask(one); got != one {
		t.Error("without a masker a name is not what it is")
	}
}

// No name of the committed state directory is taken for a secret.
func TestNamesOfTheCommittedState(t *testing.T) {
	result := committedScan(t)
	names := newNameMasker(result)
	for _, f := range result.Findings {
		for _, name := range []string{f.File.Rel, f.Pointer, label(f), f.Env, note(f), advice(f)} {
			if got := names.mask(name); got != name {
				t.Errorf("%s became %s", name, got)
			}
		}
	}
}

// Every format gives a secret in a name the same mask and number.
func TestNamesAreTheSameInEveryFormat(t *testing.T) {
	one, two := fixture.Secret(1, "github", "one"), fixture.Secret(1, "github", "two")
	f, g := madeFinding(two+".md", "x"), madeFinding(one+".md", "x")
	f.Pointer = "/" + one
	result := madeScan(f, g)
	result.Coverage.Skipped = []scan.Skipped{{File: one + ".bin", Class: "unread", Why: "is large"}}
	report := scanReport(result, [32]byte{}, false)
	if got := report.Findings[1].File + " " + report.Findings[0].Pointer + " " + report.Coverage.Skipped[0].File; got != "ghp_********#2.md /ghp_********#2 ghp_********#2.bin" {
		t.Errorf("json: %s", got)
	}
	if got := githubOf(result); !strings.Contains(got, "ghp_********#2.bin could not be read") || strings.Contains(got, one) || strings.Contains(got, two) {
		t.Errorf("github: %s", got)
	}
	if got := scanReport(result, [32]byte{}, true).Findings[1].File; got != one+".md" {
		t.Error("with --show-secrets a name is masked")
	}
}
