package dotenv

import (
	"slices"

	"github.com/clawsecrets/clawsecrets/internal/secret"
)

const (
	problemSwallows = "the value on this line would run on into the new one (an open quote, most likely): correct the line first"
	problemDepends  = "other programs would read this value differently, for it refers to the variable being changed or shares a quote with it: write it out, in single quotes"
	problemHidden   = "other programs do not see the assignment on this line as the gateway does: put it on a line of its own"
)

// compare returns nil if edited, the file after e, reads name as value in both
// readers and every other name as before; else the line of f that prevents it.
func (f *File) compare(edited *File, e edit, name string, value secret.Value) *ReadError {
	got, ok := edited.Get(name)
	read := ok && secret.New(got).Equal(value)
	after := readSecond(edited.src)
	got, ok = after.values[name]
	read = read && ok && secret.New(got).Equal(value)
	change := f.otherChange(edited, after, name)
	if read && change == nil {
		return nil
	}
	offset, swallowed := f.swallower(edited, after, e)
	// What the second reader fails on ends with the text, and so it always moves.
	if swallowed && (after.failed == nil || after.failed.offset != offset) {
		return f.errorAt(offset, problemSwallows)
	}
	switch {
	case after.failed != nil && after.failed.offset <= e.start:
		return f.errorAt(after.failed.offset, after.failed.problem)
	case after.failed != nil && after.failed.offset >= e.start+len(e.text):
		return f.errorAt(after.failed.offset-len(e.text)+e.end-e.start, after.failed.problem)
	case change != nil:
		return change
	}
	return f.errorAt(e.start, problemHidden)
}

// swallower returns the beginning of the assignment before e that ends elsewhere
// after it, in either reader.
func (f *File) swallower(edited *File, after secondReading, e edit) (int, bool) {
	if offset, ok := firstMoved(f.spans(), edited.spans(), e.start); ok {
		return offset, true
	}
	before, _ := statements(f.src)
	return firstMoved(before, after.statements, e.start)
}

// spans returns where npm dotenv sees assignments.
func (f *File) spans() []span {
	spans := make([]span, len(f.entries))
	for i, entry := range f.entries {
		spans[i] = span{entry.Start, entry.End}
	}
	return spans
}

// firstMoved returns the start of the first span that is not the same in both
// lists, if it lies before limit.
func firstMoved(before, after []span, limit int) (int, bool) {
	for i, s := range after {
		if i < len(before) && before[i] == s {
			continue
		}
		return s.start, s.start < limit
	}
	return 0, false
}

// otherChange returns nil if every name except one reads in edited as it does in
// f, in each reader that could read f; else the line of f whose name does not.
// After is what the second reader makes of edited.
func (f *File) otherChange(edited *File, after secondReading, except string) *ReadError {
	if name, ok := firstChange(f.Map(), edited.Map(), except); ok {
		return f.changeOf(name, problemSwallows)
	}
	before := readSecond(f.src)
	if before.failed != nil {
		return nil
	}
	if after.failed != nil {
		return f.errorAt(min(after.failed.offset, len(f.src)), after.failed.problem)
	}
	if name, ok := firstChange(before.values, after.values, except); ok {
		return f.changeOf(name, problemDepends)
	}
	return nil
}

// firstChange returns the first name, in alphabetical order, whose values differ.
func firstChange(before, after map[string]string, except string) (string, bool) {
	var changed []string
	for name, value := range before {
		if now, ok := after[name]; name != except && (!ok || now != value) {
			changed = append(changed, name)
		}
	}
	for name := range after {
		if _, ok := before[name]; name != except && !ok {
			changed = append(changed, name)
		}
	}
	if len(changed) == 0 {
		return "", false
	}
	return slices.Min(changed), true
}

// changeOf returns the error for a name that would read differently.
func (f *File) changeOf(name, problem string) *ReadError {
	entry, _ := f.effective(name)
	return f.errorAt(entry.Start, problem)
}
