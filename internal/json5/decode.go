package json5

import (
	"bytes"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/tailscale/hujson"
)

// Decode returns the value as JSON5.parse gives it: map[string]any, []any, string,
// float64 (also NaN, the infinities and -0), bool, or nil for null. Of members
// with the same name the last counts.
func (n Node) Decode() any {
	switch n.Kind() {
	case Object:
		members := n.value.Value.(*hujson.Object).Members
		object := make(map[string]any, len(members))
		for i := range members {
			object[nameText(&members[i])] = Node{n.doc, &members[i].Value}.Decode()
		}
		return object
	case Array:
		elements := n.Elements()
		array := make([]any, len(elements))
		for i, element := range elements {
			array[i] = element.Decode()
		}
		return array
	case String:
		return n.Text()
	case Number:
		return decodeNumber(string(n.Raw()))
	case Bool:
		return n.Raw()[0] == 't'
	default:
		return nil
	}
}

// decodeNumber returns the value of a number as it stands in the source.
func decodeNumber(raw string) float64 {
	digits := strings.TrimLeft(raw, "+-")
	if len(digits) > 1 && digits[1]|0x20 == 'x' {
		digits += "p0" // without an exponent strconv takes no hexadecimal number
	}
	// The error can only be that of a number too large, which is an infinity.
	number, _ := strconv.ParseFloat(digits, 64)
	if raw[0] == '-' {
		return -number
	}
	return number
}

// nameText returns the decoded name of a member.
func nameText(m *hujson.ObjectMember) string {
	text, _ := decodeText(unquote(m.Name.Value.(hujson.Literal)))
	return text
}

// unquote returns what stands between the quotes of a string, and an identifier
// name whole.
func unquote(literal []byte) []byte {
	if literal[0] == '"' || literal[0] == '\'' {
		return literal[1 : len(literal)-1]
	}
	return literal
}

// decodeText resolves the escapes of a string or an identifier name. Not exact
// is a text where half of a surrogate pair had to become U+FFFD.
func decodeText(raw []byte) (text string, exact bool) {
	next := bytes.IndexByte(raw, '\\')
	if next < 0 {
		return string(raw), true
	}
	exact = true
	out := make([]byte, 0, len(raw))
	var high rune // half of a surrogate pair that waits for the other, or 0
	for next >= 0 {
		if next > 0 && high != 0 {
			out, high, exact = utf8.AppendRune(out, utf8.RuneError), 0, false
		}
		out = append(out, raw[:next]...)
		r, size := unescape(raw[next:])
		raw = raw[next+size:]
		next = bytes.IndexByte(raw, '\\')
		if r == lineContinuation {
			continue // the halves of a pair may be on two lines
		}
		if pair := utf16.DecodeRune(high, r); pair != utf8.RuneError {
			out, high = utf8.AppendRune(out, pair), 0
			continue
		}
		if high != 0 {
			out, high, exact = utf8.AppendRune(out, utf8.RuneError), 0, false
		}
		switch {
		case utf16.IsSurrogate(r) && r < 0xdc00:
			high = r
		case utf16.IsSurrogate(r):
			out, exact = utf8.AppendRune(out, utf8.RuneError), false
		default:
			out = utf8.AppendRune(out, r)
		}
	}
	if high != 0 {
		out, exact = utf8.AppendRune(out, utf8.RuneError), false
	}
	return string(append(out, raw...)), exact
}

// lineContinuation is what an escaped line end stands for: nothing.
const lineContinuation rune = -1

// unescape returns what the valid escape sequence that raw begins with stands
// for, and its length in bytes. It may be half of a surrogate pair.
func unescape(raw []byte) (r rune, size int) {
	switch raw[1] {
	case 'b':
		return '\b', 2
	case 'f':
		return '\f', 2
	case 'n':
		return '\n', 2
	case 'r':
		return '\r', 2
	case 't':
		return '\t', 2
	case 'v':
		return '\v', 2
	case '0':
		return 0, 2
	case 'x':
		return hexValue(raw[2:4]), 4
	case 'u':
		return hexValue(raw[2:6]), 6
	}
	if kind, size := nextTrivia(raw[1:]); kind == lineEnd {
		return lineContinuation, 1 + size
	}
	r, size = utf8.DecodeRune(raw[1:])
	return r, 1 + size
}

func hexValue(digits []byte) (r rune) {
	for _, c := range digits {
		if isDigit(c) {
			r = r<<4 | rune(c-'0')
		} else {
			r = r<<4 | rune(c|0x20-'a'+10)
		}
	}
	return r
}
