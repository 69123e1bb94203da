// Package dotenv owns the text of a gateway's .env file: what it says to the two
// readers that matter, and how to change one value so that both read it back and
// no other value moves.
//
// The first reader is the product's own, npm dotenv 17.4.2, whose grammar is
// implemented here; the second is github.com/joho/godotenv, which stands for all
// the other programs that read such files.
//
// The package must not know where the file lies, how it is written to disk, which
// names the product understands or what a value is for. It never puts the content
// of a file into an error.
package dotenv

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"slices"
)

// File is the text of a .env file together with what npm dotenv reads in it.
// It is not safe for concurrent use.
type File struct {
	src     []byte
	entries []Entry
	last    map[string]int // the index of the last entry of each name
}

// Entry is one assignment, as npm dotenv reads it.
type Entry struct {
	Name  string // characters of [A-Za-z0-9_.-]
	Value string // plain text: unquoted, escapes expanded

	Line   int // of Start, 1-based; LF, CRLF and CR end a line
	Column int // of Start, 1-based, in characters; a leading byte order mark is none

	Start int // offset of the name, or of the "export" before it
	End   int // offset after the value and its closing quote; a comment after it is outside

	nameStart, valueStart int
}

// Format writes the line, whatever the verb: an entry that ends up in a log must
// not take its value along.
func (e Entry) Format(state fmt.State, _ rune) {
	_, _ = fmt.Fprintf(state, "[entry on line %d]", e.Line)
}

// Format writes the number of entries, whatever the verb.
func (f *File) Format(state fmt.State, _ rune) {
	_, _ = io.WriteString(state, fmt.Sprintf("[.env of %d entries]", len(f.Entries())))
}

// Parse reads src as npm dotenv does. It never fails: what the grammar does not
// know is skipped, and [File.Problems] lists it. An assignment to "__proto__",
// which the product's parser loses, is no entry here either.
func Parse(src []byte) *File {
	f := &File{src: bytes.Clone(src), last: map[string]int{}}
	at := newPosition(f.src)
	for s := (scanner{src: f.src}); s.next(); {
		m := s.match
		name := string(f.src[m.nameStart:m.nameEnd])
		if name == lostName {
			continue
		}
		at.advance(m.start)
		f.last[name] = len(f.entries)
		f.entries = append(f.entries, Entry{
			Name:       name,
			Value:      readValue(f.src[m.valueStart:m.valueEnd]),
			Line:       at.line,
			Column:     at.column(),
			Start:      m.start,
			End:        m.valueEnd,
			nameStart:  m.nameStart,
			valueStart: m.valueStart,
		})
	}
	return f
}

// lostName is the one name that an assignment to a JavaScript object loses.
const lostName = "__proto__"

// Get returns the value that npm dotenv reads for name: that of the last
// assignment. An empty entry is ok, for it blocks the product's lower layers.
func (f *File) Get(name string) (value string, ok bool) {
	entry, ok := f.effective(name)
	return entry.Value, ok
}

// effective returns the last assignment of name, the one that counts.
func (f *File) effective(name string) (Entry, bool) {
	i, ok := f.last[name]
	if !ok {
		return Entry{}, false
	}
	return f.entries[i], true
}

// Entries returns every assignment in file order, duplicates included.
func (f *File) Entries() []Entry { return slices.Clone(f.entries) }

// Map returns the value of every name.
func (f *File) Map() map[string]string {
	values := make(map[string]string, len(f.entries))
	for _, entry := range f.entries {
		values[entry.Name] = entry.Value
	}
	return values
}

// Names returns every name once, sorted.
func (f *File) Names() []string { return slices.Sorted(maps.Keys(f.Map())) }

// Bytes returns the text of the file: what was parsed, with the edits made since.
func (f *File) Bytes() []byte { return bytes.Clone(f.src) }
