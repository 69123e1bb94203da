package json5

import "testing"

func TestRemove(t *testing.T) {
	for _, test := range []struct {
		name    string
		before  string
		indexes []int
		after   string
	}{
		{"nothing", "{a: 1}", nil, "{a: 1}"},
		{"first of a line", `{ a: 1, b: 2, c: 3 }`, []int{0}, `{ b: 2, c: 3 }`},
		{"middle of a line", `{ a: 1, b: 2, c: 3 }`, []int{1}, `{ a: 1, c: 3 }`},
		{"last of a line", `{ a: 1, b: 2, c: 3 }`, []int{2}, `{ a: 1, b: 2 }`},
		{"last two of a line, in disorder", `{ a: 1, b: 2, c: 3 }`, []int{2, 1, 2}, `{ a: 1 }`},
		{"first and last of a line", `{ a: 1, b: 2, c: 3 }`, []int{0, 2}, `{ b: 2 }`},
		{"all of a line", `{ a: 1, b: 2 }`, []int{0, 1}, `{}`},
		{"compact", `{"a":1,"b":2,"c":3}`, []int{1}, `{"a":1,"c":3}`},
		{"compact last", `{"a":1,"b":2,"c":3}`, []int{2}, `{"a":1,"b":2}`},
		{"comma after the last", `{a: 1, b: 2,}`, []int{1}, `{a: 1,}`},
		{"all, with a comma", "{\n  a: 1,\n}", []int{0}, `{}`},
		{"lines: first", "{\n  a: 1,\n  b: 2\n}", []int{0}, "{\n  b: 2\n}"},
		{"lines: last keeps JSON", "{\n  \"a\": 1,\n  \"b\": 2\n}", []int{1}, "{\n  \"a\": 1\n}"},
		{"lines: last with a comma", "{\n  a: 1,\n  b: 2,\n}", []int{1}, "{\n  a: 1,\n}"},
		{"lines: both of three at the end", "{\n\ta: 1,\n\tb: 2,\n\tc: 3\n}", []int{1, 2}, "{\n\ta: 1\n}"},
		{"lines: CR LF", "{\r\n  a: 1,\r\n  b: 2\r\n}\r\n", []int{0}, "{\r\n  b: 2\r\n}\r\n"},
		{"its comment goes, those above and of others stay",
			"{\n  // on a\n  a: 1, // a\n\n  // on b\n  b: { c: [\n    2,\n  ] }, /* b */ // b\n\n  // on d\n  d: 4 // d\n}", []int{1},
			"{\n  // on a\n  a: 1, // a\n\n  // on b\n\n  // on d\n  d: 4 // d\n}"},
		{"comment after the new last stays", "{\n  a: 1, // a\n  b: 2 // b\n}", []int{1}, "{\n  a: 1 // a\n}"},
		{"comment before the comma", "{\n  a: 1 /* a */,\n  b: 2\n}", []int{0}, "{\n  b: 2\n}"},
		{"line comment before the comma", "{\n  a: 1 // a\n  , b: 2\n}", []int{0}, "{\n  b: 2\n}"},
		{"block comment that goes on", "{\n  a: 1, /* b\n  is */ b: 2\n}", []int{0}, "{\n  /* b\n  is */ b: 2\n}"},
		{"comments within the line stay", `{ /* a */ a: 1, /* b */ b: 2 /* end */ }`, []int{0}, `{ /* a */ /* b */ b: 2 /* end */ }`},
		{"comments within the line stay, last", `{ /* a */ a: 1, /* b */ b: 2 /* end */ }`, []int{1}, `{ /* a */ a: 1 /* b */ /* end */ }`},
		{"all but a comment", "{\n  // none yet\n  a: 1\n}", []int{0}, "{\n  // none yet\n}"},
		{"commas in front", "{ a: 1\n  , b: 2\n  , c: 3\n}", []int{1}, "{ a: 1\n  , c: 3\n}"},
		{"commas in front: first", "{ a: 1\n  , b: 2\n  , c: 3\n}", []int{0}, "{ b: 2\n  , c: 3\n}"},
		{"commas in front: last", "{ a: 1\n  , b: 2\n  , c: 3\n}", []int{2}, "{ a: 1\n  , b: 2\n}"},
		{"beside the brace", "{ a: 1,\n  b: 2 }", []int{0}, "{\n  b: 2 }"},
		{"two on a line", "{\n  a: 1, b: 2\n}", []int{1}, "{\n  a: 1\n}"},
		{"two on a line, with their comment", "{\n  a: 1, b: 2 // both\n}", []int{0}, "{\n  b: 2 // both\n}"},
		{"one of the same name", `{a: 1, b: 2, a: 3}`, []int{0}, `{b: 2, a: 3}`},
		{"element", "[\n  'x', // x\n  'y',\n]", []int{0}, "[\n  'y',\n]"},
		{"last element", "[1, [2], 3]", []int{2}, "[1, [2]]"},
		{"all elements", "[ 1 ]", []int{0}, "[]"},
		{"index too large", "[1]", []int{1}, ""},
		{"index negative", "{a: 1}", []int{-1}, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			root := mustParse(t, test.before).Root()
			edits := root.RemoveMembers(test.indexes...)
			if root.Kind() == Array {
				edits = root.RemoveElements(test.indexes...)
			}
			after, err := Apply([]byte(test.before), edits)
			if (err != nil) != (test.after == "") || string(after) != test.after {
				t.Errorf("error %v, got\n%s\nwant\n%s", err, after, test.after)
			}
		})
	}
}

func TestRemoveFromTheWrongKind(t *testing.T) {
	for _, text := range []string{"[1]", "'x'", "1"} {
		if _, err := Apply([]byte(text), mustParse(t, text).Root().RemoveMembers()); err == nil {
			t.Errorf("removed a member of %s", text)
		}
	}
	if _, err := Apply([]byte("{a: 1}"), mustParse(t, "{a: 1}").Root().RemoveElements(0)); err == nil {
		t.Error("removed an element of an object")
	}
}
