package extract_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/clawsecrets/clawsecrets/extract"
)

const oneToken = `{ "gateway": { "auth": { "token": "aB3dEfgHiJkLmNoPqRsTuV" } } }`

// What lies where our folder should be is named, with what to do; nothing is written.
func TestSomethingElseInPlaceOfOurFolder(t *testing.T) {
	dir := state(t, map[string]string{"clawdbot.json": oneToken, extract.Folder: "a file"})
	p := plan(t, dir)
	_, err := p.Apply(t.Context(), testKey())
	want := filepath.Join(dir, extract.Folder) + " is in the way: it is ours and should be a directory; move it away"
	if err == nil || err.Error() != want {
		t.Errorf("apply says %v, want %s", err, want)
	}
	if _, err := extract.MakeUndo(open(t, dir), testKey()); err == nil || err.Error() != want {
		t.Errorf("undo says %v, want %s", err, want)
	}
	if text, _ := os.ReadFile(filepath.Join(dir, "clawdbot.json")); string(text) != oneToken {
		t.Errorf("the config was written: %s", text)
	}
}

// A run that was interrupted before its first write writes nothing.
func TestInterruptedBeforeTheFirstWrite(t *testing.T) {
	dir := state(t, map[string]string{"clawdbot.json": oneToken})
	p := plan(t, dir)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := p.Apply(ctx, testKey()); !errors.Is(err, context.Canceled) {
		t.Errorf("apply says %v", err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 1 {
		t.Errorf("%v, %v", entries, err)
	}
}

// Values that would have the same name get numbers; the .env's own names are taken, and
// used again for the value that they hold.
func TestNumberedNames(t *testing.T) {
	dir := state(t, map[string]string{
		"clawdbot.json": `{
			"a-b": { "token": "aB3dEfgHiJkLmNoP0001" },
			"a_b": { "token": "aB3dEfgHiJkLmNoP0002" },
			"a.b": { "token": "aB3dEfgHiJkLmNoP0003" },
			"a b": { "token": "aB3dEfgHiJkLmNoP0001" },
			"a/b": { "token": "aB3dEfgHiJkLmNoP0004" },
			"a+b": { "token": "aB3dEfgHiJkLmNoP0005" },
		}`,
		".env": "CLAWDBOT_A_B_TOKEN_2=aB3dEfgHiJkLmNoP0004\nCLAWDBOT_A_B_TOKEN_3=other\nCLAWDBOT_A_B_TOKEN_4=aB3dEfgHiJkLmNoP0003\n",
	})
	var got []string
	for _, m := range plan(t, dir).Moves {
		got = append(got, m.Finding.Leaf.Path[0]+"="+strings.TrimPrefix(m.Name, "CLAWDBOT_A_B_TOKEN"))
	}
	want := "a-b= a_b=_5 a.b=_4 a b= a/b=_2 a+b=_6"
	if strings.Join(got, " ") != want {
		t.Errorf("got %s, want %s", strings.Join(got, " "), want)
	}
}
