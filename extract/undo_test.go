package extract_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/clawsecrets/clawsecrets/extract"
	"github.com/clawsecrets/clawsecrets/internal/fixture"
)

// simple is a Home with one of each kind of file that extract writes.
func simple(t *testing.T) string {
	key := func(kind, name string) string { return fixture.Secret(3, kind, name) }
	return state(t, map[string]string{
		"clawdbot.json": `{ gateway: { auth: { token: '` + key("hex", "gateway") + `' } }, $include: "./more.json5",
  channels: { telegram: { botToken: "` + key("telegram", "bot") + `" } } }`,
		"more.json5":                           "{ hooks: { token: \"" + key("hex", "hooks") + "\" } }\n",
		".env":                                 "# mine\nOTHER=1\n",
		"agents/main/agent/auth-profiles.json": `{"version":1,"profiles":{"moonshot:default":{"type":"api_key","provider":"moonshot","key":"` + key("moonshot", "m") + `"}}}`,
		"agents/main/agent/models.json":        `{"providers":{"moonshot":{"apiKey":"` + key("moonshot", "m") + `"}}}`,
	})
}

func TestUndoRestoresALooseEnv(t *testing.T) {
	dir := simple(t)
	env := filepath.Join(dir, ".env")
	if err := os.Chmod(env, 0o644); err != nil {
		t.Fatal(err)
	}
	before := tree(t, dir)
	apply(t, dir)
	if info, err := os.Stat(env); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("after extract: %v, %v", info.Mode(), err)
	}
	undo(t, dir)
	if names := differences(before, tree(t, dir)); len(names) > 0 {
		t.Errorf("after undo these differ: %v", names)
	}
}

// Several extracts are undone together, back to the first.
func TestUndoGoesBackToTheFirst(t *testing.T) {
	dir := simple(t)
	before := tree(t, dir)
	for _, only := range []string{"more.json5", "clawdbot.json", "*"} {
		result := scannedOnly(t, dir, only)
		p, err := extract.Make(result)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := p.Apply(t.Context(), testKey()); err != nil {
			t.Fatal(err)
		}
	}
	undo(t, dir)
	if names := differences(before, tree(t, dir)); len(names) > 0 {
		t.Errorf("after undo these differ: %v", names)
	}
}

func TestUndoRefuses(t *testing.T) {
	for name, test := range map[string]struct {
		file string
		edit func(text string) string
	}{
		"a changed config": {"clawdbot.json", func(s string) string { return s + "\n" }},
		"a changed store":  {"agents/main/agent/auth-profiles.json", func(s string) string { return s + " " }},
		"a rotated value": {".env", func(s string) string {
			return strings.Replace(s, "CLAWDBOT_GATEWAY_TOKEN=", "CLAWDBOT_GATEWAY_TOKEN=new", 1)
		}},
		"a missing value":    {".env", func(s string) string { return strings.Replace(s, "CLAWDBOT_GATEWAY_TOKEN=", "X=", 1) }},
		"a forged receipt":   {"clawsecrets/receipt.json", func(s string) string { return strings.Replace(s, "more.json5", "morf.json5", 1) }},
		"a receipt of ours?": {"clawsecrets/receipt.json", func(s string) string { return "{}" }},
	} {
		t.Run(name, func(t *testing.T) {
			dir := simple(t)
			apply(t, dir)
			path := filepath.Join(dir, test.file)
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte(test.edit(string(text))), 0o600); err != nil {
				t.Fatal(err)
			}
			before := tree(t, dir)
			_, err = extract.MakeUndo(open(t, dir), testKey())
			var refusal *extract.Refusal
			if !errors.As(err, &refusal) && !errors.Is(err, extract.ErrForged) {
				t.Errorf("not refused: %v", err)
			}
			if names := differences(before, tree(t, dir)); len(names) > 0 {
				t.Errorf("these were written all the same: %v", names)
			}
		})
	}
}

// What stands twice in a receipt is read as it was signed: an agent that can write in
// the Home cannot add to it.
func TestUndoTakesNothingFromAKeyThatStandsTwice(t *testing.T) {
	for _, forged := range []string{`"files": [{"generated": true}]`, `"env": {"mode": "0666"}`, `"names": [{"added": true}]`} {
		dir := simple(t)
		before := tree(t, dir)
		apply(t, dir)
		path := filepath.Join(dir, "clawsecrets", "receipt.json")
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		text = []byte(strings.Replace(string(text), `"receipt": {`, `"receipt": {`+forged+`,`, 1))
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
		undo(t, dir)
		if names := differences(before, tree(t, dir)); len(names) > 0 {
			t.Errorf("%s: these differ: %v", forged, names)
		}
	}
}

// Lines that the person added to the .env since stay; ours go.
func TestUndoKeepsOtherLinesOfEnv(t *testing.T) {
	dir := simple(t)
	apply(t, dir)
	path := filepath.Join(dir, ".env")
	file, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := file.WriteString("MINE=2\n"); err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	undo(t, dir)
	if text, err := os.ReadFile(path); err != nil || string(text) != "# mine\nOTHER=1\nMINE=2\n" {
		t.Errorf("the .env is %q, %v", text, err)
	}
}

// A generated file that the gateway has written anew since stays, and the rest goes back.
func TestUndoLeavesAGeneratedFile(t *testing.T) {
	dir := simple(t)
	before := tree(t, dir)
	apply(t, dir)
	const generated = "agents/main/agent/models.json"
	if err := os.WriteFile(filepath.Join(dir, generated), []byte(`{"providers":{}}`), 0o600); err != nil {
		t.Fatal(err)
	}
	undo(t, dir)
	if names := differences(before, tree(t, dir)); len(names) != 1 || names[0] != generated {
		t.Errorf("these differ: %v", names)
	}
}
