package service

import (
	"errors"
	"iter"
	"strconv"
	"strings"
	"unicode/utf8"
)

const (
	unitSpace = " \t\n\r"

	// maxUnitLine is LONG_LINE_MAX of systemd: a longer line fails the file.
	maxUnitLine = 1 << 20
)

// unitLine is a logical line: continuations joined, comments left out.
type unitLine struct {
	text   string
	number int // 1-based, of the first physical line
}

// unitLines yields the logical lines of a unit file, and an error with the last
// of them where systemd would stop reading. A line that ends in an odd number of
// backslashes goes on in the next; a comment inside a continuation is skipped.
func unitLines(text []byte) iter.Seq2[unitLine, error] {
	return func(yield func(unitLine, error) bool) {
		var joined strings.Builder
		start := 0
		rest := strings.TrimPrefix(string(text), "\ufeff")
		for number := 1; rest != ""; number++ {
			var line string
			line, rest = cutUnitLine(rest)
			if begin := strings.TrimLeft(line, unitSpace); begin != "" && strings.ContainsRune("#;", rune(begin[0])) {
				continue
			}
			if start == 0 {
				start = number
			}
			if joined.Len()+len(line) > maxUnitLine {
				yield(unitLine{"", start}, errors.New("a line is longer than 1 MiB: systemd refuses the file; break it"))
				return
			}
			if continues(line) {
				joined.WriteString(line[:len(line)-1])
				joined.WriteByte(' ')
				continue
			}
			joined.WriteString(line)
			if !yield(unitLine{joined.String(), start}, nil) {
				return
			}
			joined.Reset()
			start = 0
		}
		if start != 0 {
			yield(unitLine{joined.String(), start}, nil)
		}
	}
}

// cutUnitLine cuts the first line off. LF, CR and NUL end a line; any two
// different ones in a row (CRLF) end it together.
func cutUnitLine(text string) (line, rest string) {
	end := strings.IndexAny(text, "\n\r\x00")
	if end < 0 {
		return text, ""
	}
	next := end + 1
	if text[end] != 0 && next < len(text) && text[next] != text[end] && strings.IndexByte("\n\r\x00", text[next]) >= 0 {
		next++
	}
	return text[:end], text[next:]
}

func continues(line string) bool {
	trailing := len(line) - len(strings.TrimRight(line, `\`))
	return trailing%2 == 1
}

// nextWord takes the first word off a list: words are separated by white space,
// quotes may open and close anywhere in a word, backslash escapes are C's. It
// returns false at the end, and where the syntax is wrong: systemd ignores the
// rest of the line then.
func nextWord(list string) (word, rest string, ok bool) {
	list = strings.TrimLeft(list, unitSpace)
	if list == "" {
		return "", "", false
	}
	var out []byte
	quote := byte(0)
	for i := 0; i < len(list); {
		c := list[i]
		switch {
		case c == '\\':
			text, size := unescape(list[i+1:])
			if size == 0 {
				return "", "", false
			}
			out = append(out, text...)
			i += size
		case c == quote:
			quote = 0
		case quote != 0:
			out = append(out, c)
		case c == '"' || c == '\'':
			quote = c
		case strings.IndexByte(unitSpace, c) >= 0:
			return string(out), list[i:], true
		default:
			out = append(out, c)
		}
		i++
	}
	return string(out), "", quote == 0
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
