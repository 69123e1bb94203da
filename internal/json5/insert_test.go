package json5

import "testing"

func TestInsertMember(t *testing.T) {
	for _, test := range []struct {
		name, before, pointer string
		member, value, after  string
	}{
		{"empty", `{}`, "", "n", `1`, `{"n": 1}`},
		{"empty with a blank", `{ }`, "", "n", `1`, `{ "n": 1 }`},
		{"empty of two lines", "{\n}\n", "", "n", `1`, "{\n  \"n\": 1\n}\n"},
		{"empty but for a comment", "{\n\t// none yet\n}", "", "n", `1`, "{\n\t// none yet\n\t\"n\": 1\n}"},
		{"empty but for a comment in the line", "{ /* none yet */ }", "", "n", `1`, `{ /* none yet */ "n": 1 }`},
		{"empty but for a line comment", "{ // none yet\n}", "", "n", `1`, "{ // none yet\n  \"n\": 1\n}"},
		{"empty among lines", "{\n    a: {},\n}", "/a", "n", `1`, "{\n    a: {\n        n: 1\n    },\n}"},
		{"empty within a line", `{"a":{}}`, "/a", "n", `1`, `{"a":{"n":1}}`},
		{"lines", "{\n  \"a\": 1\n}\n", "", "n", `"x"`, "{\n  \"a\": 1,\n  \"n\": \"x\"\n}\n"},
		{"lines with a comma after the last", "{\n\ta: 1,\n}\n", "", "n", `1`, "{\n\ta: 1,\n\tn: 1,\n}\n"},
		{"CR LF", "{\r\n  'a': 1\r\n}\r\n", "", "n", `1`, "{\r\n  'a': 1,\r\n  'n': 1\r\n}\r\n"},
		{"a line", `{ a: 1 }`, "", "n", `1`, `{ a: 1, n: 1 }`},
		{"a line with a comma after the last", `{ a: 1, }`, "", "n", `1`, `{ a: 1, n: 1, }`},
		{"compact", `{"a":1,"b":2}`, "", "n", `1`, `{"a":1,"b":2,"n":1}`},
		{"compact, one only", `{"a":1}`, "", "n", `1`, `{"a":1,"n":1}`},
		{"quotes that are needed", `{ a: 1 }`, "", "a-b", `1`, `{ a: 1, "a-b": 1 }`},
		{"quotes that others need", `{ a: 1, 'a-b': 2 }`, "", "n", `1`, `{ a: 1, 'a-b': 2, n: 1 }`},
		{"quotes of the others", `{ 'a': 1 }`, "", "it's", `1`, `{ 'a': 1, 'it\'s': 1 }`},
		{"blank before the colon", `{ a : 1 }`, "", "n", `1`, `{ a : 1, n : 1 }`},
		{"aligned", "{\n  a:    1,\n  bcd:  2\n}", "", "n", `1`, "{\n  a:    1,\n  bcd:  2,\n  n: 1\n}"},
		{"comment on the last", "{\n  a: 1 // a\n}", "", "n", `1`, "{\n  a: 1, // a\n  n: 1\n}"},
		{"comments after the last", "{\n  a: 1, // a\n\n  // b: 2,\n}", "", "n", `1`, "{\n  a: 1, // a\n\n  // b: 2,\n  n: 1,\n}"},
		{"comment within the line", `{ a: 1 /* a */ }`, "", "n", `1`, `{ a: 1, /* a */ n: 1 }`},
		{"line comment within the line", "{ a: 1 // a\n}", "", "n", `1`, "{ a: 1, // a\n  n: 1\n}"},
		{"brace beside the last", "{\n  a: 1,\n  b: 2 }", "", "n", `1`, "{\n  a: 1,\n  b: 2,\n  n: 1 }"},
		{"value of several lines", "{\r\n\ta: 1\r\n}", "", "n", "{\n\t\"b\": [\n\t\t1\n\t]\n}", "{\r\n\ta: 1,\r\n\tn: {\r\n\t\t\"b\": [\r\n\t\t\t1\r\n\t\t]\r\n\t}\r\n}"},
		{"value with a continued string", "{\n  a: 1\n}", "", "n", "['x\\\ny',\n]", "{\n  a: 1,\n  n: ['x\\\ny',\n]\n}"},
		{"value among comments", `{ a: 1 }`, "", "n", "/* x */ 2 // y", `{ a: 1, n: 2 }`},
		{"no value", `{}`, "", "n", ``, ""},
		{"more than a value", `{}`, "", "n", `1, m: 2`, ""},
		{"name that is not UTF-8", `{}`, "", "\xff", `1`, ""},
		{"value that is not UTF-8", `{}`, "", "n", "'\xff'", ""},
		{"array", `[]`, "", "n", `1`, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			n := at(t, mustParse(t, test.before), test.pointer)
			after, err := Apply([]byte(test.before), []Edit{n.InsertMember(test.member, test.value)})
			if (err != nil) != (test.after == "") || string(after) != test.after {
				t.Errorf("error %v, got\n%s\nwant\n%s", err, after, test.after)
			}
		})
	}
}

func TestAppendElement(t *testing.T) {
	for _, test := range []struct{ name, before, pointer, value, after string }{
		{"empty", `[]`, "", `1`, `[1]`},
		{"one", `[1]`, "", `2`, `[1, 2]`},
		{"one, compact", `{"a":[1]}`, "/a", `2`, `{"a":[1,2]}`},
		{"compact", `[1,2]`, "", `3`, `[1,2,3]`},
		{"lines", "[\n  1,\n  2\n]", "", `3`, "[\n  1,\n  2,\n  3\n]"},
		{"comma and comment", "[\n  1, // one\n]", "", `2`, "[\n  1, // one\n  2,\n]"},
		{"object", `{}`, "", `1`, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			n := at(t, mustParse(t, test.before), test.pointer)
			after, err := Apply([]byte(test.before), []Edit{n.AppendElement(test.value)})
			if (err != nil) != (test.after == "") || string(after) != test.after {
				t.Errorf("error %v, got\n%s\nwant\n%s", err, after, test.after)
			}
		})
	}
}
