package dotenv

import (
	"bytes"
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

const (
	problemUnset    = "it is not set in this file"
	problemSkipped  = "the gateway skips this line, which is not NAME=value: correct it, or put # in front of it"
	problemDiffers  = "the gateway and other programs read different values here: put the value in single quotes"
	problemEnclosed = "this line looks like an assignment but lies within the quoted value that begins above it: close that value's quote on its own line"
)

// ReadError is a place in a .env file that some reader does not read as the others
// do, or as it looks. It never holds content of the file beyond a variable's name.
type ReadError struct {
	Line   int // 1-based; 0 if the trouble is that there is no such line
	Column int // 1-based, in characters

	Name    string // of the variable concerned, "" if none or if the name may be part of a secret
	Problem string // what is wrong and what to do about it
}

// Error returns place, name and problem.
func (e *ReadError) Error() string {
	var text strings.Builder
	if e.Line > 0 {
		fmt.Fprintf(&text, "line %d, column %d: ", e.Line, e.Column)
	}
	if e.Name != "" {
		text.WriteString(e.Name + ": ")
	}
	text.WriteString(e.Problem)
	return text.String()
}

// Check returns nil if both readers return the same value for each of names, and
// no value among them has a line that looks like an assignment of its own; else a
// [*ReadError] for the first that is amiss. An empty value is a value.
func (f *File) Check(names ...string) error {
	if len(names) == 0 {
		return nil
	}
	second := readSecond(f.src)
	for _, name := range names {
		if err := f.checkName(name, second); err != nil {
			return err
		}
	}
	return nil
}

func (f *File) checkName(name string, second secondReading) error {
	entry, ok := f.effective(name)
	if !ok {
		return f.whyUnset(name)
	}
	if second.failed != nil {
		return f.errorAt(second.failed.offset, second.failed.problem)
	}
	if value, ok := second.values[name]; !ok || value != entry.Value {
		return &ReadError{entry.Line, entry.Column, name, problemDiffers}
	}
	if lines := f.enclosed(entry); len(lines) > 0 {
		return f.errorAt(lines[0].start, problemEnclosed)
	}
	return nil
}

// whyUnset returns the error for a name without an assignment: where it is, if
// another value has swallowed it.
func (f *File) whyUnset(name string) error {
	for _, entry := range f.entries {
		for _, line := range f.enclosed(entry) {
			if string(f.src[line.start:line.end]) == name {
				problem := f.errorAt(line.start, problemEnclosed)
				problem.Name = name
				return problem
			}
		}
	}
	return &ReadError{Name: name, Problem: problemUnset}
}

// Problems returns every place that a person should look at, in file order: lines
// that npm dotenv skips, the line at which godotenv gives up, names that the two
// read differently, and assignments that a quoted value has swallowed.
func (f *File) Problems() []ReadError {
	found := f.skipped()
	if bytes.HasPrefix(f.src, []byte(byteOrderMark)) {
		found = append(found, failure{0, problemMark})
	}
	second := readSecond(f.src)
	if second.failed != nil {
		found = append(found, *second.failed)
	}
	seen := map[string]bool{}
	for _, entry := range slices.Backward(f.entries) {
		value, ok := second.values[entry.Name]
		if !seen[entry.Name] && second.failed == nil && (!ok || value != entry.Value) {
			found = append(found, failure{entry.Start, problemDiffers})
		}
		seen[entry.Name] = true
		for _, line := range f.enclosed(entry) {
			found = append(found, failure{line.start, problemEnclosed})
		}
	}
	slices.SortStableFunc(found, func(a, b failure) int { return cmp.Compare(a.offset, b.offset) })
	found = slices.CompactFunc(found, func(a, b failure) bool { return a.offset == b.offset })

	problems := make([]ReadError, len(found))
	at := newPosition(f.src)
	for i, p := range found {
		at.advance(p.offset)
		problems[i] = ReadError{at.line, at.column(), f.nameAt(p.offset), p.problem}
	}
	return problems
}

// skipped returns the lines with text that belong to no match of npm dotenv, and
// the assignments to the name that it loses.
func (f *File) skipped() []failure {
	var found []failure
	done := 0
	s := scanner{src: f.src}
	for s.next() {
		m := s.match
		found = append(found, textLines(f.src, span{done, m.start})...)
		if string(f.src[m.nameStart:m.nameEnd]) == lostName {
			found = append(found, failure{m.start, problemSkipped})
		}
		done = m.end
	}
	return append(found, textLines(f.src, span{done, len(f.src)})...)
}

// textLines returns the lines of a part of src that are neither blank nor comments.
func textLines(src []byte, part span) []failure {
	var found []failure
	for part.start < part.end {
		end := part.end
		if i := bytes.IndexAny(src[part.start:part.end], "\r\n"); i >= 0 {
			end = part.start + i
		}
		text := bytes.TrimLeftFunc(src[part.start:end], isSpace)
		if len(text) > 0 && text[0] != '#' {
			found = append(found, failure{end - len(text), problemSkipped})
		}
		part.start = end + 1
	}
	return found
}

// innerAssignment matches a line that the product's own writer, which works by
// line, would take for an assignment. The padding of a base64 text does not match.
var innerAssignment = regexp.MustCompile(`[\r\n][ \t]*(?:export[ \t]+)?([A-Z_][A-Z0-9_]*)[ \t]*=[ \t]*[^=\s]`)

// enclosed returns the names that seem to be assigned within the value of entry.
func (f *File) enclosed(entry Entry) []span {
	var names []span
	raw := f.src[entry.valueStart:entry.End]
	for _, at := range innerAssignment.FindAllSubmatchIndex(raw, -1) {
		names = append(names, span{entry.valueStart + at[2], entry.valueStart + at[3]})
	}
	return names
}

// errorAt returns the error for a place in the file.
func (f *File) errorAt(offset int, problem string) *ReadError {
	line, column := locate(f.src, offset)
	return &ReadError{line, column, f.nameAt(offset), problem}
}

// nameAt returns the name of the entry that begins at offset, if it can be shown.
// A line of a key pasted without quotes can look like a name; a word with an
// underscore, or a short one, does not come from a key.
func (f *File) nameAt(offset int) string {
	i, ok := slices.BinarySearchFunc(f.entries, offset, func(e Entry, offset int) int { return cmp.Compare(e.Start, offset) })
	if !ok {
		return ""
	}
	name := f.entries[i].Name
	if !isVariableName(name) || len(name) > 64 || len(name) >= 12 && !strings.Contains(name, "_") {
		return ""
	}
	return name
}
