package rules

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/clawsecrets/clawsecrets/internal/sieve"
)

// everywhere are the places in which a token that shows by itself what it is has to
// be found, whoever wrote them: a person, a program, a shell, JSON in JSON.
var everywhere = []string{
	`§`, `key = "§"`, `{"a":"§"}`, `{\"a\":\"§\"}`, `{\\\"a\\\":\\\"§\\\"}`, `first line\n§\nlast`, `a\t§`,
	`say §, and (§).`, `KEY=§`, "`§`", `?key=§&a=b`, "line\n§\nline", `Bearer §`, `/§/`, `it is §.`, `is it §?`,
	"§,§", "§ § §", `[§]`, `{§}`, `<§>`, `'§'`, `“§”`, `§;`, `§|x`, `a:§`, `key%3D§%26a`, `key\u003d§\u0026a`,
	"\x1b[1;32m§\x1b[0m", `- §`, "§\r\n", "\t§\t", `§…`, `密钥是§。`, `**§**`, `$ echo §>file`,
}

// placeholder stands for a text that an expression matches.
var placeholder = regexp.MustCompile(`⟪(.*?)⟫`)

// expand replaces the marks of an example: § by the secret, ⟪expression⟫ by a text
// that it matches.
func (g generator) expand(t testing.TB, example, secret string) string {
	t.Helper()
	example = placeholder.ReplaceAllStringFunc(example, func(mark string) string {
		return g.matching(t, placeholder.FindStringSubmatch(mark)[1])
	})
	return strings.ReplaceAll(example, "§", secret)
}

// secret returns a secret that the rule has to find.
func (s shapeRule) secret(t testing.TB, g generator) string {
	t.Helper()
	form := s.sample
	if form == "" {
		form = strings.TrimPrefix(s.Regex, before)
		if form == s.Regex {
			_, form, _ = strings.Cut(s.Regex, `)(`)
			form = "(" + form
		}
	}
	return g.matching(t, form)
}

// finds returns what the rule alone finds in text, by the meaning of its fields: the
// first group of the expression that took part, if accept has nothing against it.
func (s shapeRule) finds(re *regexp.Regexp, text string) []string {
	var secrets []string
	for _, groups := range re.FindAllStringSubmatchIndex(text, -1) {
		for i := 2; i < len(groups); i += 2 {
			if groups[i] < 0 {
				continue
			}
			if s.accept(text, groups[i], groups[i+1]) {
				secrets = append(secrets, text[groups[i]:groups[i+1]])
			}
			break
		}
	}
	return secrets
}

func TestShapeRules(t *testing.T) {
	const rounds = 3
	set := New(Options{})
	for i, shape := range shapeRules() {
		t.Run(shape.ID, func(t *testing.T) {
			if len(shape.yes) < 3 || len(shape.no) < 3 {
				t.Fatalf("%d true and %d false positives are too few", len(shape.yes), len(shape.no))
			}
			re, g := regexp.MustCompile(shape.Regex), newGenerator(uint64(i))
			yes := shape.yes
			if slices.Contains(yes, "§") {
				yes = append(slices.Clone(everywhere), yes...)
			}
			for range rounds {
				for _, example := range yes {
					secret := shape.secret(t, g)
					text := g.expand(t, example, secret)
					want := slices.Repeat([]string{secret}, strings.Count(example, "§"))
					if got := shape.finds(re, text); !slices.Equal(got, want) {
						t.Errorf("%q: in %q\n got %q\nwant %q", example, text, got, want)
					}
					if !covers(text, secret, set.Find(text)) {
						t.Errorf("%q: in %q\nall rules together find %q, not the secret", example, text, found(text, set.Find(text)))
					}
				}
				for _, example := range shape.no {
					text := g.expand(t, example, shape.secret(t, g))
					if got := shape.finds(re, text); len(got) > 0 {
						t.Errorf("%q: in %q\n got %q, want nothing", example, text, got)
					}
				}
			}
		})
	}
	if err := set.Err(); err != nil {
		t.Fatal(err)
	}
}

// covers reports whether every secret in the text lies within a match: gitleaks' rule
// for JSON Web Tokens takes a slash behind one along.
func covers(text, secret string, matches []Match) bool {
	for at := strings.Index(text, secret); at >= 0; {
		end := at + len(secret)
		if !slices.ContainsFunc(matches, func(m Match) bool { return m.Start <= at && end <= m.End }) {
			return false
		}
		next := strings.Index(text[end:], secret)
		if next < 0 {
			break
		}
		at = end + next
	}
	return true
}

func TestShapeRulesAreDescribed(t *testing.T) {
	set, ids := New(Options{}), map[string]bool{}
	for _, r := range libraryConfig(t).Rules {
		ids[r.ID] = true
	}
	for _, shape := range shapeRules() {
		if ids[shape.ID] {
			t.Errorf("two rules are called %s", shape.ID)
		}
		ids[shape.ID] = true
		if got, ok := set.Rule(shape.ID); !ok || got.Description != shape.Description || got.Detector != DetectorShape {
			t.Errorf("Rule(%q) = %+v, %t", shape.ID, got, ok)
		}
		if !strings.HasSuffix(shape.Description, ".") || shape.rank == rankProvider || shape.accept == nil || len(shape.Keywords) == 0 {
			t.Errorf("%s lacks a field", shape.ID)
		}
		if prepared, err := sieve.Prepare(shape.Regex); err != nil || len(prepared.Anchors) == 0 {
			t.Errorf("%s has no text of three bytes that it can be searched by: %v", shape.ID, err)
		}
		for _, keyword := range shape.Keywords {
			if keyword != strings.ToLower(keyword) {
				t.Errorf("%s: keyword %q is not in lower case", shape.ID, keyword)
			}
		}
	}
	if _, ok := set.Rule("no-such-rule"); ok {
		t.Error("there is a rule no-such-rule")
	}
}
