package json5

import "testing"

func TestInsertMembers(t *testing.T) {
	members := []NewMember{{"telegram", `{ "enabled": true }`}, {"x-y", "1"}}
	for _, test := range []struct{ name, source, want string }{
		{"none yet", `{a: {}}`, `{a: {telegram: { "enabled": true }, "x-y": 1}}`},
		{"one line", `{a: { b: 1 }}`, `{a: { b: 1, telegram: { "enabled": true }, "x-y": 1 }}`},
		{"lines", "{\n  a: {\n    b: 1,\n  },\n}\n", "{\n  a: {\n    b: 1,\n    telegram: { \"enabled\": true },\n    \"x-y\": 1,\n  },\n}\n"},
		{"quoted names", "{\"a\": {\n  \"b\": 1\n}}", "{\"a\": {\n  \"b\": 1,\n  \"telegram\": { \"enabled\": true },\n  \"x-y\": 1\n}}"},
	} {
		t.Run(test.name, func(t *testing.T) {
			document, err := Parse([]byte(test.source))
			if err != nil {
				t.Fatal(err)
			}
			edit := at(t, document, "/a").InsertMembers(members...)
			got, err := Apply(document.Source(), []Edit{edit})
			if err != nil {
				t.Fatal(err)
			}
			if string(got) != test.want {
				t.Errorf("got %s\nwant %s", got, test.want)
			}
		})
	}
}

func TestAppendElements(t *testing.T) {
	document, err := Parse([]byte(`{allow: ["a"]}`))
	if err != nil {
		t.Fatal(err)
	}
	edit := at(t, document, "/allow").AppendElements(`"b"`, `"c"`)
	got, err := Apply(document.Source(), []Edit{edit})
	if err != nil || string(got) != `{allow: ["a", "b", "c"]}` {
		t.Errorf("got %s, %v", got, err)
	}
}

// A container that a later duplicate overrides is edited where it stands.
func TestInsertMembersIntoAShadowedObject(t *testing.T) {
	document, err := Parse([]byte(`{a: {}, a: {}}`))
	if err != nil {
		t.Fatal(err)
	}
	edit := document.Root().Members()[0].Value.InsertMembers(NewMember{"b", "1"}, NewMember{"c", "2"})
	got, err := Apply(document.Source(), []Edit{edit})
	if err != nil || string(got) != `{a: {b: 1, c: 2}, a: {}}` {
		t.Errorf("got %s, %v", got, err)
	}
}
