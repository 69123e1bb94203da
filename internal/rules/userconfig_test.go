package rules

import (
	"encoding/json"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"
	"github.com/zricethezav/gitleaks/v8/config"
	"github.com/zricethezav/gitleaks/v8/detect"
)

// oracleEnv names a directory with a configuration and texts, for [TestOracleProcess].
const oracleEnv = "RULES_TEST_ORACLE"

// placed is a text and the path of its file.
type placed struct{ Path, Text string }

// oracleAnswer is what gitleaks makes of a configuration: that it refuses it, or what it
// finds in each text.
type oracleAnswer struct {
	Refused bool
	Found   [][]string
}

// TestOracleProcess is gitleaks, for [askOracle]. Gitleaks counts in a global variable how
// many configurations have extended another, so each has to have a process of its own.
func TestOracleProcess(t *testing.T) {
	dir := os.Getenv(oracleEnv)
	if dir == "" {
		t.Skip("runs only for other tests")
	}
	var texts []placed
	readJSON(t, filepath.Join(dir, "texts"), &texts)
	writeJSON(t, filepath.Join(dir, "answer"), answerOf(texts))
}

// answerOf is gitleaks' answer for the configuration in the working directory.
func answerOf(texts []placed) (answer oracleAnswer) {
	defer func() {
		if recover() != nil { // an expression that does not compile
			answer = oracleAnswer{Refused: true}
		}
	}()
	var written config.ViperConfig
	_, err := toml.DecodeFile(".gitleaks.toml", &written)
	translated, refused := written.Translate()
	if err != nil || refused != nil {
		return oracleAnswer{Refused: true}
	}
	detector := detect.NewDetector(translated)
	detector.IgnoreGitleaksAllow = true
	for _, text := range texts {
		var found []string
		//lint:ignore SA1019 sources.Fragment says the same, but the method takes this
		for _, f := range detector.Detect(detect.Fragment{Raw: text.Text, FilePath: text.Path}) {
			found = append(found, f.RuleID+" "+f.Secret)
		}
		slices.Sort(found)
		answer.Found = append(answer.Found, found)
	}
	return answer
}

// askOracle returns gitleaks' answer for the configuration in files[".gitleaks.toml"].
func askOracle(t *testing.T, files map[string]string, texts []placed) oracleAnswer {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	writeJSON(t, filepath.Join(dir, "texts"), texts)
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	command := exec.Command(self, "-test.run=^TestOracleProcess$")
	command.Dir = dir
	command.Env = append(os.Environ(), oracleEnv+"="+dir)
	if out, err := command.CombinedOutput(); err != nil {
		t.Fatalf("oracle: %v\n%s", err, out)
	}
	var answer oracleAnswer
	readJSON(t, filepath.Join(dir, "answer"), &answer)
	return answer
}

