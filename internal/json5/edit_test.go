package json5

import (
	"encoding/json"
	"strings"
	"testing"
)

// at returns the value that a pointer leads to, which must exist.
func at(t testing.TB, doc *Document, pointer string) Node {
	t.Helper()
	n, ok := doc.At(pointer)
	if !ok {
		t.Fatalf("no %q in %q", pointer, doc.Source())
	}
	return n
}

func TestSetString(t *testing.T) {
	for _, test := range []struct{ before, text, after string }{
		{`{ a: 'x' /* why */ }`, `${NAME}`, `{ a: '${NAME}' /* why */ }`},
		{`{"a": "x"}`, `it's "so"`, `{"a": "it's \"so\""}`},
		{`{"a": 'x'}`, `it's "so"`, `{"a": 'it\'s "so"'}`},
		{`{"a": "\u0041\
b"}`, "a\\b\n\r\t\x00\x1f\x7f\u2028\u2029 é🦀/", `{"a": "a\\b\n\r\t\u0000\u001f` + "\x7f" + `\u2028\u2029 é🦀/"}`},
		{`{"a": ""}`, ``, `{"a": ""}`},
		{`{a: 12345}`, `${PIN}`, `{a: "${PIN}"}`},
		{`{a: {b: [1, 'x']}, c: 1}`, `no`, `{a: "no", c: 1}`},
	} {
		n := at(t, mustParse(t, test.before), "/a")
		after, err := Apply([]byte(test.before), []Edit{n.SetString(test.text)})
		if err != nil || string(after) != test.after {
			t.Errorf("%s: %q, %v, want %q", test.before, after, err, test.after)
			continue
		}
		if got := at(t, mustParse(t, string(after)), "/a").Text(); got != test.text {
			t.Errorf("%s: decodes to %q, want %q", test.before, got, test.text)
		}
		if json.Valid([]byte(test.before)) && !json.Valid(after) {
			t.Errorf("%s: was JSON and is not any more", after)
		}
	}
}

func TestSetStringRefusesWhatIsNotUTF8(t *testing.T) {
	const before = `{"a": "é"}`
	n := at(t, mustParse(t, before), "/a")
	for _, text := range []string{"\xff", "a\xc3", "\xa9", "\xed\xa0\x80", "\xe2\x80"} {
		if after, err := Apply([]byte(before), []Edit{n.SetString(text)}); err == nil {
			t.Errorf("%q is written as %q", text, after)
		}
	}
}

func TestApply(t *testing.T) {
	const src = `["one", "two"]`
	doc := mustParse(t, src)
	one, two := doc.Root().Elements()[0], doc.Root().Elements()[1]
	for _, test := range []struct {
		name  string
		edits []Edit
		want  string // or the error
	}{
		{"nothing", nil, src},
		{"out of order", []Edit{two.SetString("2"), one.SetString("1")}, `["1", "2"]`},
		{"side by side", []Edit{{6, 8, ", "}, {1, 6, "1"}}, `[1, "two"]`},
		{"insertion before a replacement", []Edit{{1, 1, "0,"}, {2, 5, "1"}}, `[0,"1", "two"]`},
		{"twice", []Edit{one.SetString("1"), one.SetString("2")}, "1:2: two edits overlap"},
		{"same place", []Edit{{1, 1, "1,"}, {1, 1, "2,"}}, "1:2: two edits overlap"},
		{"overlap", []Edit{{1, 7, ""}, {6, 8, ""}}, "1:7: two edits overlap"},
		{"before the start", []Edit{{-2, 1, ""}}, "outside of the document"},
		{"after the end", []Edit{{14, 15, ""}}, "outside of the document"},
		{"backwards", []Edit{{3, 2, ""}}, "outside of the document"},
		{"no JSON5", []Edit{{6, 7, " sk-fake"}}, "no JSON5: 1:8: expected a comma or ]"},
	} {
		got, err := Apply([]byte(src), test.edits)
		switch {
		case err != nil && (!strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "fake")):
			t.Errorf("%s: error %v, want %s", test.name, err, test.want)
		case err == nil && string(got) != test.want:
			t.Errorf("%s: %s, want %s", test.name, got, test.want)
		}
	}
	if string(doc.Source()) != src {
		t.Error("the source was changed")
	}
	if _, err := Apply([]byte("{"), nil); err == nil {
		t.Error("what is no JSON5 was accepted")
	}
}
