package json5

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Edit replaces the bytes [Start, End) of a source by Text.
type Edit struct {
	Start, End int
	Text       string
}

// Apply returns src with the edits made, in whatever order they are given. It
// refuses edits that overlap, that are outside of src, or that leave no JSON5.
//
// Strings may be set in one go; removals of one container belong in one call of
// [Node.RemoveMembers] or [Node.RemoveElements]. An insertion beside another edit
// in the same container needs a second Apply.
func Apply(src []byte, edits []Edit) ([]byte, error) {
	sorted := slices.Clone(edits)
	slices.SortStableFunc(sorted, func(a, b Edit) int {
		return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.End, b.End))
	})
	var result []byte
	done := 0
	for i, e := range sorted {
		if e == refused() {
			return nil, errors.New("an edit was asked for that the document or the new value does not allow")
		}
		if e.Start < 0 || e.End < e.Start || e.End > len(src) {
			return nil, fmt.Errorf("an edit of bytes %d to %d is outside of the document of %d bytes", e.Start, e.End, len(src))
		}
		if e.Start < done || i > 0 && e.Start == sorted[i-1].Start {
			line, column := position(src, e.Start)
			return nil, fmt.Errorf("%d:%d: two edits overlap: apply them one after the other", line, column)
		}
		result = append(result, src[done:e.Start]...)
		result = append(result, e.Text...)
		done = e.End
	}
	result = append(result, src[done:]...)
	if _, err := Parse(result); err != nil {
		return nil, fmt.Errorf("the edited document would be no JSON5: %w", err)
	}
	return result, nil
}

// refused is the edit that Apply refuses, for requests that cannot be met.
func refused() Edit { return Edit{Start: -1, End: -1} }

// SetString returns the edit that gives a string another text. The quotes stay
// what they are; within double quotes the result is JSON too. Any other value is
// replaced by a string in double quotes. A text that is not UTF-8 makes an edit
// that [Apply] refuses: what was read back would not be that text.
func (n Node) SetString(text string) Edit {
	switch n.Kind() {
	case Invalid:
		return refused()
	case String:
		return Edit{n.Start(), n.End(), quote(text, n.Raw()[0])}
	default:
		return Edit{n.Start(), n.End(), quote(text, '"')}
	}
}

// quote returns text as a string in the given quotes, with as few escapes as can
// be. U+2028 and U+2029 could stand in a string, but JSON5.parse warns of them.
func quote(text string, quote byte) string {
	var out strings.Builder
	out.WriteByte(quote)
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == quote || c == '\\':
			out.WriteByte('\\')
			out.WriteByte(c)
		case c == '\n':
			out.WriteString(`\n`)
		case c == '\r':
			out.WriteString(`\r`)
		case c == '\t':
			out.WriteString(`\t`)
		case c < ' ':
			fmt.Fprintf(&out, `\u%04x`, c)
		case strings.HasPrefix(text[i:], "\u2028"):
			out.WriteString(`\u2028`)
			i += 2
		case strings.HasPrefix(text[i:], "\u2029"):
			out.WriteString(`\u2029`)
			i += 2
		default:
			out.WriteByte(c)
		}
	}
	out.WriteByte(quote)
	return out.String()
}
