package json5

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"
	"testing"
	"unicode/utf8"

	"github.com/tailscale/hujson"
)

// seedDocuments returns the valid cases of the corpus and some configurations.
func seedDocuments(t testing.TB) []string {
	t.Helper()
	texts := []string{sample, "{ a: 1\n  , b: 'x' // b\n  , /* c */ c: \"y\" }", "{\r\n\ta: ['x',\r\n\t'y', // y\r\n\t],\r\n}\r\n"}
	for _, file := range corpus(t) {
		if file.valid() {
			texts = append(texts, string(file.text))
		}
	}
	return texts
}

// skeleton returns the tokens of a value as they stand in the source, without
// white space, comments and commas, and without the values that skip names.
func skeleton(n Node, skip func(Node) bool) []string {
	switch n.Kind() {
	case Object:
		tokens := []string{"{"}
		for _, m := range n.Members() {
			if !skip(m.Value) {
				tokens = append(tokens, string(n.doc.source[m.NameStart:m.NameEnd]), ":")
				tokens = append(tokens, skeleton(m.Value, skip)...)
			}
		}
		return append(tokens, "}")
	case Array:
		tokens := []string{"["}
		for _, element := range n.Elements() {
			if !skip(element) {
				tokens = append(tokens, skeleton(element, skip)...)
			}
		}
		return append(tokens, "]")
	}
	return []string{string(n.Raw())}
}

func all(Node) bool { return false }

// comments returns the spans of all comments of a document.
func comments(doc *Document) []span {
	var found []span
	add := func(extra hujson.Extra, start int) {
		for at := 0; at < len(extra); {
			kind, size := nextTrivia(extra[at:])
			if kind == lineComment || kind == blockComment {
				found = append(found, span{start + at, start + at + size})
			}
			at += size
		}
	}
	tree := doc.Tree()
	for v := range tree.All() {
		add(v.BeforeExtra, v.StartOffset-len(v.BeforeExtra))
		add(v.AfterExtra, v.EndOffset)
		switch c := v.Value.(type) {
		case *hujson.Object:
			add(c.AfterExtra, v.EndOffset-1-len(c.AfterExtra))
		case *hujson.Array:
			add(c.AfterExtra, v.EndOffset-1-len(c.AfterExtra))
		}
	}
	slices.SortFunc(found, func(a, b span) int { return a.start - b.start })
	return found
}

// Whatever is read packs to what it was, is unchanged by no edits, and every
// value is at the place that its pointer names.
func FuzzParse(f *testing.F) {
	for _, file := range corpus(f) {
		f.Add(file.text)
	}
	for _, text := range seedDocuments(f) {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		doc, err := Parse(src)
		if err != nil {
			checkSyntaxError(t, src, err)
			return
		}
		if got := doc.Tree().Pack(); !bytes.Equal(got, src) {
			t.Fatalf("packs to %q", got)
		}
		tree := mustParse(t, string(src)).Tree()
		tree.UpdateOffsets()
		var starts []int
		for v := range tree.All() {
			starts = append(starts, v.StartOffset, v.EndOffset)
		}
		i := 0
		for v := range doc.root.All() {
			if v.StartOffset != starts[i] || v.EndOffset != starts[i+1] {
				t.Fatalf("value %d spans %d to %d, want %d to %d", i/2, v.StartOffset, v.EndOffset, starts[i], starts[i+1])
			}
			i += 2
		}
		if got, err := Apply(src, nil); err != nil || !bytes.Equal(got, src) {
			t.Fatalf("no edits make it %q, %v", got, err)
		}
		checkPointers(t, doc.Root(), "")
		if utf8.Valid(src) && json.Valid(src) {
			var want any
			if err := json.Unmarshal(src, &want); err == nil && canonical(want) != canonical(doc.Root().Decode()) {
				t.Fatalf("decodes to something else than package json gives")
			}
		}
	})
}

