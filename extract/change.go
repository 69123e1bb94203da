package extract

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/clawsecrets/clawsecrets/internal/gateway"
	"github.com/clawsecrets/clawsecrets/internal/json5"
	"github.com/clawsecrets/clawsecrets/scan"
)

// Change is one file before and after.
type Change struct {
	File *gateway.File
	New  []byte
	// Edits turn the old bytes into the new ones, in order, without overlaps.
	Edits []json5.Edit
	undo  []inverse
}

// fileEdits collects the edits of one file. Members and elements that go are
// collected by the object they go from, since their commas depend on one another.
type fileEdits struct {
	file    *gateway.File
	edits   []json5.Edit
	removed map[int]*removal // by the start of the object or array
}

type removal struct {
	from    json5.Node
	indexes []int
}

func (p *planner) edit(file *gateway.File) *fileEdits {
	if p.edits[file] == nil {
		p.edits[file] = &fileEdits{file: file, removed: map[int]*removal{}}
	}
	return p.edits[file]
}

func (e *fileEdits) add(edits ...json5.Edit) { e.edits = append(e.edits, edits...) }

// remove takes a member out of an object, or an element out of an array.
func (e *fileEdits) remove(from json5.Node, index int) {
	r := e.removed[from.Start()]
	if r == nil {
		r = &removal{from: from}
		e.removed[from.Start()] = r
	}
	if !slices.Contains(r.indexes, index) {
		r.indexes = append(r.indexes, index)
	}
}

// removable reports whether a member or an element can go by itself: with no comment
// that would go with it, which may say anything.
func removable(from json5.Node, index int) bool {
	edits := from.RemoveMembers(index)
	if from.Kind() == json5.Array {
		edits = from.RemoveElements(index)
	}
	data, free := from.Document().Source(), true
	from.Document().Comments(func(start, end int) {
		for _, edit := range edits {
			if low, high := max(start, edit.Start), min(end, edit.End); low < high && bytes.IndexByte(data[low:high], '/') >= 0 {
				free = false
			}
		}
	})
	return free
}

// close turns the removals into edits.
func (e *fileEdits) close() {
	for _, r := range e.removed {
		if r.from.Kind() == json5.Array {
			e.add(r.from.RemoveElements(r.indexes...)...)
		} else {
			e.add(r.from.RemoveMembers(r.indexes...)...)
		}
	}
	e.removed = map[int]*removal{}
	slices.SortFunc(e.edits, func(a, b json5.Edit) int { return a.Start - b.Start })
}

func (e *fileEdits) change(moves []*Move, found []*scan.Finding) (*Change, error) {
	updated, err := json5.Apply(e.file.Data, e.edits)
	if err != nil {
		return nil, fmt.Errorf("%s: the edits do not fit together: %w", e.file.Path, err)
	}
	undo, err := inverses(e.file, e.edits, moves, found)
	if err != nil {
		return nil, err
	}
	return &Change{File: e.file, New: updated, Edits: e.edits, undo: undo}, nil
}

// inverse puts the old bytes of one edit back: Start and End are bytes of the new
// file, Was is what stood there, every secret as a hole.
type inverse struct {
	Start int     `json:"start"`
	End   int     `json:"end"`
	Was   []piece `json:"was,omitempty"`
}

// piece is text, or the hole that a moved value left.
type piece struct {
	Text string `json:"text,omitempty"`
	// Name is the variable that fills the hole.
	Name string `json:"name,omitempty"`
	// Quote is the quote that the value stands in where it has to be escaped, ""
	// where it stands as it is.
	Quote string `json:"quote,omitempty"`
}

// inverses records how to undo edits of a file. It fails rather than record a
// secret that is not moved.
func inverses(file *gateway.File, edits []json5.Edit, moves []*Move, found []*scan.Finding) ([]inverse, error) {
	holes := holesIn(file, moves)
	var undo []inverse
	shift := 0
	for _, edit := range edits {
		for _, part := range split(file.Data, edit) {
			pieces, err := pieces(file, part, holes, found)
			if err != nil {
				return nil, err
			}
			start := part.Start + shift
			undo = append(undo, inverse{Start: start, End: start + len(part.Text), Was: pieces})
			shift += len(part.Text) - (part.End - part.Start)
		}
	}
	return undo, nil
}

