package dotenv

import (
	"bytes"
	"unicode"

	"github.com/joho/godotenv"
)

// maxSecondSize is the largest file that godotenv is given. It calls itself once
// for each comment line, and 16 MB of them end the whole process.
const maxSecondSize = 4 << 20

const (
	problemTooLarge = "the file is too large to be read back by a second reader: remove what is not an assignment from it"
	problemMark     = "the file begins with a byte order mark, which other programs take for part of the first name: save it without one"
	problemOpen     = "a quote is opened here and never closed, so other programs cannot read the file: close it, or put # in front of the line"
	problemText     = "other programs cannot read the file because of this line, which is not NAME=value: correct it, or put # in front of it"
)

// secondReading is what godotenv makes of a file.
type secondReading struct {
	values map[string]string // nil when it cannot read the file

	statements []span // where it sees assignments, up to the one it fails on
	failed     *failure
}

// failure is where and why a reader gives up.
type failure struct {
	offset  int
	problem string
}

// span is a part of the text, from the first offset up to the second.
type span struct{ start, end int }

// readSecond reads src with godotenv. Its errors quote the file, so they are
// dropped, and the place is found by [statements]. A byte order mark, which
// godotenv does not know, says how the file is encoded and is not given to it.
func readSecond(src []byte) secondReading {
	if len(src) > maxSecondSize {
		return secondReading{failed: &failure{problem: problemTooLarge}}
	}
	var reading secondReading
	reading.statements, reading.failed = statements(src)
	values, err := godotenv.UnmarshalBytes(bytes.TrimPrefix(src, []byte(byteOrderMark)))
	switch {
	case err == nil:
		reading.values, reading.failed = values, nil
	case reading.failed == nil:
		reading.failed = &failure{problem: problemText}
	}
	return reading
}

// statements splits src as godotenv 1.5.1 does (parser.go) and returns where each
// of its statements lies. The one it fails on comes last and ends with the text.
func statements(src []byte) ([]span, *failure) {
	var found []span
	pos := 0
	if bytes.HasPrefix(src, []byte(byteOrderMark)) {
		pos = len(byteOrderMark)
	}
	for {
		pos = secondStart(src, pos)
		if pos == len(src) {
			return found, nil
		}
		valueStart, ok := secondValueStart(src, pos)
		if !ok {
			return append(found, span{pos, len(src)}), &failure{pos, problemText}
		}
		end, ok := secondValueEnd(src, valueStart)
		if !ok {
			return append(found, span{pos, len(src)}), &failure{pos, problemOpen}
		}
		found = append(found, span{pos, end})
		pos = end
	}
}

// secondStart skips space and comments, which end at an LF alone.
func secondStart(src []byte, pos int) int {
	for {
		pos = len(src) - len(bytes.TrimLeftFunc(src[pos:], unicode.IsSpace))
		if pos == len(src) || src[pos] != '#' {
			return pos
		}
		end := bytes.IndexByte(src[pos:], '\n')
		if end < 0 {
			return len(src)
		}
		pos += end
	}
}

// secondValueStart returns where the value of the statement at pos begins. A name
// is taken byte by byte; a last line without a sign is a value without a name.
func secondValueStart(src []byte, pos int) (int, bool) {
	if rest, ok := bytes.CutPrefix(src[pos:], []byte("export")); ok {
		if name := bytes.TrimLeftFunc(rest, isSecondSpace); len(name) < len(rest) {
			pos = len(src) - len(name)
		}
	}
	if pos == len(src) {
		return pos, false
	}
	from := pos
	for i, b := range src[pos:] {
		if b == '=' || b == ':' {
			from = pos + i + 1
			break
		}
		r := rune(b)
		if r != '_' && r != '.' && !isSecondSpace(r) && !unicode.IsLetter(r) && !unicode.IsNumber(r) {
			return pos, false
		}
	}
	return len(src) - len(bytes.TrimLeftFunc(src[from:], isSecondSpace)), true
}

// secondValueEnd returns where the value at pos ends: after the first quote of its
// kind without a backslash before it, else with the line.
func secondValueEnd(src []byte, pos int) (int, bool) {
	if pos == len(src) || src[pos] != '\'' && src[pos] != '"' {
		if end := bytes.IndexAny(src[pos:], "\r\n"); end >= 0 {
			return pos + end, true
		}
		return len(src), true
	}
	for i := pos + 1; i < len(src); i++ {
		if src[i] == src[pos] && src[i-1] != '\\' {
			return i + 1, true
		}
	}
	return len(src), false
}

// isSecondSpace reports whether godotenv takes r for a space within a line.
func isSecondSpace(r rune) bool {
	switch r {
	case '\t', '\v', '\f', '\r', ' ', 0x85, 0xa0:
		return true
	}
	return false
}
