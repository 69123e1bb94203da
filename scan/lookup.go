package scan

import (
	"bytes"
	"slices"

	"github.com/clawsecrets/clawsecrets/internal/gateway"
	"github.com/clawsecrets/clawsecrets/internal/json5"
	"github.com/clawsecrets/clawsecrets/internal/search"
	"github.com/clawsecrets/clawsecrets/internal/unwrap"
)

// lookup finds out what the hits in one file stand in. It takes them in their order.
type lookup struct {
	file   *gateway.File
	before *standing
	leaves map[place]*gateway.Leaf

	document *json5.Document
	strings  []json5.Node // in order
	names    spans
	comments spans
	in       decoding
}

func (l *lookup) prepare() {
	document, err := l.file.Document()
	if err != nil {
		return // a text
	}
	l.document = document
	document.Root().Walk(func(node json5.Node) bool {
		if node.Kind() == json5.String {
			l.strings = append(l.strings, node)
		}
		for _, member := range node.Members() {
			l.names.add(member.NameStart, member.NameEnd)
		}
		return true
	})
	document.Comments(l.comments.add)
	l.names.sort()
	l.comments.sort()
}

// finding returns what a hit is, nil if it was found before.
func (l *lookup) finding(hit search.Hit) *Finding {
	start, end := int(hit.Start), int(hit.End)
	live := isLive(l.file.Surface)
	if l.before.has(hit.Value.Reveal(), start, end) || live && l.before.covers(start, end) {
		return nil
	}
	f := &Finding{
		Rule: hit.Rule, Detector: Known, Value: hit.Value,
		Location: Location{
			File: l.file, Line: hit.Line, Column: hit.Column,
			Start: start, End: end, From: hit.From, To: hit.To, Layers: hit.Layers,
		},
	}
	node, ok := l.stringAt(start, end)
	switch {
	case ok:
		l.inString(f, node)
		if live && f.Node == (json5.Node{}) {
			f.Action, f.Note = Keep, "inside of another text, which encodes it: change it by hand"
		}
	case l.document == nil && l.file.Surface == "dotenv":
		if f.Action = Keep; l.onComment(start) {
			f.Note = "in a comment: delete the comment"
		}
	case l.document == nil && live:
		f.Action = Keep // broken: nothing can be taken out of it
	case l.document == nil:
	case l.names.covers(start, end):
		f.Action, f.Note = Keep, "the name of a key: rename it"
	case l.comments.covers(start, end):
		f.Action, f.Note = Keep, "in a comment: delete the comment"
	case live:
		f.Action = Keep
	}
	return f
}

// isLive reports whether the gateway uses what a file of that kind holds as it stands.
func isLive(surface gateway.Surface) bool {
	return surface == "config" || surface == "include" || surface == "auth-profile"
}

// inString completes a finding within a JSON string.
func (l *lookup) inString(f *Finding, node json5.Node) {
	f.Pointer = node.Pointer()
	from, ok := l.in.at(node, f.Start)
	to := from + len(f.Value.Reveal())
	if !ok || to > len(node.Text()) || node.Text()[from:to] != f.Value.Reveal() {
		return // wrapped once more
	}
	f.Node, f.From, f.To, f.Layers = node, from, to, ""
	leaf := l.leaves[place{f.File, node.Start()}]
	switch {
	case leaf == nil:
		if isLive(f.File.Surface) && f.File.Surface != "auth-profile" {
			f.Action = Keep // the path of an include: the gateway expands nothing in it
		}
	case f.File.Outside():
		f.Leaf, f.Action, f.Note = leaf, Keep, "the file lies outside the state directory"
	default:
		f.Leaf = leaf
	}
}

// stringAt returns the string that holds these bytes.
func (l *lookup) stringAt(start, end int) (json5.Node, bool) {
	i, found := slices.BinarySearchFunc(l.strings, start, func(node json5.Node, at int) int { return node.Start() - at })
	if !found {
		i--
	}
	if i < 0 || start <= l.strings[i].Start() || end >= l.strings[i].End() {
		return json5.Node{}, false
	}
	return l.strings[i], true
}

// decoding tells where in the text of a string a byte of the file stands. Within one string it
// goes forward only: a text may have a hundred thousand secrets.
type decoding struct {
	node             json5.Node
	plain            bool // the escapes of JSON are all that it has
	written, decoded int  // of a place that is known
}

func (d *decoding) at(node json5.Node, offset int) (decoded int, ok bool) {
	raw := node.Raw()
	if d.node != node {
		*d = decoding{node: node, written: 1}
		d.plain = string(unwrap.Unescape(nil, raw[1:len(raw)-1])) == node.Text()
	}
	if offset -= node.Start(); !d.plain || offset < d.written || offset > len(raw) {
		return 0, false
	}
	d.decoded += len(unwrap.Unescape(nil, raw[d.written:offset]))
	d.written = offset
	return d.decoded, true
}

// onComment reports whether a place in a .env is on a line of comment.
func (l *lookup) onComment(at int) bool {
	line := l.file.Data[:at]
	line = line[bytes.LastIndexByte(line, '\n')+1:]
	return bytes.HasPrefix(bytes.TrimSpace(line), []byte("#"))
}
