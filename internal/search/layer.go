package search

import "github.com/clawsecrets/clawsecrets/internal/unwrap"

// layer is a text that was decoded from a part of another.
type layer struct {
	kind rune
	// outer is the text it was decoded from, in the layer around it, and start where that
	// begins there.
	outer  []byte
	start  int
	around *layer
	// lead is how many bytes of text stand before the decoded ones, as context.
	lead, decoded int

	// Two places whose source is known, to begin the way to another at. last is that of
	// the last one asked for, and inner that of the layer within this one that was last
	// asked for: its secrets do not come in one order, but all behind that.
	last, inner sourced
	pinned      bool // this layer's start is the inner place of the one around it

	// from and to are, of a run of base64 that has been asked for them, where in the
	// searched text it stands.
	placed   bool
	from, to int
}

// sourced is a place in a decoded text and where it comes from.
type sourced struct{ decoded, source int }

// path returns the kinds of the layers, from the outside in.
func (l *layer) path() string {
	if l == nil {
		return ""
	}
	return l.around.path() + string(l.kind)
}

// place returns the bytes of the searched text that hold text[start:end] of the layer.
func (l *layer) place(start, end int) (from, to int) {
	for ; l != nil; l = l.around {
		start, end = l.source(start-l.lead, end-l.lead)
		start, end = start+l.start, end+l.start
	}
	return start, end
}

// run returns the run of base64 that the layer is or lies in, nil for none, and which of
// its decoded bytes the one at place comes from.
func (l *layer) run(place int) (run *layer, at int) {
	for ; l != nil; l = l.around {
		place -= l.lead
		if l.kind == layerBase64 {
			return l, place
		}
		place, _ = l.source(place, place)
		place += l.start
	}
	return nil, 0
}

// extent returns the bytes of the searched text that hold all of a run of base64.
func (l *layer) extent() (from, to int) {
	if !l.placed {
		l.from, l.to = l.around.place(l.start, l.start+len(l.outer))
		l.placed = true
	}
	return l.from, l.to
}

// source returns the bytes of outer that the decoded ones from start to end come from.
// It does not begin at the beginning each time: there may be thousands of secrets in a text.
func (l *layer) source(start, end int) (from, to int) {
	if !l.pinned && l.around != nil {
		l.around.source(l.around.decodedAt(l.start), l.around.decodedAt(l.start))
		l.around.inner = l.around.last
	}
	l.pinned = true
	known := sourced{}
	for _, place := range []sourced{l.inner, l.last} {
		if known.decoded < place.decoded && place.decoded <= start {
			known = place
		}
	}
	rest := l.outer[known.source:]
	if mark := l.mark(start); mark > known.decoded {
		before, after := l.span(rest, mark-known.decoded, mark-known.decoded)
		if before == after {
			known = sourced{mark, known.source + before}
			rest = l.outer[known.source:]
		}
	}
	l.last = known
	from, to = l.span(rest, start-known.decoded, end-known.decoded)
	return known.source + from, known.source + to
}

// decodedAt returns the place among the decoded bytes of a place in the layer's text.
func (l *layer) decodedAt(place int) int { return min(max(place-l.lead, 0), l.decoded) }

// mark returns the place at or before start that decoding can begin at.
func (l *layer) mark(start int) int {
	if l.kind == layerBase64 {
		return start - start%3 // four characters are three bytes
	}
	return start
}

// span is source without what is known.
func (l *layer) span(outer []byte, start, end int) (from, to int) {
	switch l.kind {
	case layerJSON:
		return unwrap.UnescapeSpan(outer, start, end)
	case layerPercent, layerForm:
		return unwrap.PercentSpan(outer, start, end)
	}
	return unwrap.Base64Span(outer, start, end)
}
