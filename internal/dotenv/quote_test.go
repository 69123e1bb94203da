package dotenv

import (
	"errors"
	"testing"
)

func TestQuote(t *testing.T) {
	tests := []struct{ value, want string }{
		{"sk-ant-api03_abcDEF", "sk-ant-api03_abcDEF"},
		{"a/b+c==", "a/b+c=="},
		{"a:b@c%d,e.f", "a:b@c%d,e.f"},
		{"a b", "'a b'"},
		{" a ", "' a '"},
		{"a#b", "'a#b'"},
		{`a"b`, `'a"b'`},
		{"a$b`c", "'a$b`c'"},
		{`a\b`, `'a\b'`},
		{`\n`, `'\n'`},
		{"a\tb", "'a\tb'"},
		{"\u00a0a\u2028", "'\u00a0a\u2028'"},
		{"it's", `"it's"`},
		{"a\nb", `"a\nb"`},
		{"-----BEGIN KEY-----\nabc=\n-----END KEY-----\n", `"-----BEGIN KEY-----\nabc=\n-----END KEY-----\n"`},
	}
	for _, test := range tests {
		if got, err := Quote(test.value); got != test.want || err != nil {
			t.Errorf("Quote(%q) = %q, %v; want %q", test.value, got, err, test.want)
		}
	}
	for _, value := range []string{`ends\`, `it's a "b"`, `it's \`, "it's $1", "a\r\nb", "a\x00b", "a\nb\\c", "a\nb`c", "a\xffb"} {
		if got, err := Quote(value); !errors.Is(err, ErrUnquotable) || got != "" {
			t.Errorf("Quote(%q) = %q, %v; want ErrUnquotable", value, got, err)
		}
	}
	if got, err := Quote(""); !errors.Is(err, ErrEmpty) || got != "" {
		t.Errorf(`Quote("") = %q, %v; want ErrEmpty`, got, err)
	}
}

// TestFormsRoundTrip reads every form, not only the best, in both readers.
func TestFormsRoundTrip(t *testing.T) {
	g := newGenerator(1)
	for range 20_000 {
		value := g.value(g.class())
		for _, form := range forms(value) {
			src := []byte("A=1\nK=" + form + "\nB='2'\n")
			f, second := Parse(src), readSecond(src)
			if got, _ := f.Get("K"); got != value || second.values["K"] != value || len(second.values) != 3 || len(f.Map()) != 3 {
				t.Fatalf("%q as %s reads as %q and %q", value, form, got, second.values["K"])
			}
		}
	}
}
