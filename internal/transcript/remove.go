package transcript

// none is the offset of what is not there.
const none = -1

// item is a member of an object or an element of an array, with where the one before it
// ends and the one after it begins.
type item struct {
	Span
	before, after int
}

// removals returns what must go with the changes of blocks.
func (w *walker) removals() []Span {
	var items []*item
	for _, b := range w.changed {
		if b.thinks && w.bedrock {
			items = append(items, &b.item)
		} else {
			items = append(items, b.signatures...)
		}
	}
	return cuts(items)
}

// cuts returns the spans to take out, in order, so that items and nothing else go, each
// with one comma. The items are in order.
func cuts(items []*item) []Span {
	var spans []Span
	for len(items) > 0 {
		first, last := items[0], items[0]
		for items = items[1:]; len(items) > 0 && items[0].before == last.End; items = items[1:] {
			last = items[0]
		}
		switch {
		case last.after != none:
			spans = append(spans, Span{first.Start, last.after})
		case first.before != none:
			spans = append(spans, Span{first.before, last.End})
		default:
			spans = append(spans, Span{first.Start, last.End})
		}
	}
	return spans
}
