package json5

import "github.com/tailscale/hujson"

// Kind is the kind of a value.
type Kind int

// The kinds of values. Invalid is that of the zero [Node] alone.
const (
	Invalid Kind = iota
	String
	Number
	Bool
	Null
	Object
	Array
)

// Node is one value of a document: a light handle that may be copied and
// compared. The zero Node is no value; its methods return zeros, and its edits
// are refused by [Apply].
type Node struct {
	doc   *Document
	value *hujson.Value
}

// Member is a name and a value in an object. NameStart and NameEnd are the span
// of the name in bytes, quotes included; Shadowed tells that a later member has
// the same name, so that this one is on the disk but not in the value.
type Member struct {
	Name               string // decoded
	NameStart, NameEnd int
	Value              Node
	Shadowed           bool
}

// Document returns the document that the node belongs to.
func (n Node) Document() *Document { return n.doc }

// Kind returns the kind of the value.
func (n Node) Kind() Kind {
	if n.value == nil {
		return Invalid
	}
	switch v := n.value.Value.(type) {
	case *hujson.Object:
		return Object
	case *hujson.Array:
		return Array
	case hujson.Literal:
		switch v[0] {
		case '"', '\'':
			return String
		case 't', 'f':
			return Bool
		case 'n':
			return Null
		}
	}
	return Number
}

// Start returns the offset of the value's first byte.
func (n Node) Start() int {
	if n.value == nil {
		return 0
	}
	return n.value.StartOffset
}

// End returns the offset after the value's last byte.
func (n Node) End() int {
	if n.value == nil {
		return 0
	}
	return n.value.EndOffset
}

// Raw returns the value as it stands in the source, quotes and comments within
// included. It must not be changed.
func (n Node) Raw() []byte {
	if n.value == nil {
		return nil
	}
	return n.doc.source[n.Start():n.End():n.End()]
}

// Text returns the decoded text of a string, "" of any other value.
func (n Node) Text() string {
	if n.Kind() != String {
		return ""
	}
	text, _ := decodeText(unquote(n.Raw()))
	return text
}

// HasLoneSurrogate reports whether a string escapes half of a surrogate pair. Its
// Text has U+FFFD there and is not what the gateway reads.
func (n Node) HasLoneSurrogate() bool {
	if n.Kind() != String {
		return false
	}
	_, exact := decodeText(unquote(n.Raw()))
	return !exact
}

// Members returns the members of an object in the order of the source, repeated
// names included; nil for any other value.
func (n Node) Members() []Member {
	if n.Kind() != Object {
		return nil
	}
	source := n.value.Value.(*hujson.Object).Members
	members := make([]Member, len(source))
	last := make(map[string]int, len(source))
	for i := range source {
		m := &source[i]
		name := nameText(m)
		members[i] = Member{
			Name:      name,
			NameStart: m.Name.StartOffset,
			NameEnd:   m.Name.EndOffset,
			Value:     Node{n.doc, &m.Value},
		}
		if earlier, repeated := last[name]; repeated {
			members[earlier].Shadowed = true
		}
		last[name] = i
	}
	return members
}

// Elements returns the elements of an array, nil for any other value.
func (n Node) Elements() []Node {
	if n.Kind() != Array {
		return nil
	}
	source := n.value.Value.(*hujson.Array).Elements
	elements := make([]Node, len(source))
	for i := range source {
		elements[i] = Node{n.doc, &source[i]}
	}
	return elements
}

// Walk calls visit for the value and all that are in it, depth first and in the
// order of the source, those with repeated names included. Where visit returns
// false, it does not go into the value.
func (n Node) Walk(visit func(Node) bool) {
	if n.value == nil || !visit(n) {
		return
	}
	switch v := n.value.Value.(type) {
	case *hujson.Object:
		for i := range v.Members {
			Node{n.doc, &v.Members[i].Value}.Walk(visit)
		}
	case *hujson.Array:
		for i := range v.Elements {
			Node{n.doc, &v.Elements[i]}.Walk(visit)
		}
	}
}
