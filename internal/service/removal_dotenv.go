package service

import (
	"bytes"
	"strings"
	"unicode"

	"github.com/clawsecrets/clawsecrets/internal/dotenv"
	"github.com/clawsecrets/clawsecrets/internal/secret"
)

// dotenvRemovals finds the assignments of a variable in a file that is read by npm
// dotenv's grammar.
func dotenvRemovals(file string, data []byte, name string) ([]Removal, error) {
	var removals []Removal
	for _, entry := range dotenv.Parse(data).Entries() {
		if entry.Name != name {
			continue
		}
		start, end := lineStart(data, entry.Start), entry.End
		if start == 0 && bytes.HasPrefix(data, []byte(byteOrderMark)) {
			start = len(byteOrderMark)
		}
		if i := bytes.IndexAny(data[end:], "\n\r"); i >= 0 {
			end += i
		} else {
			end = len(data)
		}
		if !blank(data[start:entry.Start]) || !blank(data[entry.End:end]) {
			return nil, &ServiceFileError{file, entry.Line, "a comment or other text stands on the line of the variable; move it"}
		}
		removals = append(removals, Removal{
			Assignment: Assignment{Value: secret.New(entry.Value), Path: file, Line: entry.Line},
			Start:      start, End: end + lineEndSize(data[end:]),
			ValueStart: dotenvValueStart(data, entry), ValueEnd: entry.End,
		})
	}
	return removals, nil
}

// dotenvValueStart returns where the value of an entry is written: behind the sign
// and the space after it. No name holds either sign.
func dotenvValueStart(data []byte, entry dotenv.Entry) int {
	sign := entry.Start + bytes.IndexAny(data[entry.Start:entry.End], "=:")
	value := bytes.TrimLeftFunc(data[sign+1:entry.End], isJavaScriptSpace)
	return entry.End - len(value)
}

func dotenvMeaning(data []byte, name string) ([]string, bool) {
	var meaning []string
	for _, entry := range dotenv.Parse(data).Entries() {
		if entry.Name != name {
			meaning = append(meaning, entry.Name+"="+entry.Value)
		}
	}
	return meaning, true
}

func blank(text []byte) bool { return len(bytes.TrimFunc(text, isJavaScriptSpace)) == 0 }

// isJavaScriptSpace is \s of a regular expression in JavaScript.
func isJavaScriptSpace(r rune) bool {
	return unicode.IsSpace(r) && r != '\u0085' || r == '\ufeff'
}

// lineEndSize returns the length of the line end that text begins with.
func lineEndSize(text []byte) int {
	if bytes.HasPrefix(text, []byte("\r\n")) {
		return 2
	}
	if len(text) > 0 && strings.IndexByte("\n\r", text[0]) >= 0 {
		return 1
	}
	return 0
}
