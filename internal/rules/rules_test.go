package rules

import (
	"slices"
	"strings"
	"sync"
	"testing"
)

// found returns the matches as "rule secret".
func found(text string, matches []Match) []string {
	var all []string
	for _, m := range matches {
		all = append(all, m.Rule+" "+text[m.Start:m.End])
	}
	return all
}

// onlyShapes returns a set of nothing but these rules.
func onlyShapes(shapes ...shapeRule) *Set {
	s := newSet(Options{}, shapes)
	s.library = &library{}
	return s
}

func TestFindValue(t *testing.T) {
	g, set := newGenerator(1), New(Options{})
	hex48 := g.matching(t, `[0-9a-f]{48}`)
	openRouter := g.matching(t, `sk-or-v1-[0-9a-f]{64}`)
	telegram := g.matching(t, `[0-9]{10}:AA[A-Za-z0-9_-]{33}`)
	slack := g.matching(t, `xoxb-[0-9]{12}-[0-9]{12}-[a-zA-Z0-9]{24}`)
	pem := "-----BEGIN PRIVATE " + "KEY-----\n" + g.matching(t, `[A-Za-z0-9+/]{300}`) + "\n-----END PRIVATE " + "KEY-----\n"
	for _, test := range []struct {
		name, key, value string
		want             []string
	}{
		{"the name makes it a secret", "token", hex48, []string{"generic-api-key " + hex48}},
		{"without the name it is nothing", "name", hex48, nil},
		{"no name at all", "", hex48, nil},
		{"no name is needed", "", "x " + openRouter, []string{"openrouter-api-key " + openRouter}},
		{"the shape displaces the generic rule", "apiKey", openRouter, []string{"openrouter-api-key " + openRouter}},
		{"gitleaks alone", "botToken", slack, []string{"slack-bot-token " + slack}},
		{"one Telegram rule of two", "telegramBotToken", telegram, []string{"telegram-bot-api-token " + telegram}},
		{"Telegram without its name", "botToken", telegram, []string{"telegram-bot-token " + telegram}},
		{"the provider displaces the header", "Authorization", "Bearer " + openRouter, []string{"openrouter-api-key " + openRouter}},
		{"the header alone", "Authorization", "Bearer " + hex48, []string{"authorization-header " + hex48}},
		{"the provider displaces the query", "url", "http://a/?token=" + openRouter, []string{"openrouter-api-key " + openRouter}},
		{"two in one value", "keys", openRouter + "," + telegram,
			[]string{"openrouter-api-key " + openRouter, "telegram-bot-token " + telegram}},
		{"a secret in the name", openRouter, "value", nil},
		{"several lines", "privateKey", pem, []string{"private-key " + strings.TrimRight(pem, "\n")}},
		{"empty", "token", "", nil},
		{"a placeholder", "apiKey", "your-api-key-here", nil},
		{"a path", "tokenFile", "/home/user/.secrets/telegram-bot-token-2024.txt", nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := found(test.value, set.FindValue(test.key, test.value)); !slices.Equal(got, test.want) {
				t.Errorf("FindValue(%q, %q)\n got %q\nwant %q", test.key, test.value, got, test.want)
			}
		})
	}
	if err := set.Err(); err != nil {
		t.Fatal(err)
	}
}

func TestFindValueCutsOffTheName(t *testing.T) {
	set := onlyShapes(shapeRule{ID: "crossing", Keywords: []string{"token"}, Regex: `oken = "aabb"`})
	matches := set.FindValue("token", "aabb")
	want := []Match{{Rule: "crossing", Detector: DetectorShape, Start: 0, End: 4, Entropy: 1}}
	if !slices.Equal(matches, want) {
		t.Errorf("got %+v, want %+v", matches, want)
	}
}

func TestFindIgnoresTheComment(t *testing.T) {
	secret := newGenerator(2).matching(t, `sk-or-v1-[0-9a-f]{64}`)
	if len(New(Options{}).Find(secret+" # gitleaks:allow")) != 1 {
		t.Error("gitleaks:allow hides a secret")
	}
}

func TestMatchIsMeasured(t *testing.T) {
	secret := strings.Repeat("0123456789abcdef", 4)
	matches := New(Options{}).Find("sk-or-v1-" + secret)
	if len(matches) != 1 || matches[0].Detector != DetectorShape {
		t.Fatalf("matches are %+v", matches)
	}
	if got := entropy(secret); got != 4 {
		t.Errorf("entropy of 16 equally frequent characters is %v, want 4", got)
	}
	if got, want := matches[0].Entropy, entropy("sk-or-v1-"+secret); got != want {
		t.Errorf("entropy is %v, want %v", got, want)
	}
	if entropy("") != 0 || entropy("aaaa") != 0 {
		t.Error("entropy of nothing or of one character is not 0")
	}
}

func TestErrNamesTheRule(t *testing.T) {
	set := onlyShapes(shapeRule{ID: "broken", Keywords: []string{"needle"}, Regex: "needle("})
	if got := set.Find("a needle"); len(got) != 0 {
		t.Errorf("found %v", got)
	}
	if err := set.Err(); err == nil || !strings.Contains(err.Error(), "rule broken") || strings.Contains(err.Error(), "needle") {
		t.Errorf("error is %v, want one that names the rule and does not quote it", err)
	}
}

func TestSetIsSafeForConcurrentUse(t *testing.T) {
	texts := lines(t, 1)
	want := make([][]string, len(texts))
	single := New(Options{})
	for i, text := range texts {
		want[i] = found(text, single.Find(text))
	}
	set := New(Options{})
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			for i, text := range texts {
				if got := found(text, set.Find(text)); !slices.Equal(got, want[i]) {
					t.Errorf("in %q\n got %q\nwant %q", text, got, want[i])
				}
			}
		})
	}
	group.Wait()
}

// FuzzFind: matches lie within the text, in order, are not empty, and none appears
// twice; and a token in a value is found whatever stands around it.
func FuzzFind(f *testing.F) {
	set := New(Options{})
	for i, text := range lines(f, 1) {
		f.Add([]string{"", "token", "apiKey"}[i%3], text)
	}
	token := newGenerator(3).matching(f, `sk-or-v1-[0-9a-f]{64}`)
	f.Fuzz(func(t *testing.T, key, value string) {
		matches := set.FindValue(key, value)
		for i, m := range matches {
			if m.Start < 0 || m.Start >= m.End || m.End > len(value) {
				t.Fatalf("match %d..%d of %d bytes", m.Start, m.End, len(value))
			}
			if i > 0 && (matches[i-1].Start > m.Start || matches[i-1] == m) {
				t.Errorf("matches %+v and %+v are out of order or the same", matches[i-1], m)
			}
			if _, ok := set.Rule(m.Rule); !ok {
				t.Errorf("match of the unknown rule %q", m.Rule)
			}
		}
		at := len(value) / 2
		around := value[:at] + " " + token + " " + value[at:]
		covered := slices.ContainsFunc(set.FindValue(key, around), func(m Match) bool {
			return m.Start <= at+1 && at+1+len(token) <= m.End
		})
		if !covered {
			t.Errorf("key %q, value %q: the token in the middle is not found", key, around)
		}
		if err := set.Err(); err != nil {
			t.Fatal(err)
		}
	})
}
