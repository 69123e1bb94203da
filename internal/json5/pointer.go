package json5

import (
	"sort"
	"strconv"
	"strings"

	"github.com/tailscale/hujson"
)

// EscapePointer returns a member's name as a token of a JSON Pointer (RFC 6901):
// ~ as ~0 and / as ~1.
func EscapePointer(token string) string {
	return strings.ReplaceAll(strings.ReplaceAll(token, "~", "~0"), "/", "~1")
}

// At returns the value that a JSON Pointer (RFC 6901) leads to, and whether there
// is one. Of members with the same name the last counts, as when the gateway
// reads the document.
func (d *Document) At(pointer string) (Node, bool) {
	if pointer == "" {
		return d.Root(), true
	}
	if pointer[0] != '/' {
		return Node{}, false
	}
	value := &d.root
	for token := range strings.SplitSeq(pointer[1:], "/") {
		if value = d.child(value, token); value == nil {
			return Node{}, false
		}
	}
	return Node{d, value}, true
}

// child returns the value that one token of a pointer leads to, nil without one.
func (d *Document) child(parent *hujson.Value, token string) *hujson.Value {
	switch v := parent.Value.(type) {
	case *hujson.Object:
		if name, ok := unescapePointer(token); ok {
			return d.member(v, name)
		}
	case *hujson.Array:
		index, err := strconv.Atoi(token)
		// Only the one way to write a number will do: neither 01 nor +1.
		if err == nil && strconv.Itoa(index) == token && 0 <= index && index < len(v.Elements) {
			return &v.Elements[index]
		}
	}
	return nil
}

// member returns the value of the last member with a name, nil without one.
func (d *Document) member(object *hujson.Object, name string) *hujson.Value {
	const few = 16 // up to which looking at each costs less than an index
	if len(object.Members) > few {
		if i, ok := d.nameIndex(object)[name]; ok {
			return &object.Members[i].Value
		}
		return nil
	}
	for i := len(object.Members) - 1; i >= 0; i-- {
		if nameText(&object.Members[i]) == name {
			return &object.Members[i].Value
		}
	}
	return nil
}

// nameIndex returns the index of the last member of each name.
func (d *Document) nameIndex(object *hujson.Object) map[string]int {
	if known, ok := d.names.Load(object); ok {
		return known.(map[string]int)
	}
	index := make(map[string]int, len(object.Members))
	for i := range object.Members {
		index[nameText(&object.Members[i])] = i
	}
	d.names.Store(object, index)
	return index
}

// unescapePointer is the inverse of EscapePointer; not ok is a ~ that escapes nothing.
func unescapePointer(token string) (name string, ok bool) {
	name = strings.ReplaceAll(strings.ReplaceAll(token, "~1", "/"), "~0", "~")
	return name, strings.Count(token, "~") == strings.Count(token, "~0")+strings.Count(token, "~1")
}

// Pointer returns the JSON Pointer (RFC 6901) of the value, "" for the root. A
// shadowed member has the pointer of the one that shadows it.
func (n Node) Pointer() string {
	if n.value == nil {
		return ""
	}
	var pointer strings.Builder
	for _, step := range n.path() {
		pointer.WriteByte('/')
		switch v := step.container.Value.(type) {
		case *hujson.Object:
			pointer.WriteString(EscapePointer(nameText(&v.Members[step.index])))
		case *hujson.Array:
			pointer.WriteString(strconv.Itoa(step.index))
		}
	}
	return pointer.String()
}

// Parent returns the object or array that the value stands in, and its index among
// [Node.Members] or [Node.Elements]; not ok is the root, and the zero Node.
func (n Node) Parent() (container Node, index int, ok bool) {
	if n.value == nil {
		return Node{}, 0, false
	}
	steps := n.path()
	if len(steps) == 0 {
		return Node{}, 0, false
	}
	last := steps[len(steps)-1]
	return Node{n.doc, last.container}, last.index, true
}

// step is one level of the way from the root to a value.
type step struct {
	container *hujson.Value
	index     int // of the member or element that the way goes on to
}

// path returns the way from the root to the value. A node knows no parent: the
// way is found by the value's place in the source.
func (n Node) path() []step {
	var steps []step
	for at := &n.doc.root; at != n.value; {
		switch v := at.Value.(type) {
		case *hujson.Object:
			index := sort.Search(len(v.Members), func(i int) bool { return v.Members[i].Value.EndOffset > n.Start() })
			steps = append(steps, step{at, index})
			at = &v.Members[index].Value
		case *hujson.Array:
			index := sort.Search(len(v.Elements), func(i int) bool { return v.Elements[i].EndOffset > n.Start() })
			steps = append(steps, step{at, index})
			at = &v.Elements[index]
		}
	}
	return steps
}