// checkPointers holds that n has the given pointer, and that the pointers of all
// that is not shadowed in it lead there.
func checkPointers(t *testing.T, n Node, pointer string) {
	if found, ok := n.doc.At(pointer); !ok || found != n || n.Pointer() != pointer {
		t.Fatalf("%q leads to %q, %v", pointer, found.Pointer(), ok)
	}
	for i, element := range n.Elements() {
		checkPointers(t, element, pointer+"/"+strconv.Itoa(i))
	}
	for _, m := range n.Members() {
		if !m.Shadowed {
			checkPointers(t, m.Value, pointer+"/"+EscapePointer(m.Name))
		}
	}
}

// One string is given any text: nothing outside of the literal changes, and what
// is in it is that text.
func FuzzSetString(f *testing.F) {
	for i, text := range seedDocuments(f) {
		f.Add([]byte(text), uint(i), "${NAME}")
		f.Add([]byte(text), uint(i), "it's \"so\" \\ \x00\n\r\u2028 🦀 // */")
	}
	f.Add([]byte(`["é"]`), uint(0), "\xc3")
	f.Fuzz(func(t *testing.T, src []byte, pick uint, text string) {
		n, ok := pickNode(src, pick, String)
		if !ok {
			return
		}
		edit := n.SetString(text)
		after, err := Apply(src, []Edit{edit})
		if (err == nil) != utf8.ValidString(text) {
			t.Fatalf("set %q: error %v", text, err)
		}
		if err != nil {
			return
		}
		tail := len(src) - n.End()
		if !bytes.Equal(after[:n.Start()], src[:n.Start()]) || !bytes.Equal(after[len(after)-tail:], src[n.End():]) {
			t.Fatalf("%q: bytes outside of the string changed", after)
		}
		literal := string(after[n.Start() : len(after)-tail])
		if literal != edit.Text || literal[0] != n.Raw()[0] {
			t.Fatalf("%q is written as %q", text, literal)
		}
		doc, err := Parse(after)
		if err != nil {
			t.Fatal(err)
		}
		want := skeleton(n.doc.Root(), all)
		got := skeleton(doc.Root(), all)
		if len(got) != len(want) {
			t.Fatalf("%q has another shape", after)
		}
		for i := range got {
			if got[i] != want[i] && (want[i] != string(n.Raw()) || got[i] != literal) {
				t.Fatalf("%q: token %d became %q", after, i, got[i])
			}
		}
		if set := nodeAt(doc, n.Start()); set.Kind() != String || set.Text() != text || set.HasLoneSurrogate() {
			t.Fatalf("%q reads %q, want %q", after, set.Text(), text)
		}
		if json.Valid(src) && !json.Valid(after) {
			t.Fatalf("%q was JSON and is not any more", after)
		}
	})
}

// Items go and come: all others keep every byte, no comment that stands alone is
// lost, and JSON stays JSON.
func FuzzRemoveInsert(f *testing.F) {
	for i, text := range seedDocuments(f) {
		f.Add([]byte(text), uint(i), uint16(1<<(i%4)), "name", `"value"`)
		f.Add([]byte(text), uint(i+1), uint16(i*7), "not a name", "{ // x\n  a: [1,\n ] }")
	}
	f.Fuzz(func(t *testing.T, src []byte, pick uint, mask uint16, name, value string) {
		if n, ok := pickNode(src, pick, Object, Array); ok {
			checkRemove(t, n, mask)
			checkInsert(t, n, name, value)
		}
	})
}

