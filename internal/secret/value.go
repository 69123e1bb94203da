// Package secret owns plain text. A credential that has been read from a file
// lives in a [Value], which refuses to be printed, formatted, encoded or logged;
// the plain text comes out of [Value.Reveal] alone, one word to search for.
//
// The package must not know where a value was found or what will be done with it.
package secret

import (
	"crypto/subtle"
	"fmt"
	"io"
	"log/slog"
	"strconv"
)

// Value holds one credential in plain text. The zero Value holds nothing.
//
// The text stands behind a pointer on purpose: package fmt does not call the
// methods of an unexported struct field, it prints what it finds there, and of a
// pointer it prints an address.
type Value struct{ text *string }

// New returns a Value that holds text. An empty text gives the zero Value.
func New(text string) Value {
	if text == "" {
		return Value{}
	}
	return Value{&text}
}

// Reveal returns the plain text, "" for the zero Value.
func (v Value) Reveal() string {
	if v.text == nil {
		return ""
	}
	return *v.text
}

// Len returns the length of the plain text in bytes.
func (v Value) Len() int { return len(v.Reveal()) }

// IsZero reports whether v holds nothing.
func (v Value) IsZero() bool { return v.text == nil }

// Equal reports whether two values hold the same text, in a time that depends
// on their lengths only.
func (v Value) Equal(other Value) bool {
	return subtle.ConstantTimeCompare([]byte(v.Reveal()), []byte(other.Reveal())) == 1
}

// Mask returns what may be shown of the value: at most its first four
// characters and never its tail; of a value under twelve characters, nothing.
// Characters that could steer a terminal are shown as '?'.
func (v Value) Mask() string {
	const hidden = "********"
	runes := []rune(v.Reveal())
	if len(runes) < 12 {
		return hidden
	}
	head := runes[:4]
	for i, r := range head {
		if !strconv.IsPrint(r) {
			head[i] = '?'
		}
	}
	return string(head) + hidden
}

func (v Value) placeholder() string { return "[secret " + strconv.Itoa(v.Len()) + " bytes]" }

// String returns a placeholder that names the length only.
func (v Value) String() string { return v.placeholder() }

// GoString returns the same placeholder, for %#v.
func (v Value) GoString() string { return v.placeholder() }

// Format writes the placeholder, whatever the verb: %x and %d would otherwise
// reach past String.
func (v Value) Format(state fmt.State, _ rune) { _, _ = io.WriteString(state, v.placeholder()) }

// MarshalText returns the placeholder, for encoding/json, encoding/xml and map keys.
func (v Value) MarshalText() ([]byte, error) { return []byte(v.placeholder()), nil }

// GobEncode returns the placeholder.
func (v Value) GobEncode() ([]byte, error) { return []byte(v.placeholder()), nil }

// LogValue returns the placeholder, for log/slog.
func (v Value) LogValue() slog.Value { return slog.StringValue(v.placeholder()) }
