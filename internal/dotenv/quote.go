package dotenv

import (
	"errors"
	"strings"
	"unicode/utf8"
)

var (
	// ErrUnquotable says that no form of a value is read alike by every reader.
	ErrUnquotable = errors.New("no form of this value is read alike by every .env reader: keep it where it is")

	// ErrName says that a name is not one that every reader takes for a name.
	ErrName = errors.New("a variable's name must match [A-Z_][A-Z0-9_]*")

	// ErrEmpty says that a value is empty: an empty token switches authentication off.
	ErrEmpty = errors.New("an empty value is never written to .env")
)

// Quote returns the text that, behind "NAME=", is read as value by npm dotenv and
// by godotenv: plain where it can be, for that is what every other dialect reads
// too, else in single quotes, else in double quotes with a line feed as \n. It is
// always one line. The error is [ErrUnquotable] or [ErrEmpty].
func Quote(value string) (string, error) {
	if value == "" {
		return "", ErrEmpty
	}
	if all := forms(value); len(all) > 0 {
		return all[0], nil
	}
	return "", ErrUnquotable
}

// forms returns every form of value that both readers take for it, the best first.
// Backticks are no such form: only npm dotenv knows them. Bytes that are not UTF-8
// are lost in the product, and NUL in any environment.
func forms(value string) []string {
	if value == "" || !utf8.ValidString(value) || strings.Contains(value, "\x00") {
		return nil
	}
	var all []string
	if isPlain(value) {
		all = append(all, value)
	}
	// Behind a backslash neither reader sees the closing quote, and both go on to
	// the next quote in the file.
	if !strings.ContainsAny(value, "'\n\r") && !strings.HasSuffix(value, `\`) {
		all = append(all, "'"+value+"'")
	}
	// A shell would expand $ and `, godotenv expands $, and the readers differ in
	// what else they make of a backslash.
	if !strings.ContainsAny(value, "\"\\$`\r") {
		all = append(all, `"`+strings.ReplaceAll(value, "\n", `\n`)+`"`)
	}
	return all
}

// isPlain reports whether value needs no quotes in any dialect, including those
// of systemd and of container runtimes, which take quotes for part of the value.
func isPlain(value string) bool {
	for i := range len(value) {
		b := value[i]
		if !('a' <= b && b <= 'z' || 'A' <= b && b <= 'Z' || '0' <= b && b <= '9' || strings.IndexByte("._/+=:@%,-", b) >= 0) {
			return false
		}
	}
	return true
}

// isVariableName reports whether name matches [A-Z_][A-Z0-9_]*.
func isVariableName(name string) bool {
	for i := range len(name) {
		b := name[i]
		if !('A' <= b && b <= 'Z' || b == '_' || i > 0 && '0' <= b && b <= '9') {
			return false
		}
	}
	return name != ""
}
