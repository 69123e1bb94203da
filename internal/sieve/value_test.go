package sieve

import (
	"regexp/syntax"
	"testing"
)

func TestFindValue(t *testing.T) {
	for _, test := range []struct {
		name, regex string
		want        bool
	}{
		{"as gitleaks ends", "key=([a-z0-9]{4,9})(?:[\x60'\"\\s;]|\\\\[nr]|$)", true},
		{"end only in one", `key=([a-z]+)(?:;|$)`, true},
		{"mark may be missing", `key=([a-z]+)(?:;?|\\[nr])`, true},
		{"no mark", `key=([a-z]+)`, false},
		{"no group", `key=[a-z]+(?:;|\\[nr])`, false},
		{"two groups", `(key)=([a-z]+)(?:;|\\[nr])`, false},
		{"mark of the value's own bytes", `key=([a-z]+)(?:[a;]|\\[nr])`, false},
		{"value with a backslash", `key=([^;]+)(?:;|\\[nr])`, false},
		{"value may be empty", `key=([a-z]*)(?:;|\\[nr])`, false},
		{"mark of several bytes", `key=([a-z]+)(?:…|\\[nr])`, false},
		{"backslash and several bytes", `key=([a-z]+)(?:;|\\[^a])`, false},
		{"mark of three bytes", `key=([a-z]+)(?:;|\\[nr]x)`, false},
		{"mark without width", `key=([a-z]+)(?:;|\b|\\[nr])`, false},
		{"alternatives", `key=([a-z]+)(?:;|\\[nr])|qzx=`, false},
	} {
		re, err := syntax.Parse(test.regex, syntax.Perl)
		if err != nil {
			t.Fatal(err)
		}
		if got := findValue(re) != nil; got != test.want {
			t.Errorf("%s: value of %s is known: %v, want %v", test.name, test.regex, got, test.want)
		}
	}
}
