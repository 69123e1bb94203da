package rules

import "testing"

func TestPasswordsMayBeWords(t *testing.T) {
	set := New(Options{})
	for text, want := range map[string]string{
		`https://a.test/login?password=hello12`:      "hello12",
		`DB_PASSWORD=correct-horse-battery-42`:       "correct-horse-battery-42",
		`DB_PASS="correct horse"`:                    "",
		`API_KEY=correct-horse-battery-42`:           "",
		`https://a.test/login?token=correcthorse`:    "",
		`DB_PASSWORD=process.env.DB_PASSWORD`:        "",
		`POSTGRES_PASSWORD=${POSTGRES_PASSWORD_2:-}`: "",
	} {
		var got string
		for _, m := range set.Find(text) {
			if m.Detector == DetectorShape {
				got += text[m.Start:m.End]
			}
		}
		if got != want {
			t.Errorf("in %q: got %q, want %q", text, got, want)
		}
	}
}

func TestIsMadeUp(t *testing.T) {
	g := newGenerator(9)
	for range 2000 {
		if token := g.matching(t, `[0-9a-f]{32}|[A-Za-z0-9]{40}|[A-Z2-7]{16}|[A-Za-z0-9_-]{500}`); isMadeUp(token) || isPeriodic(token, 16) {
			t.Errorf("%q is random, and taken for made up", token)
		}
	}
	for _, token := range []string{
		"xxxxxxxxxxxx", "0000000000000000", "abcdefghijklmnopqrstuvwxyz", "12345678901234567890", "AKIAIOSFODNN7EXAMPLE",
		"deadbeefdeadbeefdeadbeefdeadbeef", "abc123abc123abc123abc123abc123",
	} {
		if !isMadeUp(token) {
			t.Errorf("%q is not seen to be made up", token)
		}
	}
}

func TestIsWords(t *testing.T) {
	g := newGenerator(10)
	noise := 0
	for range 2000 {
		if isWords(g.matching(t, `[A-Za-z0-9]{24}`)) {
			noise++
		}
	}
	if noise > 40 {
		t.Errorf("%d of 2000 random texts are taken for words", noise)
	}
	for _, value := range []string{"process.env.OPENAI_API_KEY2", "my-key-2024", "tokenFromV2", "config.auth.token", "sha256", "agent:main:main"} {
		if !isWords(value) {
			t.Errorf("%q is not seen to be words", value)
		}
	}
}
