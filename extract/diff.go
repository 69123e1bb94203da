package extract

import (
	"bytes"
	"slices"
	"strings"

	"github.com/clawsecrets/clawsecrets/scan"
)

// Hunk is a run of lines that a change replaces, every secret in them masked.
type Hunk struct {
	Line     int // of the first old line, 1-based
	Old, New []string
}

// Hunks returns what a change does, line by line, safe to be shown.
func (c *Change) Hunks(findings []*scan.Finding) []Hunk {
	mask := masker(findings)
	var hunks []Hunk
	shift := 0 // of new offsets against old ones
	for i := 0; i < len(c.Edits); {
		oldStart := lineStart(c.File.Data, c.Edits[i].Start)
		newStart := oldStart + shift
		oldEnd := c.lineEnd(i)
		for shift += c.grow(i); i+1 < len(c.Edits) && c.Edits[i+1].Start < oldEnd; {
			i++
			oldEnd = max(oldEnd, c.lineEnd(i))
			shift += c.grow(i)
		}
		i++
		hunks = append(hunks, Hunk{
			Line: bytes.Count(c.File.Data[:oldStart], []byte("\n")) + 1,
			Old:  lines(mask.Replace(string(c.File.Data[oldStart:oldEnd]))),
			New:  lines(mask.Replace(string(c.New[newStart : oldEnd+shift]))),
		})
	}
	return hunks
}

// grow returns by how much an edit makes the file longer.
func (c *Change) grow(i int) int {
	edit := c.Edits[i]
	return len(edit.Text) - (edit.End - edit.Start)
}

// lineEnd returns the end of the last line that an edit touches, its newline
// included.
func (c *Change) lineEnd(i int) int {
	at := c.Edits[i].End
	if at > c.Edits[i].Start && c.File.Data[at-1] == '\n' {
		return at
	}
	if newline := bytes.IndexByte(c.File.Data[at:], '\n'); newline >= 0 {
		return at + newline + 1
	}
	return len(c.File.Data)
}

func lineStart(data []byte, at int) int { return bytes.LastIndexByte(data[:at], '\n') + 1 }

func lines(text string) []string {
	text = strings.TrimSuffix(text, "\n")
	if text == "" {
		return nil
	}
	return strings.Split(text, "\n")
}

// masker replaces every value that was found, as it is and as it stands in a
// string, longest first so that no value is cut by a shorter one.
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
