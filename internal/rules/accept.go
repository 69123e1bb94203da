package rules

import (
	"encoding/base64"
	"strings"
)

// tokenEnds reports whether the token ends at end: what follows is no character
// that would make it longer.
func tokenEnds(text string, _, end int) bool {
	if end == len(text) {
		return true
	}
	next := text[end]
	return !isAlphanumeric(next) && next != '_' && next != '-'
}

// discordToken reports whether the text before the first dot is a Discord number in
// base64, which no other kind of token has there.
func discordToken(text string, start, end int) bool {
	if !tokenEnds(text, start, end) {
		return false
	}
	head, _, _ := strings.Cut(text[start:end], ".")
	number, err := base64.RawStdEncoding.DecodeString(head)
	if err != nil {
		return false
	}
	for _, digit := range number {
		if !isDigit(digit) {
			return false
		}
	}
	return true
}

// meant reports whether the secret is one that somebody meant: no placeholder,
// nothing that is masked already, and no variable of a shell or template.
func meant(text string, start, end int) bool {
	value := text[start:end]
	return Weak(value, 0) == None && !isVariable(value)
}

// isVariable reports whether value is nothing but the name of a variable, as a
// shell, a template or a format string writes it.
func isVariable(value string) bool {
	for _, marks := range [...][2]string{{"${", "}"}, {"$(", ")"}, {"{", "}"}, {"%7B", "%7D"}} {
		if len(value) > len(marks[0])+len(marks[1]) &&
			strings.HasPrefix(value, marks[0]) && strings.HasSuffix(value, marks[1]) {
			return true
		}
	}
	if name, ok := strings.CutPrefix(value, "%"); ok {
		name, ok = strings.CutSuffix(name, "%")
		return ok && isVariableName(name) || name == "s" || name == "v" || name == "q"
	}
	name, ok := strings.CutPrefix(value, "$")
	return ok && isVariableName(name)
}

// isVariableName reports whether name is in the capitals that the names of
// variables are in. Small letters are not enough: "$ecret" is a password.
func isVariableName(name string) bool {
	for i := range len(name) {
		if char := name[i]; char != '_' && (char < 'A' || 'Z' < char) && (i == 0 || !isDigit(char)) {
			return false
		}
	}
	return name != ""
}

func isDigit(char byte) bool { return '0' <= char && char <= '9' }

func isAlphanumeric(char byte) bool {
	return isDigit(char) || 'a' <= char|0x20 && char|0x20 <= 'z'
}
