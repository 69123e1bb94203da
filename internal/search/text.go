package search

import (
	"bytes"

	"github.com/clawsecrets/clawsecrets/internal/rules"
	"github.com/clawsecrets/clawsecrets/internal/secret"
	"github.com/clawsecrets/clawsecrets/internal/unwrap"
)

// texts searches one text after another, through its layers. It keeps the memory that
// it works in, and is for one goroutine.
type texts struct {
	finder *rules.Finder
	place  *rules.Place
	raw    bool // layers stay on
	// forms finds known values in forms that do not show by themselves, which spaces have.
	forms  func(text []byte) []found
	spaces bool
	// buffers holds the decoded text of each depth.
	buffers [deepest + 1][]byte
	hits    []Hit
}

// deepest is how many layers are taken off: JSON in JSON in JSON, as a tool result that
// quotes another, and base64 within.
const deepest = 4

// record searches a line that is JSON: its text is that of its strings.
func (t *texts) record(line []byte) {
	if t.raw {
		t.layer(line, nil, deepest)
		return
	}
	text := unwrap.Unescape(t.buffers[0][:0], line)
	t.buffers[0] = text
	if len(text) == len(line) {
		t.layer(line, nil, 1)
		return
	}
	t.layer(text, &layer{kind: layerJSON, outer: line, decoded: len(text)}, 1)
}

// plain searches a text that is no JSON, of any number of lines.
func (t *texts) plain(text []byte) {
	if t.raw {
		t.layer(text, nil, deepest)
		return
	}
	t.layer(text, nil, 0)
}

// layer searches text and what is wrapped in it.
func (t *texts) layer(text []byte, l *layer, depth int) {
	for _, m := range t.finder.Find(text, t.place) {
		if l != nil && (m.Start < l.lead || m.End > l.lead+l.decoded) {
			continue // context
		}
		if l != nil && l.kind == layerForm && m.Detector != rules.DetectorKnown {
			continue // how plus signs are meant, only what is found tells
		}
		t.add(text, l, m)
	}
	if depth == deepest {
		return
	}
	hidden := t.forms(text)
	if !l.within(layerForm) {
		t.spaced(text, hidden, l, depth)
	}
	t.json(text, l, depth)
	t.percent(text, l, depth)
	if l == nil || !l.within(layerBase64) {
		t.base64(text, hidden, l, depth)
	}
}

func (l *layer) within(kind rune) bool {
	return l != nil && (l.kind == kind || l.around.within(kind))
}

func (t *texts) json(text []byte, l *layer, depth int) {
	if bytes.IndexByte(text, '\\') < 0 {
		return
	}
	unwrap.Segments(text, func(start, end int) bool {
		outer := text[start:end]
		decoded := unwrap.Unescape(t.buffers[depth][:0], outer)
		t.buffers[depth] = decoded
		t.layer(decoded, &layer{kind: layerJSON, outer: outer, start: start, around: l, decoded: len(decoded)}, depth+1)
		return true
	})
}

func (t *texts) percent(text []byte, l *layer, depth int) {
	if bytes.IndexByte(text, '%') < 0 || l.within(layerPercent) || l.within(layerForm) {
		return
	}
	unwrap.PercentSegments(text, func(start, end int) bool {
		outer := text[start:end]
		decoded := unwrap.Percent(t.buffers[depth][:0], outer)
		t.buffers[depth] = decoded
		t.layer(decoded, &layer{kind: layerPercent, outer: outer, start: start, around: l, decoded: len(decoded)}, depth+1)
		if t.spaces && bytes.IndexByte(outer, '+') >= 0 {
			t.form(text, start, end, l, depth)
		}
		return true
	})
}

// leading is how much text before a run of base64 is shown to the rules: the name that
// it stands under.
const leading = 64

func (t *texts) base64(text []byte, hidden []found, l *layer, depth int) {
	var seen spans
	unwrap.Base64(text, func(start, end int, decoded []byte) bool {
		if len(hidden) > 0 {
			seen.add(int64(start), int64(end))
		}
		t.run(text, start, end, decoded, l, depth)
		return true
	})
	t.hidden(text, hidden, seen, l, depth)
}

// run searches the run of base64 text[start:end].
func (t *texts) run(text []byte, start, end int, decoded []byte, l *layer, depth int) {
	lead := text[max(0, start-leading):start]
	whole := append(append(t.buffers[depth][:0], lead...), decoded...)
	whole = append(whole, bytes.TrimRight(text[end:min(len(text), end+1)], "\r\n")...) // a line feed would be taken for a part of it
	t.buffers[depth] = whole
	t.layer(whole, &layer{
		kind: layerBase64, outer: text[start:end], start: start, around: l, lead: len(lead), decoded: len(decoded),
	}, depth+1)
}

// add records a match within the text of a layer.
func (t *texts) add(text []byte, l *layer, m rules.Match) {
	h := Hit{
		Rule: m.Rule, Detector: m.Detector, rank: m.Rank, Layers: l.path(),
		Value: secret.New(string(text[m.Start:m.End])),
	}
	start, end := l.place(m.Start, m.End)
	h.at = start
	if run, from := l.run(m.Start); run != nil {
		_, to := l.run(m.End)
		if from < 0 || to > run.decoded {
			return // context of the run, in a layer within it
		}
		h.From, h.To = from, to
		start, end = run.extent()
	}
	h.Start, h.End = int64(start), int64(end)
	t.hits = append(t.hits, h)
}
