package rules

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/BurntSushi/toml"
	"github.com/zricethezav/gitleaks/v8/config"
	"github.com/zricethezav/gitleaks/v8/detect"

	"github.com/clawsecrets/clawsecrets/internal/corpus"
)

// oracle returns gitleaks' own detector, set to ignore the comment gitleaks:allow as
// [Set.Find] does. By default it decodes nothing, and here no text has a path.
func oracle(t testing.TB) *detect.Detector {
	t.Helper()
	detector, err := detect.NewDetectorDefaultConfig()
	if err != nil {
		t.Fatalf("gitleaks does not start: %v", err)
	}
	detector.IgnoreGitleaksAllow = true
	return detector
}

// libraryConfig returns gitleaks' default configuration in the library's own types.
func libraryConfig(t testing.TB) config.ViperConfig {
	t.Helper()
	var parsed config.ViperConfig
	if _, err := toml.Decode(config.DefaultConfig, &parsed); err != nil {
		t.Fatalf("default rules do not parse: %v", err)
	}
	return parsed
}

// lines returns texts for every gitleaks rule: what its expression matches, alone, in
// config lines, several in one text, and damaged.
func lines(t testing.TB, perRule int) []string {
	t.Helper()
	g := newGenerator(20260124)
	names := []string{"token", "apiKey", "API_KEY", "clientSecret", "password", "name", "url", "x-auth"}
	previous := "first line"
	var texts []string
	for _, r := range libraryConfig(t).Rules {
		if r.Regex == "" {
			continue
		}
		for i := range perRule {
			sample := g.matching(t, r.Regex)
			name := names[g.rand.IntN(len(names))]
			text := sample
			switch i % 7 {
			case 1:
				text = fmt.Sprintf("%s = %q", name, sample)
			case 2:
				text = fmt.Sprintf(`  "%s": "%s",`, name, sample)
			case 3:
				text = name + "=" + sample
			case 4:
				text = previous + "\n" + sample + "\n" + name + ": " + sample
			case 5:
				text = g.mutate(sample)
			case 6:
				text = g.mutate(name + ` = "` + sample + `"`)
			}
			texts = append(texts, text)
			previous = sample
		}
	}
	return append(texts, allowedLines(t, g)...)
}

// allowedLines returns texts that the allow-lists speak about: what each of their
// expressions and some of their words match, as a secret, in one, and beside one, in
// both letter cases.
func allowedLines(t testing.TB, g generator) []string {
	t.Helper()
	parsed := libraryConfig(t)
	//lint:ignore SA1019 the default config still has its list under the old name
	regexes, words := parsed.AllowList.Regexes, parsed.AllowList.StopWords
	for _, r := range parsed.Rules {
		for _, list := range r.Allowlists {
			regexes = append(regexes, list.Regexes...)
			for i := 0; i < len(list.StopWords); i += 10 {
				words = append(words, list.StopWords[i])
			}
		}
	}
	allowed := words
	for _, regex := range regexes {
		for range 8 {
			allowed = append(allowed, g.matching(t, regex))
		}
	}
	var texts []string
	for _, sample := range allowed {
		if g.rand.IntN(3) == 0 {
			sample = strings.ToUpper(sample)
		}
		random := g.matching(t, `[0-9a-z]{24}`)
		texts = append(texts,
			`apiKey = "`+sample+`"`,
			`apiKey = "`+random[:12]+sample+random[12:]+`"`,
			sample+` token = "`+random+`"`,
			sample+"\n"+`token = "`+random+`"`+"\n",
			`curl -H "Authorization: Bearer `+sample+`" https://example.com`)
	}
	return texts
}

// comparison is what gitleaks and we have found in some texts.
type comparison struct {
	findings, explained int
	fired               map[string]bool
	differences         []string
}

// compare runs gitleaks' own detector and ours over texts.
func compare(detector *detect.Detector, set *Set, texts []string) comparison {
	c := comparison{fired: map[string]bool{}}
	for _, text := range texts {
		var want, got []string
		for _, f := range detector.DetectString(text) {
			want = append(want, f.RuleID+" "+f.Secret)
			c.fired[f.RuleID] = true
		}
		for _, m := range set.Find(text) {
			got = append(got, m.Rule+" "+text[m.Start:m.End])
		}
		slices.Sort(want)
		slices.Sort(got)
		c.findings += len(want)
		if strings.Contains(text, "\n") {
			all := len(want)
			theirs := slices.Clone(want)
			want = slices.DeleteFunc(want, func(finding string) bool { return displaced(finding, theirs, got) })
			c.explained += all - len(want)
		}
		if !slices.Equal(got, want) {
			c.differences = append(c.differences, fmt.Sprintf("in %q\n got %q\nwant %q", text, got, want))
		}
	}
	return c
}

