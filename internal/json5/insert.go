package json5

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"github.com/tailscale/hujson"
)

// InsertMember returns the edit that adds a member at the end of an object, after
// its comments too, in the style of its siblings: their indentation or their one
// line, their line ends, their quotes around names or none, their comma after the
// last. rawValue is JSON5 text. Among members on lines of their own the later ones
// of its lines are indented by as much as the member, unless a string goes on over
// one of their ends; within one line it is taken as it is. Whether there already
// is a member of that name is not looked at.
//
// A value that is no object, a name that is not UTF-8 or a rawValue that is no
// JSON5 makes an edit that [Apply] refuses.
func (n Node) InsertMember(name, rawValue string) Edit {
	value, ok := parseValue(rawValue)
	if n.Kind() != Object || !ok || !utf8.ValidString(name) {
		return refused()
	}
	names := n.nameStyle()
	return n.insert(names.render(name), value, names.afterColon)
}

// AppendElement does for an array what [Node.InsertMember] does for an object.
func (n Node) AppendElement(rawValue string) Edit {
	value, ok := parseValue(rawValue)
	if n.Kind() != Array || !ok {
		return refused()
	}
	return n.insert("", value, n.nameStyle().afterColon)
}

// parseValue reads the text of a value; what surrounds it is dropped.
func parseValue(raw string) (Node, bool) {
	doc, err := Parse([]byte(raw))
	if err != nil {
		return Node{}, false
	}
	return doc.Root(), true
}

// insert adds prefix and value at the end of a container. Separator goes between
// items on one line where the container does not show one.
func (n Node) insert(prefix string, value Node, separator string) Edit {
	items := n.items()
	if len(items) == 0 {
		return n.insertFirst(prefix, value)
	}
	src, last := n.doc.source, items[len(items)-1]
	before := n.interior().start
	if len(items) > 1 {
		before = items[len(items)-2].comma + 1
		if gap := src[before:last.start]; len(bytes.Trim(gap, " \t")) == 0 {
			separator = string(gap)
		}
	}
	tailStart := last.end
	if last.comma >= 0 {
		tailStart = last.comma + 1
	}
	tail := summarize(src[tailStart:n.interior().end])
	at := tailStart + tail.lastComment.end
	ownLine := summarize(src[before:last.start]).lines
	lead, indent := separator, ""
	if ownLine || tail.lastIsLine {
		indent = lineIndent(src, last.start)
		if !ownLine {
			indent = lineIndent(src, n.Start()) + n.doc.indentUnit()
		}
		lead = n.doc.newline() + indent
		value = value.reindent(n.doc.newline() + indent)
	}
	text := lead + prefix + string(value.Raw())
	if last.comma >= 0 {
		return Edit{at, at, text + ","}
	}
	return Edit{last.end, at, "," + string(src[last.end:at]) + text}
}

// insertFirst is insert for a container without items.
func (n Node) insertFirst(prefix string, value Node) Edit {
	src, inside, newline := n.doc.source, n.interior(), n.doc.newline()
	content := summarize(src[inside.start:inside.end])
	outer := lineIndent(src, n.Start())
	indent := outer + n.doc.indentUnit()
	ownLine := content.lines || !content.comments && n.startsOwnLine()
	if comment := inside.start + content.lastComment.start; startsLine(src, trimBlanks(src, comment)) {
		indent = lineIndent(src, comment)
	}
	if ownLine {
		value = value.reindent(newline + indent)
	}
	text := prefix + string(value.Raw())
	at := inside.start + content.lastComment.end
	switch {
	case content.comments && ownLine:
		return Edit{at, at, newline + indent + text}
	case content.comments:
		return Edit{at, at, " " + text}
	case ownLine:
		return Edit{inside.start, inside.end, newline + indent + text + newline + outer}
	}
	padding := string(src[inside.start:inside.end])
	return Edit{inside.start, inside.end, padding + text + padding}
}

// startsOwnLine reports whether the value is an item that its container has
// begun a new line for.
func (n Node) startsOwnLine() bool {
	path := n.path()
	if len(path) == 0 {
		return false
	}
	parent := path[len(path)-1]
	items := Node{n.doc, parent.container}.items()
	before := parent.container.StartOffset + 1
	if parent.index > 0 {
		before = items[parent.index-1].comma + 1
	}
	return summarize(n.doc.source[before:items[parent.index].start]).lines
}

// reindent returns the value with newline in place of its line ends, unless one
// of them is within a string or a name, where it may not be touched.
func (n Node) reindent(newline string) Node {
	tree := n.doc.Tree()
	for v := range tree.All() {
		if literal, ok := v.Value.(hujson.Literal); ok && bytes.ContainsAny(literal, "\n\r\u2028\u2029") {
			return n
		}
	}
	raw := strings.ReplaceAll(string(n.Raw()), "\r\n", "\n")
	if value, ok := parseValue(strings.ReplaceAll(raw, "\n", newline)); ok {
		return value
	}
	return n
}
