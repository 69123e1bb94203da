package scan_test

import (
	"encoding/base64"
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/clawsecrets/clawsecrets/internal/fixture"
	"github.com/clawsecrets/clawsecrets/internal/json5"
	"github.com/clawsecrets/clawsecrets/internal/rules"
	"github.com/clawsecrets/clawsecrets/scan"
)

// awkward returns passwords that each encoding has to do something about.
func awkward() []string {
	return []string{
		"hunter" + "2x", `pa"ss'w0rd`, `back\slash\n7`, "correct horse battery staple 7", "a+b/c==d1", "schlüssel-für-7", "pass😀w0rd",
		"-----BEGIN PRIVATE KEY-----\n" + strings.Repeat(fixture.Secret(3, "hex", "line")+"\n", 4) + "-----END PRIVATE KEY-----\n",
	}
}

func quoted(text string) string {
	encoded, _ := json.Marshal(text) // strings always encode
	return string(encoded)
}

func unquoted(raw []byte) (text string) {
	_ = json.Unmarshal([]byte(`"`+string(raw)+`"`), &text) // what is no string is no value either
	return text
}

// accountsWith is a config with secrets of which only the place tells.
func accountsWith(values []string) []byte {
	accounts := map[string]any{}
	for i, value := range values {
		accounts[string(rune('a'+i))] = map[string]string{"botToken": value}
	}
	text, _ := json.MarshalIndent(map[string]any{"channels": map[string]any{"telegram": map[string]any{"accounts": accounts}}}, "", "  ")
	return text
}

// Every value of the config is found in every kind of file in every form, exactly where it
// stands, once.
func TestEveryFormInEveryFile(t *testing.T) {
	values := awkward()
	inJSON := func(text string) string { return quoted(text)[1 : len(quoted(text))-1] }
	forms := map[string]func(string) string{
		"raw":     func(text string) string { return text },
		"json":    inJSON,
		"twice":   func(text string) string { return inJSON(inJSON(text)) },
		"path":    url.PathEscape,
		"query":   url.QueryEscape,
		"base64":  func(text string) string { return base64.StdEncoding.EncodeToString([]byte(text)) },
		"url64":   func(text string) string { return base64.RawURLEncoding.EncodeToString([]byte(text)) },
		"basic":   func(text string) string { return base64.StdEncoding.EncodeToString([]byte("bot:" + text)) },
		"escaped": func(text string) string { return inJSON("https://a.test/?q=" + url.PathEscape(text)) },
	}
	each := func(line func(text string) string) func([]string) string {
		return func(texts []string) string {
			var b strings.Builder
			for _, text := range texts {
				b.WriteString(line(text))
			}
			return b.String()
		}
	}
	pretty := func(texts []string) string {
		var jobs []any
		for _, text := range texts {
			jobs = append(jobs, map[string]any{"id": "1", "prompt": "do it with " + text + " then"})
		}
		encoded, _ := json.MarshalIndent(map[string]any{"jobs": jobs}, "", "  ") // strings always encode
		return string(encoded)
	}
	files := map[string]func([]string) string{
		".clawdbot/agents/main/sessions/a.jsonl":       each(func(text string) string { return `{"type":"session"}` + "\n" + `{"text":` + quoted(text) + "}\n" }),
		".clawdbot/agents/main/sessions/sessions.json": pretty,
		".clawdbot/logs/gateway.log":                   each(func(text string) string { return "10:00 up\n10:01 got " + text + " from it\n" }),
		"clawd/MEMORY.md":                              each(func(text string) string { return "# Notes\n- they say `" + text + "`\n" }),
		".clawdbot/cron/jobs.json":                     pretty,
		".clawdbot/settings/tts.json":                  pretty,
		".clawdbot/exec-approvals.json":                pretty,
		".clawdbot/new-folder/deep.json":               func(texts []string) string { encoded, _ := json.Marshal(texts); return string(encoded) },
		".clawdbot/workspace/.env":                     each(func(text string) string { return "A=1\nNOTE_OF_MINE='" + text + "'\n" }),
		".bash_history":                                each(func(text string) string { return "ls\ncurl -u 'bot:" + text + "' x\n" }),
		".clawdbot/clawdbot.json.bak": func(texts []string) string {
			return "{// old\n" + each(func(text string) string { return "  note: " + quoted("was "+text+" then") + ",\n" })(texts) + "}\n"
		},
		".clawdbot/devices/paired.json.migrated":             pretty,
		".clawdbot/agents/main/agent/plugins/x/catalog.json": pretty,
	}
	for name, form := range forms {
		p := newPerson(t)
		p.write(t, ".clawdbot/clawdbot.json", accountsWith(values))
		var texts []string
		for _, value := range values {
			texts = append(texts, form(value))
		}
		for path, file := range files {
			p.write(t, path, []byte(file(texts)))
		}
		result := p.scan(t, scan.Options{})
		for path, file := range files {
			data := []byte(file(texts))
			for i, value := range values {
				here := slices.DeleteFunc(p.at(result, path), func(f *scan.Finding) bool { return f.Value.Reveal() != value || f.Detector == scan.Weak })
				if len(here) != 1 {
					t.Errorf("%s: value %d is found %d times in %s\n%s", name, i, len(here), path, data)
					continue
				}
				if f := here[0]; !f.WrittenAs(data[f.Start:f.End]) || f.Node != (json5.Node{}) && unquoted(data[f.Start:f.End]) != value {
					t.Errorf("%s: value %d is not what stands at %d to %d of %s: %q, %q", name, i, f.Start, f.End, path, data[f.Start:f.End], f.Layers)
				}
			}
		}
	}
}

