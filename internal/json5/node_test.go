package json5

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

const sample = `// a gateway
{
  gateway: { port: 0x10, 'auth': {token: "x\u0041"} },
  "a/b~c": [null, true, [ -1 ]],
  gateway: { port: 2, },
  "": '', lone: "\udc00",
}
`

func TestNodeSpans(t *testing.T) {
	doc := mustParse(t, sample)
	for _, test := range []struct {
		pointer string
		kind    Kind
		raw     string
	}{
		{"/gateway", Object, "{ port: 2, }"}, {"/gateway/port", Number, "2"},
		{"/a~1b~0c", Array, "[null, true, [ -1 ]]"}, {"/a~1b~0c/0", Null, "null"}, {"/a~1b~0c/1", Bool, "true"},
		{"/a~1b~0c/2/0", Number, "-1"}, {"/", String, "''"}, {"/lone", String, `"\udc00"`},
	} {
		n, ok := doc.At(test.pointer)
		if !ok || n.Kind() != test.kind || string(n.Raw()) != test.raw || n.Pointer() != test.pointer || n.Document() != doc {
			t.Errorf("%s: %v, kind %d, %q, pointer %s", test.pointer, ok, n.Kind(), n.Raw(), n.Pointer())
		}
		if got := string(doc.Source()[n.Start():n.End()]); got != test.raw {
			t.Errorf("%s spans %q", test.pointer, got)
		}
	}
	if n, ok := doc.At(""); !ok || n != doc.Root() || n.Pointer() != "" {
		t.Errorf("the empty pointer leads to %v", n)
	}
	for _, pointer := range []string{
		"gateway", "/nothing", "/gateway/auth", "/gateway/port/x", "/a~1b~0c/3", "/a~1b~0c/00", "/a~1b~0c/-1", "/a~1b~0c/+1",
		"/a~1b~0c/-", "/a~1b~0c/", "/a~1b~c", "/a~1b~2c", "/a/b~0c", "//",
	} {
		if n, ok := doc.At(pointer); ok || n != (Node{}) {
			t.Errorf("%s leads to %q", pointer, n.Raw())
		}
	}
}

// An object of many members is looked up by an index: the same members are found.
func TestAtInManyMembers(t *testing.T) {
	var text strings.Builder
	text.WriteString("{")
	for i := range 100 {
		fmt.Fprintf(&text, `"k%d": %d, "a/%d": [%d], twice: %d, `, i, i, i, i, i)
	}
	text.WriteString("}")
	doc := mustParse(t, text.String())
	for pointer, want := range map[string]string{"/k0": "0", "/k99": "99", "/a~17": "[7]", "/a~17/0": "7", "/twice": "99"} {
		for range 2 { // with the index made and found
			if n, ok := doc.At(pointer); !ok || string(n.Raw()) != want || n.Pointer() != pointer {
				t.Errorf("%s: %v, %q, pointer %s", pointer, ok, n.Raw(), n.Pointer())
			}
		}
	}
	for _, pointer := range []string{"/k100", "/a/7", "/", "/k0/0", "/a~7"} {
		if n, ok := doc.At(pointer); ok || n != (Node{}) {
			t.Errorf("%s leads to %q", pointer, n.Raw())
		}
	}
}

func TestParent(t *testing.T) {
	root := mustParse(t, sample).Root()
	var check func(container Node)
	check = func(container Node) {
		for i, m := range container.Members() {
			if parent, index, ok := m.Value.Parent(); parent != container || index != i || !ok {
				t.Errorf("member %d of %q: parent %q, index %d, %v", i, container.Raw(), parent.Raw(), index, ok)
			}
			check(m.Value)
		}
		for i, element := range container.Elements() {
			if parent, index, ok := element.Parent(); parent != container || index != i || !ok {
				t.Errorf("element %d of %q: parent %q, index %d, %v", i, container.Raw(), parent.Raw(), index, ok)
			}
			check(element)
		}
	}
	check(root)
	for _, n := range []Node{root, {}} {
		if parent, index, ok := n.Parent(); ok || parent != (Node{}) || index != 0 {
			t.Errorf("%q has the parent %q", n.Raw(), parent.Raw())
		}
	}
}

func TestTextAndLoneSurrogate(t *testing.T) {
	doc := mustParse(t, `["x\u0041", "\ud83e\udd80", 'it\'s', "\udc00", 12]`)
	for i, want := range []struct {
		text string
		lone bool
	}{{"xA", false}, {"🦀", false}, {"it's", false}, {"\ufffd", true}, {"", false}} {
		if n := doc.Root().Elements()[i]; n.Text() != want.text || n.HasLoneSurrogate() != want.lone {
			t.Errorf("%s: %q, %v", n.Raw(), n.Text(), n.HasLoneSurrogate())
		}
	}
}

func TestMembers(t *testing.T) {
	doc := mustParse(t, sample)
	members := doc.Root().Members()
	var names, written []string
	for _, m := range members {
		names = append(names, m.Name)
		written = append(written, string(doc.Source()[m.NameStart:m.NameEnd]))
		if want := m.NameStart < 50; m.Shadowed != want {
			t.Errorf("member at %d: shadowed %v", m.NameStart, m.Shadowed)
		}
	}
	if want := []string{"gateway", "a/b~c", "gateway", "", "lone"}; !slices.Equal(names, want) {
		t.Errorf("names %q, want %q", names, want)
	}
	if want := []string{"gateway", `"a/b~c"`, "gateway", `""`, "lone"}; !slices.Equal(written, want) {
		t.Errorf("names as written %q, want %q", written, want)
	}
	if members[1].Value.Members() != nil || members[0].Value.Elements() != nil {
		t.Error("an array has members or an object elements")
	}
}

func TestWalk(t *testing.T) {
	var visited []string
	mustParse(t, sample).Root().Walk(func(n Node) bool {
		visited = append(visited, n.Pointer())
		return n.Pointer() != "/a~1b~0c"
	})
	want := []string{
		"", "/gateway", "/gateway/port", "/gateway/auth", "/gateway/auth/token", "/a~1b~0c",
		"/gateway", "/gateway/port", "/", "/lone",
	}
	if !slices.Equal(visited, want) {
		t.Errorf("visited %q, want %q", visited, want)
	}
}

// A caller who overlooks that At found nothing must not fall.
func TestZeroNode(t *testing.T) {
	var n Node
	n.Walk(func(Node) bool { t.Error("visited"); return true })
	if n.Kind() != Invalid || n.Start() != 0 || n.End() != 0 || n.Raw() != nil || n.Text() != "" || n.Pointer() != "" ||
		n.Members() != nil || n.Elements() != nil || n.Decode() != nil || n.Document() != nil || n.HasLoneSurrogate() {
		t.Error("the zero node is not empty")
	}
	edits := []Edit{n.SetString("x"), n.InsertMember("a", "1"), n.AppendElement("1")}
	edits = append(edits, n.RemoveMembers(0)...)
	for _, e := range append(edits, n.RemoveElements(0)...) {
		if _, err := Apply([]byte("{}"), []Edit{e}); err == nil {
			t.Errorf("%v is not refused", e)
		}
	}
}

func TestSourceCannotBeAppendedInto(t *testing.T) {
	doc := mustParse(t, `{a: [1, 2], b: 3}`)
	doc.Root().Walk(func(n Node) bool {
		_ = append(n.Raw(), "overwritten"...)
		return true
	})
	if got := string(doc.Source()); got != `{a: [1, 2], b: 3}` {
		t.Errorf("source became %s", got)
	}
}