// split cuts an edit that only puts something around what stands there into its
// insertions: what stays need not be recorded.
func split(data []byte, edit json5.Edit) []json5.Edit {
	stays := string(data[edit.Start:edit.End])
	before, after, ok := strings.Cut(edit.Text, stays)
	if stays == "" || !ok {
		return []json5.Edit{edit}
	}
	return []json5.Edit{{Start: edit.Start, End: edit.Start, Text: before}, {Start: edit.End, End: edit.End, Text: after}}
}

// hole is where a moved value stands in a file, in raw bytes.
type hole struct {
	start, end int
	name       string
	quote      string
}

// holesIn returns the holes of a file, in order.
func holesIn(file *gateway.File, moves []*Move) []hole {
	var holes []hole
	for _, m := range moves {
		if m.Finding.File != file {
			continue
		}
		start, end := rawSpan(m.Finding)
		h := hole{start: start, end: end, name: m.Name}
		if string(file.Data[start:end]) != m.Value.Reveal() {
			h.quote = string(m.Finding.Node.Raw()[:1])
		}
		holes = append(holes, h)
	}
	slices.SortFunc(holes, func(a, b hole) int { return a.start - b.start })
	return holes
}

// pieces cuts what an edit takes away at the holes in it.
func pieces(file *gateway.File, edit json5.Edit, holes []hole, found []*scan.Finding) ([]piece, error) {
	var out []piece
	at := edit.Start
	text := func(end int) error {
		if end <= at {
			return nil
		}
		for _, f := range found {
			if f.File == file && f.Start < end && f.End > at {
				return fmt.Errorf("%s:%d:%d: what would go here holds a secret that does not move; please report this", file.Path, f.Line, f.Column)
			}
		}
		out = append(out, piece{Text: string(file.Data[at:end])})
		return nil
	}
	for _, h := range holes {
		if h.end <= edit.Start || h.start >= edit.End {
			continue
		}
		if h.start < at || h.end > edit.End {
			return nil, fmt.Errorf("%s: an edit cuts through a secret; please report this", file.Path)
		}
		if err := text(h.start); err != nil {
			return nil, err
		}
		out = append(out, piece{Name: h.name, Quote: h.quote})
		at = h.end
	}
	return out, text(edit.End)
}

// rawSpan returns the bytes of the file in which a finding's value is written:
// the inside of its string where the string is escaped, else the value itself.
func rawSpan(f *scan.Finding) (start, end int) {
	inside := f.Node.Start() + 1
	if f.Whole() || escaped(f.Node) {
		return inside, f.Node.End() - 1
	}
	return inside + f.From, inside + f.To
}

// escaped reports whether a string's raw text differs from what it says.
func escaped(node json5.Node) bool {
	raw := node.Raw()
	return string(raw[1:len(raw)-1]) != node.Text()
}

// restorable reports whether an undo can write the string as it is now: it stands
// as it is, or with the escapes that we would write ourselves.
func restorable(node json5.Node, group []*scan.Finding) bool {
	if !escaped(node) {
		text := node.Text()
		return !slices.ContainsFunc(group, func(f *scan.Finding) bool {
			return resolvedText(text[f.From:f.To]).Reveal() != text[f.From:f.To]
		})
	}
	return len(group) == 1 && group[0].Whole() && node.SetString(node.Text()).Text == string(node.Raw()) &&
		resolvedText(node.Text()).Reveal() == node.Text()
}

// quoted returns a value as it stands inside a string with the given quote.
func quoted(value, quote string) (string, error) {
	document, err := json5.Parse([]byte(quote + quote))
	if err != nil {
		return "", fmt.Errorf("%q is no quote", quote)
	}
	text := document.Root().SetString(value).Text
	return strings.TrimSuffix(strings.TrimPrefix(text, quote), quote), nil
}
