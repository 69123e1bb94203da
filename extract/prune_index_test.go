package extract_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/clawsecrets/clawsecrets/extract"
)

// An index keeps the transcripts that it says the path of, wherever in the state directory
// they lie, and those where the gateway looks without a path.
func TestPruneLeavesWhatAnyIndexNames(t *testing.T) {
	const mine, old = "agents/main/sessions/sessions.json", "agents/old/sessions/a.jsonl"
	for name, test := range map[string]struct {
		index, text string // STATE stands for the state directory, LINK for a link to it
		stays, goes string // "" for none
	}{
		"a path into another agent's folder": {mine, `{"m": {"sessionId": "x", "sessionFile": "STATE/agents/old/sessions/a.jsonl"}}`, old, "agents/old/sessions/b.jsonl"},
		"a path into a folder below":         {mine, `{"m": {"sessionFile": " STATE/agents/main/sessions/sub/a.jsonl "}}`, "agents/main/sessions/sub/a.jsonl", old},
		"a path into the folder of old":      {mine, `{"m": {"sessionFile": "STATE/sessions/a.jsonl"}}`, "sessions/a.jsonl", old},
		"a path that is not clean":           {mine, `{"m": {"sessionFile": "STATE/agents/main/../old//sessions/a.jsonl"}}`, old, ""},
		"a path through a link":              {mine, `{"m": {"sessionFile": "LINK/agents/old/sessions/a.jsonl"}}`, old, ""},
		"a path through a link inside":       {mine, `{"m": {"sessionFile": "LINK/linked/a.jsonl"}}`, old, ""},
		"a path that begins at home":         {mine, `{"m": {"sessionFile": "~/agents/old/sessions/a.jsonl"}}`, old, ""},
		"a path in a container":              {mine, `{"m": {"sessionFile": "/home/node/.clawdbot/agents/old/sessions/a.jsonl"}}`, old, "agents/main/sessions/sub/a.jsonl"},
		"a path of Windows":                  {mine, `{"m": {"sessionFile": "C:\\c\\agents\\old\\sessions\\a.jsonl"}}`, old, ""},
		"a relative path":                    {mine, `{"m": {"sessionFile": "../old/sessions/a.jsonl"}}`, old, "agents/main/sessions/sub/a.jsonl"},
		"the index of another agent":         {"agents/other/sessions/sessions.json", `{"m": {"sessionFile": "STATE/agents/old/sessions/a.jsonl"}}`, old, "agents/main/sessions/sub/a.jsonl"},
		"an index that was moved aside":      {"agents/main/sessions.legacy-1/sessions.json", `{"m": {"sessionFile": "STATE/agents/old/sessions/a.jsonl"}}`, old, "agents/main/sessions/sub/a.jsonl"},
		"an index of old":                    {"sessions/sessions.json", `{"m": {"sessionFile": "STATE/agents/old/sessions/a.jsonl"}}`, old, "agents/main/sessions/sub/a.jsonl"},
		"an agent whose folder is a link":    {"moved/sessions/sessions.json", `{"m": {"sessionFile": "STATE/agents/old/sessions/a.jsonl"}}`, old, "agents/main/sessions/sub/a.jsonl"},
		"a session looked for in main":       {"agents/other/sessions/sessions.json", `{"m": {"sessionId": "a"}}`, "agents/main/sessions/a.jsonl", old},
		"a session looked for where of old":  {mine, `{"m": {"sessionId": "a"}}`, "sessions/a.jsonl", old},
		"a topic that only the key says":     {mine, `{"agent:main:telegram:group:-100:topic:42": {"sessionId": "t"}}`, "agents/main/sessions/t-topic-42.jsonl", "agents/main/sessions/t-topic-43.jsonl"},
		"a thread that only the key says":    {mine, `{"agent:main:slack:channel:c1:thread:42": {"sessionId": "t"}}`, "agents/main/sessions/t-topic-42.jsonl", "agents/main/sessions/t-topic-43.jsonl"},
		"a path that leads elsewhere":        {mine, `{"m": {"sessionFile": "/x/old/sessions/a.jsonl"}}`, "agents/main/sessions/a.jsonl", old},
	} {
		t.Run(name, func(t *testing.T) {
			dir := agedState(t, map[string]string{
				old: "", "agents/old/sessions/b.jsonl": "", "sessions/a.jsonl": "",
				"agents/main/sessions/a.jsonl": "", "agents/main/sessions/sub/a.jsonl": "",
				"agents/main/sessions/t-topic-42.jsonl": "", "agents/main/sessions/t-topic-43.jsonl": "",
			})
			link := filepath.Join(t.TempDir(), "link")
			for name, to := range map[string]string{link: dir, filepath.Join(dir, "linked"): "agents/old/sessions", filepath.Join(dir, "agents/moved"): filepath.Join(dir, "moved")} {
				if err := os.Symlink(to, name); err != nil {
					t.Skip(err)
				}
			}
			index := filepath.Join(dir, test.index)
			if err := os.MkdirAll(filepath.Dir(index), 0o700); err != nil {
				t.Fatal(err)
			}
			write(t, index, strings.NewReplacer("STATE", filepath.ToSlash(dir), "LINK", filepath.ToSlash(link)).Replace(test.text))
			view := open(t, dir)
			view.Home.UserHome = dir

			p := prunePlan(t, view, extract.PruneOptions{})
			if why := leftWhy(p)[test.stays]; !strings.Contains(why, "the gateway would continue this session") {
				t.Errorf("%s stays because %q; pruned %q", test.stays, why, prunedPaths(p))
			}
			if test.goes != "" && !slices.Contains(prunedPaths(p), "transcript "+test.goes) {
				t.Errorf("%s stays because %q", test.goes, leftWhy(p)[test.goes])
			}
			if err := p.Apply(t.Context()); err != nil || !exists(dir, test.stays) || test.goes != "" && exists(dir, test.goes) {
				t.Errorf("the wrong files were deleted (%v)", err)
			}
		})
	}
}

// An index that comes up while the person is asked counts.
func TestPruneLooksForIndexesAgain(t *testing.T) {
	const name = "agents/old/sessions/a.jsonl"
	dir := agedState(t, map[string]string{name: ""})
	p := prunePlan(t, open(t, dir), extract.PruneOptions{})
	if err := os.MkdirAll(filepath.Join(dir, "agents/main/sessions"), 0o700); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "agents/main/sessions/sessions.json"), `{"m": {"sessionFile": "`+filepath.ToSlash(filepath.Join(dir, name))+`"}}`)
	if err := p.Apply(t.Context()); err == nil || !exists(dir, name) {
		t.Errorf("the error is %v", err)
	}
}
