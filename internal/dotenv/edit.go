package dotenv

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/clawsecrets/clawsecrets/internal/secret"
)

// Set makes name read as value in both readers. It replaces the last assignment of
// name, which is the one that counts, or appends a line; an "export" before the
// name and a comment behind the value stay, as does every other byte. A file in
// which name already reads so in both readers is left alone.
//
// Set refuses what would change how another name reads, or what either reader
// would not read back: the error is then a [*ReadError] that points to the line to
// correct, in the file as it is. Else it is [ErrName], [ErrEmpty] or
// [ErrUnquotable]. After an error the file is as it was.
func (f *File) Set(name string, value secret.Value) error {
	if !isVariableName(name) {
		return ErrName
	}
	if value.IsZero() {
		return fmt.Errorf("%s: %w", name, ErrEmpty)
	}
	current, ok := f.Get(name)
	if ok && secret.New(current).Equal(value) && f.Check(name) == nil {
		return nil
	}
	var refusal *ReadError
	for _, form := range forms(value.Reveal()) {
		e := f.assignment(name, form)
		edited := Parse(e.apply(f.src))
		problem := f.compare(edited, e, name, value)
		if problem == nil {
			*f = *edited
			return nil
		}
		if refusal == nil {
			refusal = problem
		}
	}
	if refusal != nil {
		return refusal
	}
	return fmt.Errorf("%s: %w", name, ErrUnquotable)
}

// edit replaces a part of the text.
type edit struct {
	span
	text string
}

func (e edit) apply(src []byte) []byte {
	return slices.Concat(src[:e.start], []byte(e.text), src[e.end:])
}

// assignment returns the edit that assigns form to name.
func (f *File) assignment(name, form string) edit {
	text := name + "=" + form
	if entry, ok := f.effective(name); ok {
		return edit{span{entry.nameStart, entry.End}, text}
	}
	return edit{span{len(f.src), len(f.src)}, f.newLines(text)}
}

// newLines returns what to put behind the file for lines of their own.
func (f *File) newLines(lines ...string) string {
	end := lineEnd(f.src)
	text := strings.Join(lines, end) + end
	if n := len(f.src); n > 0 && f.src[n-1] != '\n' && string(f.src) != byteOrderMark {
		text = end + text
	}
	return text
}

// lineEnd returns the line end that most lines of src have.
func lineEnd(src []byte) string {
	if crlf := bytes.Count(src, []byte("\r\n")); 2*crlf > bytes.Count(src, []byte("\n")) {
		return "\r\n"
	}
	return "\n"
}

// Delete removes every assignment of name together with its line, the comment
// behind it included, and reports whether it did. It leaves the file as it was
// when there is none, or when another name would read differently without it; a
// line then gives way to a lone "#" if that is enough to keep its neighbours apart.
func (f *File) Delete(name string) bool {
	if _, ok := f.Get(name); !ok {
		return false
	}
	for _, mark := range []string{"", "#"} {
		edited := Parse(f.withoutLines(map[string]bool{name: true}, mark))
		_, still := edited.Get(name)
		if !still && f.otherChange(edited, readSecond(edited.src), name) == nil {
			*f = *edited
			return true
		}
	}
	return false
}

// withoutLines returns the text with mark in the place of every assignment of names;
// where there is no mark, the line end goes as well.
func (f *File) withoutLines(names map[string]bool, mark string) []byte {
	var out []byte
	done := 0
	for _, entry := range f.entries {
		if !names[entry.Name] {
			continue
		}
		cut, whole := f.lineOf(entry)
		cut.start = max(cut.start, done)
		if mark == "" && whole {
			cut.end += lineEndSize(f.src[cut.end:])
		}
		if cut.end <= cut.start {
			continue
		}
		out = append(append(out, f.src[done:cut.start]...), mark...)
		done = cut.end
	}
	return append(out, f.src[done:]...)
}

// lineOf returns the physical lines of entry without the last line end. They are
// whole unless other text stands before the entry, which a line separator of
// Unicode makes possible.
func (f *File) lineOf(entry Entry) (lines span, whole bool) {
	start := 1 + bytes.LastIndexAny(f.src[:entry.Start], "\r\n")
	if start == 0 && bytes.HasPrefix(f.src, []byte(byteOrderMark)) {
		start = len(byteOrderMark)
	}
	whole = len(bytes.TrimFunc(f.src[start:entry.Start], isSpace)) == 0
	if !whole {
		start = entry.Start
	}
	end := len(f.src)
	if i := bytes.IndexAny(f.src[entry.End:], "\r\n"); i >= 0 {
		end = entry.End + i
	}
	return span{start, end}, whole
}

// lineEndSize returns the length of the line end that text begins with.
func lineEndSize(text []byte) int {
	switch {
	case bytes.HasPrefix(text, []byte("\r\n")):
		return 2
	case bytes.HasPrefix(text, []byte("\n")), bytes.HasPrefix(text, []byte("\r")):
		return 1
	}
	return 0
}
