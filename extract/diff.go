package extract

import (
	"bytes"
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/clawsecrets/clawsecrets/internal/json5"
	"github.com/clawsecrets/clawsecrets/scan"
)

// Hunk is a run of lines that a change replaces, every secret in them masked. Of a
// long line only what is near the change is in it.
type Hunk struct {
	Line     int // of the first old line, 1-based
	Old, New []string
}

// shownAround is how many bytes of a line are shown before and after a change.
const shownAround = 120

// Hunks returns what a change does, line by line, safe to be shown: findings are all
// that were found in the file, and each is masked where it stands.
func (c *Change) Hunks(findings []*scan.Finding) []Hunk {
	masks := c.masks(findings)
	mask := masker(findings)
	var hunks []Hunk
	for first := 0; first < len(c.Edits); {
		from, to, next := c.window(first)
		for len(masks) > 0 && masks[0].End <= from {
			masks = masks[1:]
		}
		shown := masks[:countBefore(masks, to)]
		edits := slices.Clone(c.Edits[first:next])
		for i := range edits {
			edits[i].Text = mask.Replace(edits[i].Text)
		}
		hunks = append(hunks, Hunk{
			Line: bytes.Count(c.File.Data[:from], []byte("\n")) + 1,
			Old:  lines(render(c.File.Data, from, to, shown)),
			New:  lines(render(c.File.Data, from, to, merged(edits, shown))),
		})
		first = next
	}
	return hunks
}

// window returns the bytes that a hunk shows, from the edit first on, and the first
// edit that is not in it.
func (c *Change) window(first int) (from, to, next int) {
	data := c.File.Data
	from = max(lineStart(data, c.Edits[first].Start), c.Edits[first].Start-shownAround)
	to = c.windowEnd(first)
	for next = first + 1; next < len(c.Edits) && c.Edits[next].Start < to; next++ {
		to = max(to, c.windowEnd(next))
	}
	for from > 0 && !utf8.RuneStart(data[from]) {
		from--
	}
	for to < len(data) && !utf8.RuneStart(data[to]) {
		to++
	}
	return from, to, next
}

// windowEnd returns the end of the last line that an edit touches, its newline
// included, or less of a long line.
func (c *Change) windowEnd(i int) int {
	at := c.Edits[i].End
	if at > c.Edits[i].Start && c.File.Data[at-1] == '\n' {
		return at
	}
	end := len(c.File.Data)
	if newline := bytes.IndexByte(c.File.Data[at:], '\n'); newline >= 0 {
		end = at + newline + 1
	}
	return min(end, at+shownAround)
}

func lineStart(data []byte, at int) int { return bytes.LastIndexByte(data[:at], '\n') + 1 }

// masks returns the edits that mask every finding of the file where it is written.
func (c *Change) masks(findings []*scan.Finding) []json5.Edit {
	var masks []json5.Edit
	for _, f := range findings {
		if f.File == c.File {
			masks = append(masks, json5.Edit{Start: f.Start, End: f.End, Text: f.Value.Mask()})
		}
	}
	slices.SortStableFunc(masks, func(a, b json5.Edit) int {
		return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(b.End, a.End))
	})
	return masks
}

// countBefore returns how many of some sorted edits begin before an offset.
func countBefore(edits []json5.Edit, offset int) int {
	n, _ := slices.BinarySearchFunc(edits, offset, func(e json5.Edit, offset int) int { return cmp.Compare(e.Start, offset) })
	return n
}

// merged adds to edits the masks that touch none of them; both are sorted.
func merged(edits, masks []json5.Edit) []json5.Edit {
	all := slices.Clone(edits)
	next := 0
	for _, mask := range masks {
		for next < len(edits) && edits[next].End <= mask.Start {
			next++
		}
		if next == len(edits) || edits[next].Start >= mask.End {
			all = append(all, mask)
		}
	}
	slices.SortStableFunc(all, func(a, b json5.Edit) int { return cmp.Compare(a.Start, b.Start) })
	return all
}

// render returns data[from:to] with edits applied. Of two that overlap the first
// counts, and hides as much as both.
func render(data []byte, from, to int, edits []json5.Edit) string {
	var b strings.Builder
	at := from
	for _, edit := range edits {
		if edit.Start >= to || edit.End < at || edit.Start < at && edit.End <= at {
			continue
		}
		if edit.Start >= at {
			b.Write(data[at:edit.Start])
			b.WriteString(edit.Text)
		}
		at = max(at, min(edit.End, to))
	}
	b.Write(data[at:to])
	return b.String()
}

func lines(text string) []string {
	text = strings.TrimSuffix(text, "\n")
	if text == "" {
		return nil
	}
	return strings.Split(text, "\n")
}

// masker replaces every value that was found in text of ours, as it is and as we
// write it in a string, longest first so that no value is cut by a shorter one.
func masker(findings []*scan.Finding) *strings.Replacer {
	masks := map[string]string{}
	for _, f := range findings {
		value := f.Value.Reveal()
		masks[value] = f.Value.Mask()
		for _, quote := range []string{`"`, `'`} {
			if text, err := quoted(value, quote); err == nil {
				masks[text] = f.Value.Mask()
			}
		}
	}
	values := make([]string, 0, len(masks))
	for value := range masks {
		values = append(values, value)
	}
	slices.SortFunc(values, func(a, b string) int {
		if len(a) != len(b) {
			return len(b) - len(a)
		}
		return strings.Compare(a, b)
	})
	var pairs []string
	for _, value := range values {
		pairs = append(pairs, value, masks[value])
	}
	return strings.NewReplacer(pairs...)
}
