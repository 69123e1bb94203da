package extract

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/clawsecrets/clawsecrets/internal/gateway"
	"github.com/clawsecrets/clawsecrets/internal/json5"
	"github.com/clawsecrets/clawsecrets/scan"
)

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
	// Name is the variable, or the entry of the quarantine, that fills the hole.
	Name string `json:"name,omitempty"`
	// Quote is the quote that the value stands in where it has to be escaped, ""
	// where it stands as it is.
	Quote string `json:"quote,omitempty"`
}

// inverses records how to undo edits of a file. It fails rather than record a
// secret that is not moved.
func inverses(file *gateway.File, edits []json5.Edit, moves []*Move, found []*scan.Finding) ([]inverse, error) {
	holes, secrets := holesIn(file, moves), newCoverage(file, found)
	var undo []inverse
	shift := 0
	for _, edit := range edits {
		for _, part := range split(file.Data, edit) {
			pieces, err := pieces(file, part, holes, secrets)
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

// coverage tells whether a part of a file holds a secret.
type coverage struct {
	starts []int // of the findings, sorted
	ends   []int // the furthest end of the findings up to each
}

func newCoverage(file *gateway.File, found []*scan.Finding) coverage {
	var inFile []*scan.Finding
	for _, f := range found {
		if f.File == file {
			inFile = append(inFile, f)
		}
	}
	slices.SortFunc(inFile, func(a, b *scan.Finding) int { return cmp.Compare(a.Start, b.Start) })
	var c coverage
	furthest := 0
	for _, f := range inFile {
		furthest = max(furthest, f.End)
		c.starts, c.ends = append(c.starts, f.Start), append(c.ends, furthest)
	}
	return c
}

// touches reports whether any finding has a byte in [from, to).
func (c coverage) touches(from, to int) bool {
	n, _ := slices.BinarySearch(c.starts, to)
	return n > 0 && c.ends[n-1] > from
}

// pieces cuts what an edit takes away at the holes in it.
func pieces(file *gateway.File, edit json5.Edit, holes []hole, secrets coverage) ([]piece, error) {
	var out []piece
	at := edit.Start
	text := func(end int) error {
		if end <= at {
			return nil
		}
		if secrets.touches(at, end) {
			return fmt.Errorf("%s: what would go from bytes %d to %d holds a secret that does not move; please report this", file.Path, at, end)
		}
		out = append(out, piece{Text: string(file.Data[at:end])})
		return nil
	}
	first, _ := slices.BinarySearchFunc(holes, edit.Start, func(h hole, start int) int { return cmp.Compare(h.end, start+1) })
	for _, h := range holes[first:] {
		if h.start >= edit.End {
			break
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