// What the gateway and its owner keep elsewhere is known as well: old versions, services,
// variables, weak ones, and what the caller knows.
func TestWhatIsKnown(t *testing.T) {
	inBackup, inOldEnv, inService, inEnv, short, told := "older one 4 me, is it", "from.old-env.1", "in-a unit 5 of it all", "the .env has it 8 too", "a1b2c3", "told-by-caller.9"
	p := newPerson(t)
	p.write(t, ".clawdbot/clawdbot.json", []byte(`{"gateway": {"auth": {"password": "`+short+`"}}}`))
	p.write(t, ".clawdbot/clawdbot.json.bak", []byte(`{"gateway": {"auth": {"password": "`+inBackup+`"}}}`))
	p.write(t, ".clawdbot/.env.old", []byte("MAIL_PASSWORD='"+inOldEnv+"'\n"))
	p.write(t, ".clawdbot/.env", []byte("CLAWDBOT_GATEWAY_PASSWORD='"+inEnv+"'\n"))
	p.write(t, ".config/systemd/user/clawdbot-gateway.service",
		[]byte("[Service]\nExecStart=/usr/bin/node /opt/clawdbot/dist/entry.js gateway\nEnvironment=\"CLAWDBOT_GATEWAY_PASSWORD="+inService+"\"\n"))
	all := []string{inBackup, inOldEnv, inService, inEnv, short, told}
	for _, path := range []string{".clawdbot/logs/gateway.log", ".clawdbot/cron/jobs.json"} {
		var text strings.Builder
		for _, value := range all {
			text.WriteString("it is '" + value + "'\n")
		}
		data := text.String()
		if strings.HasSuffix(path, ".json") {
			data = `{"jobs":[{"prompt":` + quoted(data) + `}]}`
		}
		p.write(t, path, []byte(data))
	}
	result := p.scan(t, scan.Options{Known: []rules.Known{{Rule: "told", Value: told}}})
	for _, path := range []string{".clawdbot/logs/gateway.log", ".clawdbot/cron/jobs.json"} {
		found := p.at(result, path)
		for i, value := range all {
			if !slices.ContainsFunc(found, func(f *scan.Finding) bool { return f.Value.Reveal() == value }) {
				t.Errorf("%s: value %d is not found", path, i)
			}
		}
	}
	// It is known whatever is shown.
	only := p.scan(t, scan.Options{Only: []string{"logs/*"}})
	if found := p.at(only, ".clawdbot/logs/gateway.log"); len(found) != len(all)-1 {
		t.Errorf("--only: %d findings", len(found))
	}
}

// In the files that the gateway reads, a known value is found in other strings as well,
// in comments and in names, and each place once.
func TestKnownInLiveFiles(t *testing.T) {
	value := "hunter" + "2x"
	p := newPerson(t)
	p.write(t, ".clawdbot/clawdbot.json", []byte(`{
  // the password is `+value+`
  gateway: {auth: {password: "`+value+`"}},
  agents: {defaults: {systemPrompt: "say \"`+value+`\" to\tit"}},
  channels: {telegram: {nested: "{\"a\":\"`+base64.StdEncoding.EncodeToString([]byte(value))+`\"}"}},
}
`))
	p.write(t, ".clawdbot/.env", []byte("# once "+value+"\nURL=https://a.test/?k="+value+"\n"))
	result := p.scan(t, scan.Options{})
	var got []string
	for _, path := range []string{".clawdbot/clawdbot.json", ".clawdbot/.env"} {
		for _, f := range p.at(result, path) {
			if f.Value.Reveal() != value || f.Detector == scan.Weak {
				continue
			}
			where := f.Pointer
			if f.Leaf != nil {
				where += " leaf"
			}
			got = append(got, strings.Join([]string{where, string(f.Action), f.Note}, "|"))
		}
	}
	want := []string{
		"|keep|in a comment: delete the comment",
		"/gateway/auth/password leaf|extract|",
		"/agents/defaults/systemPrompt leaf|extract|",
		"/channels/telegram/nested|keep|inside of another text, which encodes it: change it by hand",
		"|keep|in a comment: delete the comment",
		"|keep|",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