func checkRemove(t *testing.T, n Node, mask uint16) {
	src := n.doc.source
	items := n.items()
	var indexes []int
	var kept []Node
	for i, value := range values(n) {
		if mask>>(i%16)&1 == 1 {
			indexes = append(indexes, i)
		} else {
			kept = append(kept, value)
		}
	}
	edits := n.RemoveElements(indexes...)
	if n.Kind() == Object {
		edits = n.RemoveMembers(indexes...)
	}
	after, err := Apply(src, edits)
	if err != nil {
		t.Fatalf("remove %v: %v", indexes, err)
	}
	doc, err := Parse(after)
	if err != nil {
		t.Fatal(err)
	}
	own := values(n)
	gone := func(v Node) bool { return slices.Contains(own, v) && !slices.Contains(kept, v) }
	if got, want := skeleton(doc.Root(), all), skeleton(n.doc.Root(), gone); !slices.Equal(got, want) {
		t.Fatalf("remove %v gives %q", indexes, after)
	}
	if json.Valid(src) && !json.Valid(after) {
		t.Fatalf("remove %v: %q was JSON and is not any more", indexes, after)
	}
	for _, c := range comments(n.doc) {
		within := slices.ContainsFunc(indexes, func(i int) bool {
			return items[i].start <= c.start && c.end <= max(items[i].end, items[i].comma)
		})
		deleted := slices.ContainsFunc(edits, func(e Edit) bool { return e.Start < c.end && c.start < e.End })
		if deleted && !within && startsLine(src, trimBlanks(src, c.start)) {
			t.Fatalf("remove %v: the comment at %d is lost in %q", indexes, c.start, after)
		}
	}
}

func checkInsert(t *testing.T, n Node, name, value string) {
	src := n.doc.source
	edit := n.AppendElement(value)
	if n.Kind() == Object {
		edit = n.InsertMember(name, value)
	}
	parsed, parseErr := Parse([]byte(value))
	after, err := Apply(src, []Edit{edit})
	if n.Kind() == Object && !utf8.ValidString(name) || parseErr != nil {
		if err == nil {
			t.Fatalf("inserted %q: %q", name, value)
		}
		return
	}
	doc, docErr := Parse(after)
	if err != nil || docErr != nil {
		t.Fatalf("insert %q: %q: %v", name, value, err)
	}
	container := nodeAt(doc, n.Start())
	before, now := values(n), values(container)
	if len(now) != len(before)+1 {
		t.Fatalf("%d items became %d in %q", len(before), len(now), after)
	}
	added := now[len(now)-1]
	if canonical(added.Decode()) != canonical(parsed.Root().Decode()) {
		t.Fatalf("inserted %q as %q", value, added.Raw())
	}
	if n.Kind() == Object {
		if got := container.Members()[len(before)].Name; got != name {
			t.Fatalf("inserted name %q as %q", name, got)
		}
	}
	if got := skeleton(doc.Root(), func(v Node) bool { return v == added }); !slices.Equal(got, skeleton(n.doc.Root(), all)) {
		t.Fatalf("other values changed: %q", after)
	}
	if json.Valid(src) && json.Valid([]byte(value)) && !json.Valid(after) {
		t.Fatalf("%q was JSON and is not any more", after)
	}
	next := 0
	for _, c := range comments(n.doc) {
		found := bytes.Index(after[next:], src[c.start:c.end])
		if found < 0 {
			t.Fatalf("the comment at %d is lost in %q", c.start, after)
		}
		next += found + c.end - c.start
	}
}

// values returns the values of the members or elements of a container.
func values(n Node) []Node {
	values := n.Elements()
	for _, m := range n.Members() {
		values = append(values, m.Value)
	}
	return values
}

// pickNode parses src and returns one of its values of the given kinds.
func pickNode(src []byte, pick uint, kinds ...Kind) (Node, bool) {
	doc, err := Parse(src)
	if err != nil {
		return Node{}, false
	}
	var nodes []Node
	doc.Root().Walk(func(n Node) bool {
		if slices.Contains(kinds, n.Kind()) {
			nodes = append(nodes, n)
		}
		return true
	})
	if len(nodes) == 0 {
		return Node{}, false
	}
	return nodes[pick%uint(len(nodes))], true
}

// nodeAt returns the value that begins at an offset.
func nodeAt(doc *Document, start int) (found Node) {
	doc.Root().Walk(func(n Node) bool {
		if n.Start() == start {
			found = n
		}
		return true
	})
	return found
}
