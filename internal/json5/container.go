package json5

import "github.com/tailscale/hujson"

// item is what removal and insertion have to know of a member or an element.
type item struct {
	start, end int // from the name, or the element, to the end of the value
	comma      int // the offset of the comma after it, -1 without one
}

// items returns the members of an object or the elements of an array.
func (n Node) items() []item {
	var items []item
	add := func(start int, value *hujson.Value, last bool) {
		comma := value.EndOffset + len(value.AfterExtra)
		if last && value.AfterExtra == nil {
			comma = -1
		}
		items = append(items, item{start, value.EndOffset, comma})
	}
	if n.value == nil {
		return nil
	}
	switch v := n.value.Value.(type) {
	case *hujson.Object:
		for i := range v.Members {
			add(v.Members[i].Name.StartOffset, &v.Members[i].Value, i == len(v.Members)-1)
		}
	case *hujson.Array:
		for i := range v.Elements {
			add(v.Elements[i].StartOffset, &v.Elements[i], i == len(v.Elements)-1)
		}
	}
	return items
}

// interior returns the span between the brackets of an object or an array.
func (n Node) interior() span { return span{n.Start() + 1, n.End() - 1} }

// span is the bytes [start, end) of a source.
type span struct{ start, end int }
