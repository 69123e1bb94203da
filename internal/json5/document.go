// Package json5 owns the spans of a JSON5 document, exact to the byte: what is
// where, how it decodes, and which bytes to replace so that everything else
// stays as it is. It reads what npm json5 2.2.3 reads, the parser of the gateway,
// and gives the same values; JSON files and single JSONL lines are read by the
// same grammar.
//
// Against hujson's grammar (JSON with comments and trailing commas) the additions
// are those of https://spec.json5.org:
//
//	name     identifier names, with \uHHHH escapes; strings in single quotes
//	string   single quotes; \' \v \0 \xHH and \ before any other character;
//	         a line may be continued after \; control characters may stand as they are
//	number   hexadecimal, + before a number, Infinity, NaN, .5 and 5.
//	space    \v \f U+00A0 U+FEFF U+2028 U+2029 and Unicode's space separators
//
// Two things are refused that the gateway would read: bytes that are not UTF-8
// (it reads U+FFFD there, and nobody could write the same bytes back), and
// nesting deeper than 10,000.
//
// A \u escape that is half of a surrogate pair has no UTF-8 form. It decodes to
// U+FFFD and [Node.HasLoneSurrogate] tells; names that differ in nothing else
// count as one name here, though they are two in the gateway.
//
// The package must not know what a document is about: neither configurations,
// nor secrets, nor files. A document and its nodes never change, and may be used
// from several goroutines.
package json5

import (
	"sync"
	"unicode/utf8"

	"github.com/tailscale/hujson"
)

// Document is one parsed JSON5 text.
type Document struct {
	source []byte
	root   hujson.Value

	// What is made when it is first asked for.
	names    sync.Map // *hujson.Object to what nameIndex returns
	searched sync.Once
	comments []span
}

// Parse reads a JSON5 text. It keeps src, which must not be changed afterwards.
// The error is a [*SyntaxError].
func Parse(src []byte) (*Document, error) {
	if offset := invalidUTF8(src); offset >= 0 {
		return nil, newSyntaxError(src, offset, "this is not UTF-8: save the file as UTF-8")
	}
	p := parser{src: src}
	root, err := p.document()
	if err != nil {
		return nil, err
	}
	return &Document{source: src, root: root}, nil
}

// invalidUTF8 returns the offset of the first byte that is not UTF-8, -1 when all are.
func invalidUTF8(src []byte) int {
	if utf8.Valid(src) {
		return -1
	}
	for offset := 0; ; {
		r, size := utf8.DecodeRune(src[offset:])
		if r == utf8.RuneError && size <= 1 {
			return offset
		}
		offset += size
	}
}

// Source returns the text that was parsed. It must not be changed.
func (d *Document) Source() []byte { return d.source }

// Tree returns the syntax tree; its Pack gives the source back byte for byte.
// It must not be changed. For a copy to change, parse again: hujson's Clone loses
// the comma in [1,], where no extra stands before it. Its literals hold JSON5 text as it
// stands, so that hujson.Literal's own methods misread them ('x' is no string to
// them, the unquoted name t a boolean): use [Node]'s.
func (d *Document) Tree() hujson.Value { return d.root }

// Root returns the document's value.
func (d *Document) Root() Node { return Node{d, &d.root} }
