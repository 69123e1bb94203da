package json5

import (
	"cmp"
	"slices"
)

// RemoveMembers returns the edits that remove members, by their indexes in
// [Node.Members], from an object. An index that does not exist, or a value that is
// no object, makes an edit that [Apply] refuses.
//
// The comma goes with the member, and so does a comment between the two. A member
// that has its lines to itself takes them along, with the comment that follows it
// there. All other comments stay, also those on the lines above: they may speak of
// more than this member. When the last member goes, the one that becomes the last
// keeps its comma only if the removed one had one: what was JSON stays JSON.
func (n Node) RemoveMembers(indexes ...int) []Edit {
	if n.Kind() != Object {
		return []Edit{refused()}
	}
	return n.remove(indexes)
}

// RemoveElements does for the elements of an array what [Node.RemoveMembers] does
// for the members of an object.
func (n Node) RemoveElements(indexes ...int) []Edit {
	if n.Kind() != Array {
		return []Edit{refused()}
	}
	return n.remove(indexes)
}

func (n Node) remove(indexes []int) []Edit {
	items := n.items()
	removed := make([]bool, len(items))
	for _, i := range indexes {
		if i < 0 || i >= len(items) {
			return []Edit{refused()}
		}
		removed[i] = true
	}
	if n.bare(items) && !slices.Contains(removed, false) && len(items) > 0 {
		inside := n.interior()
		return []Edit{{inside.start, inside.end, ""}}
	}
	src := n.doc.source
	var spans []span
	for i, gone := range removed {
		if gone {
			spans = append(spans, removal(src, items[i])...)
		}
	}
	if comma := strayComma(items, removed); comma >= 0 {
		spans = append(spans, span{comma, comma + 1})
	}
	var edits []Edit
	for _, s := range mergeSpans(src, spans) {
		s = tidy(src, s, n.interior().end)
		edits = append(edits, Edit{s.start, s.end, ""})
	}
	return edits
}

// bare reports whether there are no comments beside the items of a container.
func (n Node) bare(items []item) bool {
	inside := n.interior()
	at := inside.start
	for _, it := range items {
		if summarize(n.doc.source[at:it.start]).comments {
			return false
		}
		at = it.end
	}
	return !summarize(n.doc.source[at:inside.end]).comments
}

// strayComma returns the offset of the comma that would be left at the end of the
// container where there was none, -1 if there is none such.
func strayComma(items []item, removed []bool) int {
	last := len(items) - 1
	if last < 0 || !removed[last] || items[last].comma >= 0 {
		return -1
	}
	for i := last - 1; i >= 0; i-- {
		if !removed[i] {
			return items[i].comma
		}
	}
	return -1
}

// removal returns the text that belongs to an item and nothing else: itself, its
// comma, and the comment after it on a line that it has to itself.
func removal(src []byte, it item) []span {
	end := it.end
	var apart []span
	if it.comma >= 0 {
		between := summarize(src[it.end:it.comma])
		if between.comments && between.lines {
			apart = []span{{it.comma, it.comma + 1}}
		} else {
			end = it.comma + 1
		}
	}
	if startsLine(src, trimBlanks(src, it.start)) {
		end = restOfLine(src, end)
	}
	return append([]span{{it.start, end}}, apart...)
}

// restOfLine returns the end of the comments between at and the end of the line,
// or at when something else stands there or a comment goes on after the line.
func restOfLine(src []byte, at int) int {
	end := at
	for next := at; ; {
		kind, size := nextTrivia(src[next:])
		next += size
		switch kind {
		case blank:
		case lineComment:
			return next
		case blockComment:
			if lineLength(src[next-size:next]) < size {
				return at
			}
			end = next
		case lineEnd:
			return end
		default:
			return at
		}
	}
}

// mergeSpans sorts spans and joins those with only white space between them.
func mergeSpans(src []byte, spans []span) []span {
	slices.SortFunc(spans, func(a, b span) int { return cmp.Compare(a.start, b.start) })
	var merged []span
	for _, s := range spans {
		if last := len(merged) - 1; last >= 0 && isSpace(src[merged[last].end:s.start]) {
			merged[last].end = s.end
			continue
		}
		merged = append(merged, s)
	}
	return merged
}

// isSpace reports whether src is white space from end to end.
func isSpace(src []byte) bool {
	for len(src) > 0 {
		kind, size := nextTrivia(src)
		if kind != blank && kind != lineEnd {
			return false
		}
		src = src[size:]
	}
	return true
}

// tidy widens a span over the white space that would be left too much: its whole
// lines when nothing else is on them, otherwise the blanks on one side. Closer is
// the offset of the closing bracket.
func tidy(src []byte, s span, closer int) span {
	left, right := trimBlanks(src, s.start), skipBlanks(src, s.end)
	next, atLineEnd := endsLine(src, right)
	comma := src[s.start] == ',' // the comma of an item that stays
	switch {
	case startsLine(src, left) && atLineEnd:
		return span{left, next}
	case comma && s.end == s.start+1:
		return s
	case atLineEnd:
		return span{left, right}
	case comma || right == closer:
		return span{left, s.end}
	}
	return span{s.start, right}
}