func readJSON(t *testing.T, name string, into any) {
	t.Helper()
	data, err := os.ReadFile(name)
	if err == nil {
		err = json.Unmarshal(data, into)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func writeJSON(t *testing.T, name string, value any) {
	t.Helper()
	data, err := json.Marshal(value)
	if err == nil {
		err = os.WriteFile(name, data, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// parseFiles parses files[".gitleaks.toml"].
func parseFiles(files map[string]string) (*UserConfig, error) {
	return ParseConfig(".gitleaks.toml", []byte(files[".gitleaks.toml"]), func(path string) ([]byte, error) {
		if text, ok := files[path]; ok {
			return []byte(text), nil
		}
		return nil, &os.PathError{Op: "open", Path: path, Err: os.ErrNotExist}
	})
}

// findPlaced returns what the rules find in the text and in its path, as the oracle does.
func findPlaced(t *testing.T, s *Set, text placed) []string {
	t.Helper()
	place, err := s.Place(text.Path)
	if err != nil {
		t.Fatal(err)
	}
	all := found(text.Text, s.Finder().Find([]byte(text.Text), place))
	for _, id := range place.ByPath() {
		all = append(all, id+" ")
	}
	slices.Sort(all)
	return all
}

// placedTexts returns texts in which default rules and those of [userConfigs] find
// something, each in files of several kinds.
func placedTexts(t testing.TB) []placed {
	t.Helper()
	g := newGenerator(20261122)
	hex, word := g.matching(t, `[0-9a-f]{32}`), g.matching(t, `[a-z]{8}`)
	texts := []string{
		`apiKey = "` + hex + `"`,
		`acme_` + hex + "\n",
		"first\nkey = ACME_" + hex + " # rotated\nlast " + word + "\n",
		`acme_test` + hex[:28] + ` acme_` + hex + ` other`,
		`acme:id=` + word + `;key=` + hex + `;`,
		`acme:id=` + word + `;key=` + strings.Repeat("ab", 16) + `;`,
		"line one\n// acme_" + hex + " in a comment\n",
		"zz " + hex + " zz",
		`botToken: "xoxb-` + g.matching(t, `[0-9]{12}-[0-9]{12}-[a-zA-Z0-9]{24}`) + `"`,
		`key: ` + "AKIA" + g.matching(t, `[A-Z2-7]{16}`) + "\n",
		`aws_access_key_id = ` + "AKIA" + g.matching(t, `[A-Z2-7]{9}`) + "EXAMPLE\n",
		`token = "gh` + `p_` + g.matching(t, `[0-9a-zA-Z]{36}`) + `"`,
		"nothing here\n",
	}
	var all []placed
	for _, path := range []string{"", "src/app.go", "test/fixtures/app.json", "deploy/values.yaml", "keys/id.p12", "go.sum"} {
		for _, text := range texts {
			all = append(all, placed{path, text})
		}
	}
	return all
}

// A rule for the texts of [placedTexts], and the same for part of a configuration.
const acme = `
[[rules]]
id = "acme"
description = "an Acme key"
regex = '''(?i)acme_([0-9a-z]{32})'''
keywords = ["ACME_"]
`

const useDefault = "[extend]\nuseDefault = true\n"

// userConfigs are configurations that gitleaks and we understand in the same way.
var userConfigs = []struct {
	name  string
	main  string
	files map[string]string // others, by name
}{
	{"default rule disabled", useDefault + "disabledRules = ['generic-api-key', 'no-such-rule']\n", nil},
	{"default rule disabled and written anew", useDefault + `disabledRules = ["generic-api-key"]` + "\n" +
		`[[rules]]` + "\n" + `id = "generic-api-key"` + "\n" + `regex = "apiKey = (.{9})"`, nil},
	{"entropy of a default rule", useDefault + "[[rules]]\nid = 'generic-api-key'\nentropy = 4.5\n", nil},
	{"entropy as an integer", useDefault + "[[rules]]\nid = 'generic-api-key'\nentropy = 1\n", nil},
	{"expression of a default rule", useDefault + "[[rules]]\nid = 'slack-bot-token'\nregex = 'zz ([0-9a-f]{32}) zz'\nkeywords = ['zz']\n", nil},
	{"expression of a default rule, its keywords", useDefault + "[[rules]]\nid = 'slack-bot-token'\nregex = 'acme_[0-9a-f]{32}'\n", nil},
	{"keywords of a default rule", useDefault + "[[rules]]\nid = 'aws-access-token'\nregex = '''[0-9a-f]{32}'''\nkeywords = ['acme']\n", nil},
	{"path of a default rule", useDefault + "[[rules]]\nid = 'generic-api-key'\npath = '\\.json$'\n", nil},
	{"group of a default rule", useDefault + "[[rules]]\nid = 'slack-bot-token'\nregex = '(b)ot(Token)'\nkeywords = ['bot']\nsecretGroup = 2\n", nil},
	{"expression of a rule that has only a path", useDefault + "[[rules]]\nid = 'pkcs12-file'\nregex = 'acme_[0-9a-f]+'\n", nil},
	{"list of a default rule", useDefault + "[[rules]]\nid = 'generic-api-key'\n[[rules.allowlists]]\npaths = ['^test/']\n", nil},
	{"list of a default rule, older spelling", useDefault + "[[rules]]\nid = 'aws-access-token'\n[rules.allowlist]\nregexTarget = 'line'\nregexes = ['^key']\n", nil},
	{"secret group", "[[rules]]\nid = 'acme-pair'\nregex = 'acme:id=(\\w+);key=([0-9a-f]+);'\nsecretGroup = 2\n", nil},
	{"secret group and entropy", "[[rules]]\nid = 'acme-pair'\nregex = 'acme:id=(\\w+);key=([0-9a-f]+);'\nsecretGroup = 2\nentropy = 2\n", nil},
	{"first group that is not empty", "[[rules]]\nid = 'acme-pair'\nregex = 'acme:(x)?id=(\\w+);key=([0-9a-f]+);'\n", nil},
	{"group below zero", "[[rules]]\nid = 'acme-pair'\nregex = 'acme:id=(\\w+);'\nsecretGroup = -1\n", nil},
	{"entropy below zero", "[[rules]]\nid = 'acme-pair'\nregex = 'acme:id=(\\w+);'\nentropy = -1.0\n", nil},
	{"rule with a path", acme + "path = '''(?i)\\.GO$'''\n", nil},
	{"rule with a path alone", "[[rules]]\nid = 'values'\npath = 'values\\.ya?ml$'\n", nil},
	{"rule with a path alone, and a global list", "[[rules]]\nid = 'files'\npath = '\\w'\n[[allowlists]]\ncondition = '&&'\npaths = ['test/']\n", nil},
	{"rule without keywords", "[[rules]]\nid = 'hex'\nregex = '\\b[0-9a-f]{32}\\b'\n", nil},
	{"rule with short keywords", "[[rules]]\nid = 'hex'\nregex = '\\b[0-9a-f]{32}\\b'\nkeywords = ['zz', 'nowhere']\n", nil},
	{"rule with a keyword that is elsewhere", "[[rules]]\nid = 'hex'\nregex = '[0-9a-f]{32}'\nkeywords = ['other', 'Rotated']\n", nil},
	{"ends of a text and of lines", "[[rules]]\nid = 'begin'\nregex = '^acme_(.+)'\n[[rules]]\nid = 'lines'\nregex = '(?m)^.*acme.*$'\n" +
		"[[rules]]\nid = 'end'\nregex = '(\\w+)\\z'\n[[rules]]\nid = 'both'\nregex = '(?s)first.*?last'\n", nil},
	{"the same rule twice", acme + "[[rules]]\nid = 'acme'\nregex = 'acme:id=(\\w+)'\n", nil},
	{"rule that is called generic", "[[rules]]\nid = 'My-Generic'\nregex = '[0-9a-f]{32}'\n" + acme, nil},
	{"rule that is not reported", acme + "skipReport = true\n", nil},
	{"default rule that is not reported", useDefault + "[[rules]]\nid = 'generic-api-key'\nskipReport = true\n", nil},
	{"names in another letter case", "[Extend]\nUSEDEFAULT = true\nDisabledrules = ['slack-bot-token']\n[[Rules]]\nID = 'x'\nREGEX = 'acme_\\w+'\n", nil},
	{"another version", "title = 't'\nminVersion = 'v99.0.0'\n" + acme, nil},

	{"stop words", acme + "[[rules.allowlists]]\nstopwords = ['TEST', '']\n", nil},
	{"expressions against the secret", acme + "[[rules.allowlists]]\nregexes = ['^test', 'acme']\n", nil},
	{"expressions against the secret, said", acme + "[[rules.allowlists]]\nregexTarget = 'secret'\nregexes = ['^test']\n", nil},
	{"expressions against the match", acme + "[[rules.allowlists]]\nregexTarget = 'match'\nregexes = ['^acme_test']\n", nil},
	{"expressions against the line", acme + "[[rules.allowlists]]\nregexTarget = 'line'\nregexes = ['rotated', '^\\s*//']\n", nil},
	{"a flag reaches the next expression", acme + "[[rules.allowlists]]\nregexTarget = 'match'\nregexes = ['nothing(?i)', 'ACME_T']\n", nil},
	{"paths", acme + "[[rules.allowlists]]\npaths = ['^test/', '(?i)\\.YAML$']\n", nil},
	{"path or stop word", acme + "[[rules.allowlists]]\ncondition = 'or'\npaths = ['^test/']\nstopwords = ['test']\n", nil},
	{"path and stop word", acme + "[[rules.allowlists]]\ncondition = 'And'\npaths = ['^test/']\nstopwords = ['test']\n", nil},
	{"path and expression", acme + "[[rules.allowlists]]\ncondition = 'AND'\npaths = ['^src/', '^test/']\nregexTarget = 'line'\nregexes = ['other', 'comment']\n", nil},
	{"commit and path", acme + "[[rules.allowlists]]\ncondition = 'AND'\ncommits = ['abc']\npaths = ['.']\n", nil},
	{"commit or path", acme + "[[rules.allowlists]]\ncommits = ['abc']\npaths = ['^src/']\n", nil},
	{"two lists", acme + "[[rules.allowlists]]\nstopwords = ['test']\n[[rules.allowlists]]\npaths = ['^deploy/']\n", nil},

	{"global list", acme + "[[allowlists]]\nstopwords = ['test']\npaths = ['^src/']\n", nil},
	{"global list, older spelling", acme + "[allowlist]\nregexes = ['^test']\n", nil},
	{"global list beside the default one", useDefault + acme + "[allowlist]\npaths = ['^src/']\n", nil},
	{"global list with a path and a word", useDefault + acme + "[[allowlists]]\ncondition = 'AND'\npaths = ['^src/']\nstopwords = ['test', 'xoxb']\n", nil},
	{"list for own and default rules", useDefault + acme + "[[allowlists]]\ntargetRules = ['acme', 'generic-api-key']\npaths = ['^src/']\n", nil},
	{"list for one rule, older spelling", useDefault + acme + "[allowlist]\ntargetRules = ['slack-bot-token']\nstopwords = ['xoxb']\n", nil},
	{"two lists for a default rule", useDefault + "[[allowlists]]\ntargetRules = ['slack-bot-token']\npaths = ['^src/']\n" +
		"[[allowlists]]\ntargetRules = ['slack-bot-token']\npaths = ['^test/']\n", nil},

	{"another file", "[extend]\npath = 'base.toml'\n[[rules]]\nid = 'acme'\nentropy = 3.6\n", map[string]string{"base.toml": acme + "[[allowlists]]\npaths = ['^src/']\n"}},
	{"another file without one of its rules", "[extend]\npath = 'base.toml'\ndisabledRules = ['acme']\n[[rules]]\nid = 'x'\nregex = 'zz'\n", map[string]string{"base.toml": acme}},
	{"another file that extends the default rules", "[extend]\npath = 'base.toml'\ndisabledRules = ['slack-bot-token']\n[[rules]]\nid = 'generic-api-key'\nentropy = 3.9\n", map[string]string{"base.toml": useDefault + "disabledRules = ['aws-access-token']\n" + acme}},
	{"three files, of which the last extends nothing", "[extend]\npath = 'one.toml'\n", map[string]string{"one.toml": "[extend]\npath = 'two.toml'\n" + acme, "two.toml": useDefault + "path = 'three.toml'\n[[rules]]\nid = 'zz'\nregex = 'zz'\n"}},
	{"a file that extends itself", "[extend]\npath = 'one.toml'\n" + acme, map[string]string{"one.toml": "[extend]\npath = 'one.toml'\n[[rules]]\nid = 'zz'\nregex = 'zz'\n"}},
	{"lists for rules in another file", "[extend]\npath = 'base.toml'\n", map[string]string{"base.toml": acme + "[[allowlists]]\ntargetRules = ['acme']\npaths = ['.']\n"}},
	{"list for a rule in another file", "[extend]\npath = 'base.toml'\n[[allowlists]]\ntargetRules = ['acme']\npaths = ['^src/']\n", map[string]string{"base.toml": acme}},
	{"composite rule of another file, disabled", "[extend]\npath = 'base.toml'\ndisabledRules = ['acme']\n[[rules]]\nid = 'x'\nregex = 'zz'\n", map[string]string{"base.toml": acme + "[[rules.required]]\nid = 'acme'\n"}},
	{"rule of another file that is not reported", "[extend]\npath = 'base.toml'\n[[rules]]\nid = 'acme'\nskipReport = false\nentropy = 1.0\n", map[string]string{"base.toml": acme + "skipReport = true\n"}},
}

// sameAs names the configurations of [userConfigs] that find what a simpler one does: "",
// acme, useDefault or both.
var sameAs = map[string]string{
	"default rule that is not reported":         useDefault,
	"rule that is not reported":                 "",
	"rule of another file that is not reported": "",
	"another version":                           acme,
	"commit and path":                           acme,
	"lists for rules in another file":           acme,
}

// TestUserConfigEqualsGitleaks compares with gitleaks' own detector. What changes nothing
// tests nothing, so every configuration has to differ from the simple ones.
func TestUserConfigEqualsGitleaks(t *testing.T) {
	texts := placedTexts(t)
	simple := map[string][][]string{}
	for _, text := range []string{"", acme, useDefault, useDefault + acme} {
		simple[text] = equalsGitleaks(t, map[string]string{".gitleaks.toml": text}, texts)
	}
	for _, test := range userConfigs {
		t.Run(test.name, func(t *testing.T) {
			files := map[string]string{".gitleaks.toml": test.main}
			maps.Copy(files, test.files)
			findings := equalsGitleaks(t, files, texts)
			like, same := sameAs[test.name]
			for text, others := range simple {
				if equal := slices.EqualFunc(findings, others, slices.Equal); equal != (same && text == like) {
					t.Errorf("finds the same as %q: %v", text, equal)
				}
			}
		})
	}
}

// equalsGitleaks checks that we find in the texts what gitleaks finds, and returns it.
func equalsGitleaks(t *testing.T, files map[string]string, texts []placed) [][]string {
	t.Helper()
	c, err := parseFiles(files)
	if err != nil {
		t.Fatal(err)
	}
	want := askOracle(t, files, texts)
	if want.Refused {
		t.Fatal("gitleaks refuses this")
	}
	set := New(Options{Config: c, GitleaksOnly: true})
	for i, text := range texts {
		if got := findPlaced(t, set, text); !slices.Equal(got, want.Found[i]) {
			t.Errorf("in %q of %q\n got %q\nwant %q", text.Text, text.Path, got, want.Found[i])
		}
	}
	if err := set.Err(); err != nil {
		t.Fatal(err)
	}
	return want.Found
}

// TestCopyOfDefaultConfig: people begin with a copy of gitleaks' own file.
func TestCopyOfDefaultConfig(t *testing.T) {
	c, err := ParseConfig("copy.toml", []byte(config.DefaultConfig), nil)
	if err != nil {
		t.Fatal(err)
	}
	set, defaults := New(Options{Config: c}), New(Options{})
	total := 0
	for _, text := range lines(t, 3) {
		want := found(text, defaults.Find(text))
		if got := found(text, set.Find(text)); !slices.Equal(got, want) {
			t.Errorf("in %q\n got %q\nwant %q", text, got, want)
		}
		total += len(want)
	}
	if err := set.Err(); err != nil || total < 400 {
		t.Errorf("%d findings, error %v", total, err)
	}
}

func TestOwnRulesStay(t *testing.T) {
	g := newGenerator(5)
	openRouter, known := g.matching(t, `sk-or-v1-[0-9a-f]{64}`), g.matching(t, `[a-z]{20}`)
	c, err := ParseConfig("own.toml", []byte(acme+"[[allowlists]]\nregexes = ['.']\npaths = ['.']\n"), nil)
	if err != nil {
		t.Fatal(err)
	}
	set := New(Options{Config: c, Known: []Known{{Rule: "from-config", Value: known}}})
	text := openRouter + " " + known + " acme_" + known + "012345678901"
	want := []string{"openrouter-api-key " + openRouter, "from-config " + known, "from-config " + known}
	if got := found(text, set.Find(text)); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if r, ok := set.Rule("acme"); !ok || r != (Rule{"acme", "an Acme key", DetectorGitleaks}) {
		t.Errorf("rule is described as %+v", r)
	}
	if _, ok := set.Rule("aws-access-token"); ok {
		t.Error("default rule is there, though the configuration does not extend it")
	}
	if err := set.Err(); err != nil {
		t.Error(err)
	}
}

func TestDescriptionIsChanged(t *testing.T) {
	c, err := ParseConfig("own.toml", []byte(useDefault+"[[rules]]\nid = 'generic-api-key'\ndescription = 'changed'\n[[rules]]\nid = 'aws-access-token'\n"), nil)
	if err != nil {
		t.Fatal(err)
	}
	set := New(Options{Config: c})
	generic, _ := set.Rule("generic-api-key")
	aws, _ := set.Rule("aws-access-token")
	if want, _ := New(Options{}).Rule("aws-access-token"); generic.Description != "changed" || aws != want {
		t.Errorf("rules are described as %+v and %+v", generic, aws)
	}
}

// TestVersionTellsConfigsApart: what was remembered under one configuration does not hold
// under another.
func TestVersionTellsConfigsApart(t *testing.T) {
	main := "[extend]\npath = 'base.toml'\n"
	versions := map[string]string{New(Options{}).Version(): "none"}
	for _, files := range []map[string]string{
		{}, {".gitleaks.toml": acme}, {".gitleaks.toml": useDefault}, {".gitleaks.toml": main}, {".gitleaks.toml": main, "base.toml": acme},
	} {
		files["base.toml"] += "" // there, if only empty
		var sets [2]string
		for i := range sets {
			c, err := parseFiles(files)
			if err != nil {
				t.Fatal(err)
			}
			sets[i] = New(Options{Config: c}).Version()
		}
		if other, taken := versions[sets[0]]; taken || sets[0] != sets[1] {
			t.Errorf("%q has the versions %q; the first is also that of %q", files, sets, other)
		}
		versions[sets[0]] = files[".gitleaks.toml"]
	}
}

// hidden stands in configurations where a secret could: no error may show it.
const hidden = "hunter22"

func TestParseConfigRefuses(t *testing.T) {
	const list = "[[rules.allowlists]]\n"
	for _, test := range []struct {
		name, main string
		base       string // base.toml
		want       string
		ours       bool // gitleaks understands it
	}{
		{"no TOML", "title = 't'\n  x = '" + hidden, "", ".gitleaks.toml: line 2, column 15 is not valid TOML", false},
		{"text where a list should be", "[[rules]]\nid = 'x'\nregex = 'x'\nkeywords = '" + hidden + "'", "", `rule "x": a value has the wrong type`, false},
		{"a list where text should be", acme + "path = ['" + hidden + "']", "", `.gitleaks.toml: rule "acme": a value has the wrong type`, false},
		{"one global list without brackets", acme + "[allowlists]\nregexes = ['" + hidden + "']", "", ".gitleaks.toml: a value has the wrong type", false},
		{"no id", acme + "[[rules]]\nregex = '" + hidden + "'", "", "rule number 2 has no id", false},
		{"blank id", "[[rules]]\nid = ' '\nregex = 'x'", "", "rule number 1 has no id", false},
		{"neither expression nor path", "[[rules]]\nid = 'x'\ndescription = '" + hidden + "'", "", `rule "x": has neither`, false},
		{"expression", "[[rules]]\nid = 'x'\nregex = '" + hidden + "('", "", `rule "x": regex: an expression does not compile`, false},
		{"path", "[[rules]]\nid = 'x'\npath = '" + hidden + "('", "", `rule "x": path: an expression does not compile`, false},
		{"secret group", acme + "secretGroup = 2", "", `rule "acme": secretGroup is 2, but regex has 1`, false},
		{"secret group of a default rule", useDefault + "[[rules]]\nid = 'generic-api-key'\nsecretGroup = 9", "", `rule "generic-api-key": secretGroup is 9`, false},
		{"empty list", acme + list, "", `rule "acme": allow-list number 1: has no commits`, false},
		{"empty global list", acme + "[allowlist]", "", ".gitleaks.toml: allow-list number 1: has no commits", false},
		{"both spellings", acme + list + "stopwords = ['x']\n[rules.allowlist]\nstopwords = ['x']", "", `rule "acme": has both`, false},
		{"both global spellings", acme + "[allowlist]\nstopwords = ['x']\n[[allowlists]]\nstopwords = ['x']", "", ".gitleaks.toml: has both", false},
		{"condition", acme + list + "stopwords = ['x']\ncondition = '" + hidden + "'", "", `rule "acme": allow-list number 1: condition`, false},
		{"target", acme + list + "stopwords = ['x']\nregexTarget = '" + hidden + "'", "", `rule "acme": allow-list number 1: regexTarget`, false},
		{"target in capitals", acme + list + "stopwords = ['x']\nregexTarget = 'LINE'", "", "regexTarget", false},
		{"list's expression", acme + list + "regexes = ['x', '" + hidden + "[']", "", "allow-list number 1: regexes: an expression", false},
		{"list's expressions balance each other", acme + list + "regexes = ['a)', '(b']", "", "allow-list number 1: regexes: an expression", false},
		{"list's expressions together", acme + list + "regexes = ['\\Qa', 'b']", "", "allow-list number 1: regexes: an expression", false},
		{"list's path", acme + "[[allowlists]]\npaths = ['" + hidden + "[']", "", "allow-list number 1: paths: an expression", false},
		{"list for no rule", acme + "[[allowlists]]\ntargetRules = ['acme', 'y']\nstopwords = ['x']", "", `allow-list is for rule "y"`, false},
		{"list for a disabled rule", useDefault + "disabledRules = ['generic-api-key']\n[[allowlists]]\ntargetRules = ['generic-api-key']\nstopwords = ['x']", "", `allow-list is for rule "generic-api-key"`, false},
		{"two to extend", useDefault + "path = 'base.toml'", acme, "extend has both", false},
		{"two to extend, one file on", "[extend]\npath = 'base.toml'", useDefault + "path = 'base.toml'", ".gitleaks.toml: base.toml: extend has both", false},
		{"nothing to extend", "[extend]\npath = 'no-such-file.toml'", "", ".gitleaks.toml: configuration that it extends: open no-such-file.toml", false},
		{"what it extends", "[extend]\npath = 'base.toml'", "x = '" + hidden, ".gitleaks.toml: base.toml: line 1, column", false},
		{"disabled, but it does not compile", "[extend]\npath = 'base.toml'\ndisabledRules = ['x']", "[[rules]]\nid = 'x'\nregex = '('", `base.toml: rule "x": regex: an expression`, false},

		{"composite rule", acme + "[[rules.required]]\nid = 'acme'", "", `rule "acme": rules.required is not supported`, true},
		{"composite rule in another file", "[extend]\npath = 'base.toml'\n[[rules]]\nid = 'acme'\nentropy = 1", acme + "[[rules.required]]\nid = 'acme'", `rule "acme": rules.required is not supported`, true},
		{"empty keyword", "[[rules]]\nid = 'x'\nregex = 'x'\nkeywords = ['']", "", `rule "x": a keyword is empty`, true},
		{"keywords for a path alone", "[[rules]]\nid = 'x'\npath = 'x'\nkeywords = ['x']", "", `rule "x": keywords beside a path alone`, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			files := map[string]string{".gitleaks.toml": test.main, "base.toml": test.base}
			_, err := parseFiles(files)
			if err == nil || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), hidden) {
				t.Errorf("error is %v, want one with %q and without %q", err, test.want, hidden)
			}
			if refused := askOracle(t, files, nil).Refused; refused == test.ours {
				t.Errorf("gitleaks refuses it: %v", refused)
			}
		})
	}
}

// FuzzParseConfig: no error shows what is in the file, save the IDs of rules and the path of
// what it extends; and what is accepted can be searched with.
func FuzzParseConfig(f *testing.F) {
	for _, test := range userConfigs {
		middle := strings.LastIndex(test.main, "'")
		f.Add(test.main[:max(middle, 0)], test.main[max(middle, 0):], "acme_")
	}
	f.Add("[[rules]]\nid = 'x'\nregex = '(", "'\n", "x")
	f.Add("[[rules]]\nid = 'x'\nregex = '", "[a-z]{0,20}?key'\n", "key=")
	ids := regexp.MustCompile(`rule "(?:[^"\\]|\\.)*"`)
	f.Fuzz(func(t *testing.T, head, tail, text string) {
		extended := "fuzz.toml"
		c, err := ParseConfig("fuzz.toml", []byte(head+hidden+tail), func(path string) ([]byte, error) {
			extended = path
			return []byte(tail), nil
		})
		if err != nil {
			message := ids.ReplaceAllString(strings.ReplaceAll(err.Error(), extended, ""), "")
			if strings.Contains(message, hidden) {
				t.Errorf("error shows the file: %s", message)
			}
			return
		}
		set := New(Options{Config: c, GitleaksOnly: true})
		findPlaced(t, set, placed{"dir/" + head, text + hidden})
		if err := set.Err(); err != nil {
			t.Errorf("accepted, but: %v", err)
		}
	})
}

// BenchmarkUserConfig is what a configuration adds to a run: parsing it, and the first
// search.
func BenchmarkUserConfig(b *testing.B) {
	changed := useDefault + "disabledRules = ['slack-bot-token']\n" + acme + "[[rules]]\nid = 'generic-api-key'\nentropy = 4.5\n"
	for _, test := range []struct{ name, text string }{{"own", acme}, {"changed", changed}, {"copy", config.DefaultConfig}} {
		b.Run(test.name, func(b *testing.B) {
			for b.Loop() {
				c, err := ParseConfig("own.toml", []byte(test.text), nil)
				if err != nil {
					b.Fatal(err)
				}
				New(Options{Config: c}).Find("nothing here")
			}
		})
	}
}
