package transcript

import (
	"bytes"
	"strings"

	"github.com/clawsecrets/clawsecrets/internal/unwrap"
)

// walker goes once through a record that is valid JSON, without making a tree of it,
// decides the spans that lie in its strings, and notes what must go with them.
type walker struct {
	data    []byte
	at      int
	spans   []Span   // those that are not decided yet
	refused []string // as long as spans

	header  bool // the record is a session's header
	bedrock bool // its message came through Amazon Bedrock
	changed []*block
}

func newWalker(data []byte, spans []Span, refused []string) *walker {
	return &walker{data: data, spans: spans, refused: refused}
}

// walk goes through the whole record, which is in that place.
func (w *walker) walk(p place) {
	w.value(scope{}, scope{p, nil}, nil)
	w.outside(len(w.data))
}

// value passes over the value that begins behind blanks, and returns where it began. It
// stands in outer as the member of that name, or as an element; what it holds is in inner.
func (w *walker) value(outer, inner scope, name []byte) (start int) {
	w.blanks()
	start = w.at
	switch w.data[w.at] {
	case '{', '[':
		w.container(inner)
	case '"':
		from, to := w.text()
		w.look(outer, name, from, to)
	default: // a number, true, false or null
		for w.at < len(w.data) && strings.IndexByte(",]} \t\r\n", w.data[w.at]) < 0 {
			w.at++
		}
	}
	return start
}

// container passes over an object or array.
func (w *walker) container(s scope) {
	object := w.data[w.at] == '{'
	before := none
	var last *item // if it may have to go, the item before the present one
	w.at++
	for {
		w.blanks()
		switch w.data[w.at] {
		case ',':
			w.at++
			continue
		case '}', ']':
			w.at++
			return
		}
		start := w.at
		if last != nil {
			last.after = start
		}
		var name []byte
		if object {
			name = w.name()
		}
		inner := s.child(name)
		from := w.value(s, inner, name)
		last = w.leave(s, inner, name, w.data[from:w.at], item{Span{start, w.at}, before, none})
		before = w.at
	}
}

// leave looks back at an item of a container and returns it if it may have to go.
func (w *walker) leave(outer, inner scope, name, value []byte, it item) *item {
	switch {
	case outer.place == inBlock && isSignature(name) && kindOf(text(value)) == opaque:
		signature := it
		outer.block.signatures = append(outer.block.signatures, &signature)
		return &signature
	case outer.place == inContent && inner.block.changed && len(inner.block.signatures) > 0:
		inner.block.item = it
		w.changed = append(w.changed, inner.block)
		return &inner.block.item
	}
	return nil
}

// look decides the spans that begin before the end of a string. Name is the member that
// the string is the value of.
func (w *walker) look(s scope, name []byte, from, to int) {
	content := w.data[from:to]
	w.learn(s, name, content)
	w.outside(from)
	n := 0
	for n < len(w.spans) && w.spans[n].Start < to {
		n++
	}
	if n == 0 {
		return
	}
	within := make([]Span, n)
	for i, span := range w.spans[:n] {
		within[i] = Span{span.Start - from, span.End - from}
	}
	decide(s, name, content, within, w.refused[:n])
	w.spans, w.refused = w.spans[n:], w.refused[n:]
}

// learn notes what the record and its blocks are.
func (w *walker) learn(s scope, name, content []byte) {
	switch {
	case s.place == inRecord && string(name) == "type":
		w.header = w.header || string(decoded(content)) == "session"
	case s.place == inMessage && string(name) == "api":
		w.bedrock = string(decoded(content)) == bedrockAPI
	case s.place == inBlock && string(name) == "type":
		s.block.thinks = string(decoded(content)) == "thinking"
	}
}

// outside refuses the spans that begin before end and so in no string's value.
func (w *walker) outside(end int) {
	for len(w.spans) > 0 && w.spans[0].Start < end {
		refuse(w.refused[:1], whyOutside)
		w.spans, w.refused = w.spans[1:], w.refused[1:]
	}
}

// name passes over a member's name and its colon and returns the name, decoded.
func (w *walker) name() []byte {
	from, to := w.text()
	w.blanks()
	w.at++
	return decoded(w.data[from:to])
}

// text passes over a string and returns the span of what is between its quotes.
func (w *walker) text() (from, to int) {
	w.at++
	from = w.at
	for {
		w.at += bytes.IndexByte(w.data[w.at:], '"') + 1
		to = w.at - 1
		run := to
		for run > from && w.data[run-1] == '\\' {
			run--
		}
		if (to-run)%2 == 0 {
			return from, to
		}
	}
}

// blanks passes over white space.
func (w *walker) blanks() {
	for w.data[w.at] <= ' ' {
		w.at++
	}
}

// text returns what is between the quotes of a value, nil if it is no string.
func text(value []byte) []byte {
	if value[0] != '"' {
		return nil
	}
	return value[1 : len(value)-1]
}

// decoded returns what the inside of a string stands for.
func decoded(content []byte) []byte {
	if bytes.IndexByte(content, '\\') < 0 {
		return content
	}
	return unwrap.Unescape(nil, content)
}
