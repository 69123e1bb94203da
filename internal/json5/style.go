package json5

import (
	"bytes"
	"strings"

	"github.com/tailscale/hujson"
)

// nameStyle is how the names of members are written.
type nameStyle struct {
	quote       byte // ' or "
	bare        bool // names that are identifiers have no quotes
	beforeColon string
	afterColon  string
}

func (s nameStyle) render(name string) string {
	text := quote(name, s.quote)
	if s.bare && isIdentifier(name) {
		text = name
	}
	return text + s.beforeColon + ":" + s.afterColon
}

// nameStyle returns the style of an object's names; that of the first object of
// the document with members when it has none, or is an array.
func (n Node) nameStyle() nameStyle {
	style := nameStyle{quote: '"', afterColon: " "}
	object, ok := n.value.Value.(*hujson.Object)
	if !ok || len(object.Members) == 0 {
		object = n.doc.firstObject()
	}
	if object == nil {
		return style
	}
	for i := range object.Members {
		m := &object.Members[i]
		switch first := m.Name.Value.(hujson.Literal)[0]; first {
		case '"', '\'':
			style.quote = first
		default:
			style.bare = true
		}
		style.beforeColon = oneBlank(m.Name.AfterExtra, "")
		style.afterColon = oneBlank(m.Value.BeforeExtra, " ")
	}
	return style
}

// oneBlank returns extra when it is nothing or one blank. More than that is the
// alignment of one member, or a comment on it.
func oneBlank(extra hujson.Extra, otherwise string) string {
	switch text := string(extra); text {
	case "", " ", "\t":
		return text
	}
	return otherwise
}

// firstObject returns the first object of the document that has members, nil
// without one.
func (d *Document) firstObject() (first *hujson.Object) {
	d.Root().Walk(func(n Node) bool {
		if object, ok := n.value.Value.(*hujson.Object); ok && first == nil && len(object.Members) > 0 {
			first = object
		}
		return first == nil
	})
	return first
}

// newline returns the line end that the document uses first.
func (d *Document) newline() string {
	if i := bytes.IndexByte(d.source, '\n'); i > 0 && d.source[i-1] == '\r' {
		return "\r\n"
	}
	return "\n"
}

// indentUnit returns one level of indentation: that of the root's first item,
// two blanks if it has none.
func (d *Document) indentUnit() string {
	if items := d.Root().items(); len(items) > 0 {
		outer := lineIndent(d.source, d.root.StartOffset)
		inner := lineIndent(d.source, items[0].start)
		if unit, ok := strings.CutPrefix(inner, outer); ok && unit != "" {
			return unit
		}
	}
	return "  "
}

// lineIndent returns the blanks and tabs that the line of an offset begins with.
func lineIndent(src []byte, offset int) string {
	line := src[bytes.LastIndexAny(src[:offset], "\n\r")+1 : offset]
	return string(line[:len(line)-len(bytes.TrimLeft(line, " \t"))])
}