// compareAll does so on all cores.
func compareAll(t testing.TB, set *Set, texts []string) comparison {
	var group sync.WaitGroup
	workers := runtime.GOMAXPROCS(0)
	parts := make([]comparison, workers)
	for i := range parts {
		detector := oracle(t) // one after the other: they are made through a global variable
		group.Go(func() {
			parts[i] = compare(detector, set, texts[i*len(texts)/workers:(i+1)*len(texts)/workers])
		})
	}
	group.Wait()
	all := comparison{fired: map[string]bool{}}
	for _, part := range parts {
		all.findings += part.findings
		all.explained += part.explained
		maps.Copy(all.fired, part.fired)
		all.differences = append(all.differences, part.differences...)
	}
	for _, difference := range all.differences[:min(len(all.differences), 20)] {
		t.Error(difference)
	}
	if err := set.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

// TestEqualsGitleaks compares rule and secret with gitleaks' own detector, over 70,000
// lines made from the expressions of its rules. Our shape rules are left out, for they
// also displace generic matches.
func TestEqualsGitleaks(t *testing.T) {
	perRule := 310
	if testing.Short() {
		perRule = 7
	}
	texts := lines(t, perRule)
	c := compareAll(t, New(Options{GitleaksOnly: true}), texts)
	t.Logf("%d texts, %d findings of %d rules, %d generic ones displaced across lines, %d differences",
		len(texts), c.findings, len(c.fired), c.explained, len(c.differences))
	if c.explained > len(texts)/500 {
		t.Errorf("%d generic findings are missing: too many to be displaced across lines", c.explained)
	}
	if len(texts) < 3000 || c.findings < len(texts)/2 || len(c.fired) < 200 {
		t.Errorf("%d texts with %d findings of %d rules compare too little", len(texts), c.findings, len(c.fired))
	}
}

// TestEqualsGitleaksOnTranscripts compares over whole records, as they are in the file.
func TestEqualsGitleaksOnTranscripts(t *testing.T) {
	size := int64(6 << 20)
	if testing.Short() {
		size = 1 << 20
	}
	dir := t.TempDir()
	if _, err := corpus.Write(dir, corpus.Of(size)); err != nil {
		t.Fatal(err)
	}
	names, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(names) == 0 {
		t.Fatalf("no corpus: %v", err)
	}
	var records []string
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		records = append(records, strings.Split(strings.TrimSuffix(string(data), "\n"), "\n")...)
	}
	c := compareAll(t, New(Options{GitleaksOnly: true}), records)
	t.Logf("%d records, %d findings of %d rules, %d differences", len(records), c.findings, len(c.fired), len(c.differences))
	if c.findings == 0 {
		t.Error("nothing to compare")
	}
}

// displaced reports whether the finding is a generic one that we leave out for a
// finding of another rule that has the same secret in it.
func displaced(finding string, want, got []string) bool {
	secret, generic := strings.CutPrefix(finding, "generic-api-key ")
	return generic && !slices.Contains(got, finding) && slices.ContainsFunc(want, func(other string) bool {
		rule, better, _ := strings.Cut(other, " ")
		return rule != "generic-api-key" && strings.Contains(better, secret)
	})
}

// TestGitleaksRulesAreUnderstood fails when a new version of the library uses a
// feature that this package does not have.
func TestGitleaksRulesAreUnderstood(t *testing.T) {
	parsed := libraryConfig(t)
	for _, r := range parsed.Rules {
		if len(r.Required) > 0 || r.SkipReport {
			t.Errorf("rule %s depends on other rules, which is not implemented", r.ID)
		}
		for _, list := range r.Allowlists {
			if !slices.Contains([]string{"", "secret", "match", "line"}, list.RegexTarget) {
				t.Errorf("rule %s: allow-list looks at %q, which is not implemented", r.ID, list.RegexTarget)
			}
		}
	}
	if parsed.Extend.Path != "" || parsed.Extend.UseDefault {
		t.Error("the default rules extend others, which is not implemented")
	}
}

func TestEveryGitleaksRuleIsThere(t *testing.T) {
	set := New(Options{})
	for _, r := range libraryConfig(t).Rules {
		got, found := set.Rule(r.ID)
		if !found || got.ID != r.ID || got.Description != r.Description || got.Detector != DetectorGitleaks {
			t.Errorf("rule %s is described as %+v", r.ID, got)
		}
	}
}

func TestEveryExpressionCompiles(t *testing.T) {
	set := New(Options{})
	if err := set.Err(); err != nil {
		t.Fatal(err)
	}
	check := func(id string, expressions ...*lazyRegexp) {
		for _, expression := range expressions {
			if _, err := expression.compiled(); err != nil {
				t.Errorf("%s: %v", id, err)
			}
		}
	}
	lists := func(id string, lists []*allowlist) {
		for _, list := range lists {
			check(id, list.regex...)
			check(id, list.path...)
		}
	}
	global, err := set.library.lists()
	if err != nil {
		t.Fatal(err)
	}
	lists("global", global)
	for _, r := range set.rules {
		b, err := r.load()
		if err != nil {
			t.Fatal(err)
		}
		check(r.id, &b.regex)
		check(r.id, b.path...)
		lists(r.id, b.allowlists)
	}
}
