package dotenv

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// readValue returns what npm dotenv makes of a raw value from which the space
// around it has been cut: quotes go, and where the raw value begins with a double
// quote, closed or not, \n and \r become line ends.
func readValue(raw []byte) string {
	text := decodeUTF8(raw)
	text = strings.ReplaceAll(text, "\r\n", "\n")
	text = strings.ReplaceAll(text, "\r", "\n")
	expand := strings.HasPrefix(text, `"`)
	text = stripQuotes(text)
	if expand {
		text = strings.ReplaceAll(text, `\n`, "\n")
		text = strings.ReplaceAll(text, `\r`, "\r")
	}
	return text
}

// stripQuotes does value.replace(/^(['"`])([\s\S]*)\1$/mg, '$2'), in which ^ and $
// also match at a line end within the value.
func stripQuotes(text string) string {
	if !strings.ContainsAny(text, "'\"`") {
		return text
	}
	src := []byte(text)
	closing := closingQuotes(src)
	var out []byte
	for i := 0; i < len(src); {
		end, ok := closing[src[i]]
		if ok && end > i && (i == 0 || endsJavaScriptLine(src[:i])) {
			out = append(out, src[i+1:end]...)
			i = end + 1
			continue
		}
		out = append(out, src[i])
		i++
	}
	return string(out)
}

// closingQuotes returns the last offset of each kind of quote at which a line ends.
func closingQuotes(src []byte) map[byte]int {
	closing := make(map[byte]int, 3)
	for i := len(src) - 1; i >= 0 && len(closing) < 3; i-- {
		if !isQuote(src[i]) {
			continue
		}
		if _, found := closing[src[i]]; !found && startsLineEnd(src[i+1:]) {
			closing[src[i]] = i
		}
	}
	return closing
}

// startsLineEnd reports whether $ matches before text.
func startsLineEnd(text []byte) bool {
	return len(text) == 0 || text[0] == '\n' || text[0] == '\r' ||
		bytes.HasPrefix(text, []byte("\u2028")) || bytes.HasPrefix(text, []byte("\u2029"))
}

// decodeUTF8 replaces what is not UTF-8 as the product's runtime does: one U+FFFD
// for each maximal part of a character (WHATWG Encoding, UTF-8 decoder). Go's own
// conversions count otherwise.
func decodeUTF8(raw []byte) string {
	if utf8.Valid(raw) {
		return string(raw)
	}
	var out strings.Builder
	for len(raw) > 0 {
		if r, size := utf8.DecodeRune(raw); r != utf8.RuneError || size > 1 {
			out.Write(raw[:size])
			raw = raw[size:]
			continue
		}
		out.WriteRune(utf8.RuneError)
		raw = raw[brokenSize(raw):]
	}
	return out.String()
}

// brokenSize returns the length of the broken character that raw begins with: as
// many bytes as some character begins with, at least one.
func brokenSize(raw []byte) int {
	size := 1
	for size < len(raw) && !utf8.FullRune(raw[:size+1]) {
		size++
	}
	return size
}
