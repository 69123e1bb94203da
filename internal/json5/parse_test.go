package json5

import (
	"bytes"
	"errors"
	"math"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"
)

// mustParse parses a document that is known to be JSON5.
func mustParse(t testing.TB, text string) *Document {
	t.Helper()
	doc, err := Parse([]byte(text))
	if err != nil {
		t.Fatalf("parse %q: %v", text, err)
	}
	return doc
}

// checkSyntaxError holds what is promised of every error: a position within the
// text, and nothing quoted from it.
func checkSyntaxError(t testing.TB, text []byte, err error) {
	t.Helper()
	var syntax *SyntaxError
	if !errors.As(err, &syntax) {
		t.Fatalf("%T is no *SyntaxError", err)
	}
	lines := bytes.Split(text, []byte("\n"))
	if syntax.Line < 1 || syntax.Line > len(lines) {
		t.Fatalf("line %d of %d", syntax.Line, len(lines))
	}
	if characters := utf8.RuneCount(lines[syntax.Line-1]); syntax.Column < 1 || syntax.Column > characters+1 {
		t.Fatalf("column %d of %d", syntax.Column, characters)
	}
}

func TestSyntaxErrors(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{"", "1:1: the text ends too early: expected a value"},
		{"{\n  a: sk-fake-0123\n}", "2:6: expected a value"},
		{"{\n  token: token-fake\n}", "2:10: expected a value; a string needs quotes"},
		{"{\n  a: 'x'\n  b: 'y'\n}", "3:3: expected a comma or } after a member"},
		{"{'äöü' 1}", "1:8: expected a colon after a name"},
		{"\ufeff{1}", "1:2: expected a name: an identifier, or a string in quotes"},
		{"[1, 'sk-fake\n']", `1:5: this string does not end on its line: add its quote, or \ at the end of the line`},
		{"['sk-fake", "1:2: this string does not end: add its quote"},
		{"[1 /* sk-fake", "1:4: this comment does not end: add */"},
		{"[1] sk-fake", "1:5: the document should end here: remove what follows its value"},
		{"[\r\n  '\\xsk-fake'\r\n]", `2:4: expected two hexadecimal digits after \x`},
		{"['a\xff']", "1:4: this is not UTF-8: save the file as UTF-8"},
		{"{a: [1, 2}", "1:10: expected a comma or ] after an element"},
		{"{a: 0xg}", "1:7: expected a hexadecimal digit"},
		{"{a\\u0020: 1}", "1:3: this escape is no character of a name: put the name in quotes"},
	} {
		_, err := Parse([]byte(test.text))
		if err == nil || err.Error() != test.want {
			t.Errorf("%q: %v, want %s", test.text, err, test.want)
		}
	}
}

// An error is printed; what it was found in may be a secret.
func TestSyntaxErrorsQuoteNothing(t *testing.T) {
	const secret = "sk-fake-0123456789"
	text := `{"models": {apiKey: "` + secret + `", 'b': [1, 'x\ny']}, token: '` + secret + `'}`
	for i := range text {
		for _, with := range []string{"", "\x00", "\n", "\"", "'", "}", ",", secret} {
			_, err := Parse([]byte(text[:i] + with + text[i+1:]))
			if err != nil && strings.Contains(err.Error(), "fake") {
				t.Fatalf("quotes the text: %v", err)
			}
		}
	}
}

func TestDepth(t *testing.T) {
	for _, test := range []struct {
		depth int
		ok    bool
	}{{maxDepth, true}, {maxDepth + 1, false}, {5_000_000, false}} {
		text := strings.Repeat("[", test.depth) + strings.Repeat("]", test.depth)
		doc, err := Parse([]byte(text))
		if (err == nil) != test.ok {
			t.Errorf("depth %d: error %v", test.depth, err)
		}
		if err == nil && string(doc.Tree().Pack()) != text {
			t.Errorf("depth %d: does not pack to what it was", test.depth)
		}
	}
	// The depth is that of the nesting, not the number of containers.
	if _, err := Parse([]byte("[" + strings.Repeat("[],{},", maxDepth) + "]")); err != nil {
		t.Error(err)
	}
}

func TestDecode(t *testing.T) {
	type object = map[string]any
	for _, test := range []struct {
		text string
		want any
	}{
		{`null`, nil}, {`[true, false]`, []any{true, false}}, {`[]`, []any{}}, {`{}`, object{}},
		{`{a: 1, 'a': 2, "\x61": 3}`, object{"a": 3.0}},
		{`{__proto__: {x: 1}}`, object{"__proto__": object{"x": 1.0}}},
		{`{\u0061\u200cb: 1}`, object{"a\u200cb": 1.0}},
		{`0x49DC`, 18908.0}, {`-0X10`, -16.0}, {`+.5`, .5}, {`5.`, 5.0}, {`5.e-1`, .5}, {`1e999`, math.Inf(1)},
		{`-Infinity`, math.Inf(-1)}, {`0x20000000000003`, 9007199254740996.0}, {`0x1` + strings.Repeat("0", 256), math.Inf(1)},
		{`'\v\0\x41\q\''`, "\v\x00Aq'"}, {"'a\\\r\nb\\\u2028c'", "abc"}, {`"\ud83e\udd80"`, "🦀"},
		{"'\\ud83e\\\n\\udd80'", "🦀"}, {`"\ud83e"`, "\ufffd"}, {`"\ud83ex\udd80\ud83e🦀"`, "\ufffdx\ufffd\ufffd🦀"},
		{`"\ud83e\ud83e\udd80"`, "\ufffd🦀"}, {`"\ud83e\n"`, "\ufffd\n"},
	} {
		if got := mustParse(t, test.text).Root().Decode(); !reflect.DeepEqual(got, test.want) {
			t.Errorf("%s decodes to %#v, want %#v", test.text, got, test.want)
		}
	}
	if number := mustParse(t, "-0x0").Root().Decode().(float64); number != 0 || !math.Signbit(number) {
		t.Errorf("-0x0 decodes to %v", number)
	}
	if number := mustParse(t, "-NaN").Root().Decode().(float64); !math.IsNaN(number) {
		t.Errorf("-NaN decodes to %v", number)
	}
}
