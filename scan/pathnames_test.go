package scan_test

import (
	"testing"

	"github.com/clawsecrets/clawsecrets/internal/fixture"
	"github.com/clawsecrets/clawsecrets/scan"
)

// A known value in the name of a file or folder is a finding, once for each name, beside what
// is in the file; a word or a short value is none.
func TestKnownValuesInPathNames(t *testing.T) {
	known, short := fixture.Secret(everywhereSeed, "hex", "in a name"), "hunter"+"2"
	p := newPerson(t)
	p.write(t, ".clawdbot/clawdbot.json", []byte(`{"gateway": {"auth": {"password": "`+known+`"}}, "hooks": {"token": "`+short+`"}}`))
	p.write(t, ".clawdbot/agents/main/sessions/"+known+".jsonl", []byte(`{"text":"`+known+`"}`+"\n"))
	p.write(t, ".clawdbot/media/"+known+"-"+known+"/a.txt", nil)
	p.write(t, ".clawdbot/extensions/x/node_modules/"+known+"/a.js", nil)
	p.write(t, ".clawdbot/"+short+".txt", nil)
	p.write(t, "clawd/notes/for "+known+".md", nil)
	result := p.scan(t, scan.Options{})
	got := map[string]int{}
	for _, f := range result.Findings {
		if f.Note != "in its name: rename it" {
			continue
		}
		got[f.File.Path]++
		if f.Line != 0 || f.Start != 0 || f.End != 0 || f.Pointer != "" || f.Action != scan.Keep || f.Detector != scan.Known || f.Value.Reveal() != known {
			t.Errorf("%s: %+v", f.File.Rel, f)
		}
	}
	want := []string{".clawdbot/agents/main/sessions/" + known + ".jsonl", ".clawdbot/media/" + known + "-" + known, "clawd/notes/for " + known + ".md"}
	for _, path := range want {
		if got[p.path(path)] != 1 {
			t.Errorf("%s: %d findings", path, got[p.path(path)])
		}
	}
	if len(got) != len(want) {
		t.Errorf("got %v", got)
	}
	if n := len(p.at(result, want[0])); n != 2 {
		t.Errorf("the name and the text of a file: %d findings", n)
	}
	if skipped := p.scan(t, scan.Options{Skip: []string{"media/*"}}); len(p.at(skipped, want[1])) != 0 {
		t.Error("--skip has no effect")
	}
}
