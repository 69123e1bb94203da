package service

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// unitWord is a word of a list.
type unitWord struct {
	text       string // unquoted
	start, end int    // where it is written in the list
	// Where the part behind the first "=" is written, 0 where there is none. A quote
	// that closes the whole word is outside if it was opened before the "=".
	valueStart, valueEnd int
}

// unitWords returns the words of a list: they are separated by white space, quotes
// may open and close anywhere in a word, backslash escapes are C's. It is whole
// unless the syntax is wrong somewhere: systemd ignores the rest of the line then.
func unitWords(list string) (words []unitWord, whole bool) {
	for at := 0; ; {
		at += len(list[at:]) - len(strings.TrimLeft(list[at:], unitSpace))
		if at == len(list) {
			return words, true
		}
		word, ok := readUnitWord(list, at)
		if !ok {
			return words, false
		}
		words = append(words, word)
		at = word.end
	}
}

// readUnitWord reads the word that begins at start, false if its syntax is wrong.
func readUnitWord(list string, start int) (word unitWord, ok bool) {
	var out []byte
	quote, quoteOfValue, closing := byte(0), byte(0), -1
	i := start
	for ; i < len(list) && (quote != 0 || strings.IndexByte(unitSpace, list[i]) < 0); i++ {
		switch c := list[i]; {
		case c == '\\':
			text, size := unescape(list[i+1:])
			if size == 0 {
				return unitWord{}, false
			}
			out = append(out, text...)
			i += size
		case c == quote:
			if quoteOfValue != 0 {
				closing, quoteOfValue = i, 0
			}
			quote = 0
		case quote == 0 && (c == '"' || c == '\''):
			quote = c
		default:
			out = append(out, c)
		}
		if n := len(out); word.valueStart == 0 && n > 0 && out[n-1] == '=' {
			word.valueStart, quoteOfValue = i+1, quote
		}
	}
	word.text, word.start, word.end = string(out), start, i
	if word.valueStart > 0 {
		word.valueEnd = i
		if closing == i-1 {
			word.valueEnd = closing
		}
	}
	return word, quote == 0
}

var simpleEscapes = map[byte]string{
	'a': "\a", 'b': "\b", 'f': "\f", 'n': "\n", 'r': "\r", 't': "\t", 'v': "\v",
	'\\': `\`, '"': `"`, '\'': `'`, 's': " ",
}

// unescape decodes the escape sequence that text begins with, without its
// backslash. It returns the number of bytes it took, 0 for a wrong one.
func unescape(text string) (decoded string, size int) {
	if text == "" {
		return "", 0
	}
	if simple, ok := simpleEscapes[text[0]]; ok {
		return simple, 1
	}
	digits, base, from := 3, 8, 0
	switch text[0] {
	case 'x':
		digits, base, from = 2, 16, 1
	case 'u':
		digits, base, from = 4, 16, 1
	case 'U':
		digits, base, from = 8, 16, 1
	}
	size = from + digits
	if len(text) < size {
		return "", 0
	}
	code, err := strconv.ParseUint(text[from:size], base, 32)
	if err != nil || code == 0 {
		return "", 0
	}
	switch {
	case text[0] == 'u':
		return encodeRune(rune(code)), size
	case text[0] == 'U' && validRune(rune(code)):
		return string(rune(code)), size
	case text[0] != 'U' && code <= 0xff:
		return string([]byte{byte(code)}), size
	}
	return "", 0
}

// encodeRune is UTF-8 for surrogates too, which systemd decodes first and refuses
// only as part of a value.
func encodeRune(r rune) string {
	if utf8.ValidRune(r) {
		return string(r)
	}
	return string([]byte{0xe0 | byte(r>>12), 0x80 | byte(r>>6)&0x3f, 0x80 | byte(r)&0x3f})
}

// validUTF8 is systemd's notion: Unicode's, without noncharacters.
func validUTF8(text string) bool {
	if !utf8.ValidString(text) {
		return false
	}
	for _, r := range text {
		if !validRune(r) {
			return false
		}
	}
	return true
}

func validRune(r rune) bool {
	return utf8.ValidRune(r) && (r < 0xfdd0 || r > 0xfdef) && r&0xfffe != 0xfffe
}

// validName reports whether systemd takes name for a variable's: others in a unit
// or an environment file are ignored.
func validName(name string) bool {
	for i := range len(name) {
		c := name[i]
		letter := c == '_' || 'a' <= c|0x20 && c|0x20 <= 'z'
		if !letter && (i == 0 || c < '0' || c > '9') {
			return false
		}
	}
	return name != ""
}
