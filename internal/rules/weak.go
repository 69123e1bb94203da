package rules

import (
	"strings"
	"unicode/utf8"
)

// Weakness says why a value is not a strong secret.
type Weakness int

const (
	None        Weakness = iota
	Placeholder          // stands where a secret should be: never one, not to be moved
	Redacted             // what is left of a secret that was masked: the secret is lost here
	Short                // a secret, but one that can be guessed
)

// Reason returns the weakness in words for people, "" for [None].
func (w Weakness) Reason() string {
	switch w {
	case Placeholder:
		return "a placeholder, not a secret"
	case Redacted:
		return "already masked: the secret is lost here"
	case Short:
		return "too short: it can be guessed"
	}
	return ""
}

// Weak returns what is weak about value. It is [Short] with fewer characters than
// minLength. A variable that a program would replace is not weak: only the program
// knows its own grammar.
func Weak(value string, minLength int) Weakness {
	trimmed := strings.TrimSpace(value)
	switch {
	case isRedacted(trimmed):
		return Redacted
	case isPlaceholder(trimmed):
		return Placeholder
	case utf8.RuneCountInString(value) < minLength:
		return Short
	}
	return None
}

// isRedacted reports whether value has been masked. The marks are those of Clawdbot
// (logging/redact.js: six characters, …, four; PEM blocks with a line …redacted…),
// of its previews (four or eight characters on either side), of OpenClaw's config
// writer, and our own.
func isRedacted(value string) bool {
	lower := strings.ToLower(value)
	for _, mark := range [...]string{"[redacted", "<redacted", "…redacted…", "__openclaw_redacted__"} {
		if strings.Contains(lower, mark) {
			return true
		}
	}
	switch strings.Trim(lower, "*_()[]<>-.") {
	case "redacted", "masked", "hidden":
		return true
	}
	return isStarred(value) || isElided(value)
}

// isStarred reports whether stars or bullets hide all but a few characters.
func isStarred(value string) bool {
	for _, star := range [...]string{"*", "•"} {
		head, tail, found := strings.Cut(value, strings.Repeat(star, 3))
		visible := head + strings.TrimLeft(tail, star)
		if found && utf8.RuneCountInString(visible) <= 12 {
			return true
		}
	}
	return false
}

// isElided reports whether value is the head and the tail of a secret with an
// ellipsis between.
func isElided(value string) bool {
	if head, tail, found := strings.Cut(value, "…"); found {
		return between(head, 1, 8) && between(tail, 1, 8)
	}
	head, tail, found := strings.Cut(value, "...")
	return found && between(head, 4, 8) && (between(tail, 4, 4) || between(tail, 8, 8))
}

func between(text string, least, most int) bool {
	length := utf8.RuneCountInString(text)
	return least <= length && length <= most
}

// isPlaceholder reports whether value stands for a secret that somebody is to fill in.
func isPlaceholder(value string) bool {
	if value == "" || isRepeated(value) || isTemplate(value) {
		return true
	}
	name := plainWords(value)
	for _, opening := range [...]string{"change me ", "replace me ", "replace with ", "put your ", "enter your ", "paste your "} {
		if strings.HasPrefix(name, opening) {
			return true
		}
	}
	return isPlaceholderName(name) || asksReader(name) || strings.HasSuffix(value, "EXAMPLE")
}

// isPlaceholderName reports whether name is one that fixtures, examples and
// programs that lost a value write.
func isPlaceholderName(name string) bool {
	switch name {
	case "change me", "changeme", "change it", "changeit", "replace me", "replaceme", "fill me in", "fixme",
		"todo", "tbd", "dummy", "placeholder", "undefined", "null", "nil", "none", "nan", "n a", "true", "false",
		"example", "sample", "test", "testing", "foo", "bar", "baz", "foobar", "object object",
		"password", "passwd", "pass", "secret", "token", "key", "api key", "apikey", "api token", "my token",
		"my secret", "my api key", "my password":
		return true
	}
	return false
}

// asksReader reports whether name asks for a secret: "your api key", "sk your key",
// "bot token here", "insert token".
func asksReader(name string) bool {
	words := strings.Fields(name)
	asks := false
	for i, word := range words {
		asks = asks || word == "your" && i < 2 || word == "insert" && i == 0 || word == "here" && i == len(words)-1
	}
	return asks && anyWord(words, func(word string) bool {
		switch word {
		case "key", "token", "secret", "password", "passwd", "apikey", "credential", "credentials", "id":
			return true
		}
		return false
	})
}

// isRepeated reports whether one character makes up the whole value, or x stands for
// what belongs there, as in "sk-xxxxxxxx" and "xxxx-xxxx".
func isRepeated(value string) bool {
	first, _ := utf8.DecodeRuneInString(value)
	if utf8.RuneCountInString(value) > 1 && strings.Trim(value, string(first)) == "" {
		return true
	}
	words := strings.Fields(plainWords(value))
	all, long := len(words) > 0, strings.Contains(strings.ToLower(value), "xxxxxx")
	for _, word := range words {
		crosses := strings.Trim(word, "x") == ""
		all = all && crosses
		long = long || crosses && len(word) >= 4
	}
	return all || long
}

// isTemplate reports whether value is in the brackets of a template or a manual, or
// breaks off: <token>, {{ token }}, [your token], sk-...
func isTemplate(value string) bool {
	for _, marks := range [...][2]string{{"<", ">"}, {"{{", "}}"}, {"[", "]"}} {
		inner, opened := strings.CutPrefix(value, marks[0])
		inner, closed := strings.CutSuffix(inner, marks[1])
		if opened && closed && !strings.ContainsAny(inner, "<>[]{}\"") {
			return true
		}
	}
	head, brokenOff := strings.CutSuffix(strings.TrimRight(value, "."), "…")
	if !brokenOff {
		head, brokenOff = strings.TrimRight(value, "."), strings.HasSuffix(value, "...")
	}
	return brokenOff && utf8.RuneCountInString(head) <= 16
}

// plainWords returns value in lower case, with one space for every run of
// characters that are neither letters nor digits.
func plainWords(value string) string {
	fields := strings.FieldsFunc(strings.ToLower(value), func(char rune) bool {
		return char < utf8.RuneSelf && !isAlphanumeric(byte(char))
	})
	return strings.Join(fields, " ")
}
