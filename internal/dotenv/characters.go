package dotenv

// isSpace reports whether JavaScript's \s and trim take r for white space
// (ECMA-262 WhiteSpace and LineTerminator).
func isSpace(r rune) bool {
	switch r {
	case '\t', '\n', '\v', '\f', '\r', ' ', '\u00a0', '\u1680', '\u2028', '\u2029', '\u202f', '\u205f', '\u3000', '\ufeff':
		return true
	}
	return '\u2000' <= r && r <= '\u200a'
}

// endsJavaScriptLine reports whether text ends in a line terminator of JavaScript:
// LF, CR, U+2028 or U+2029.
func endsJavaScriptLine(text []byte) bool {
	switch n := len(text); text[n-1] {
	case '\n', '\r':
		return true
	case 0xa8, 0xa9:
		return n >= 3 && text[n-3] == 0xe2 && text[n-2] == 0x80
	}
	return false
}

func isQuote(b byte) bool { return b == '\'' || b == '"' || b == '`' }

// isNameByte reports whether b is one of [A-Za-z0-9_.-].
func isNameByte(b byte) bool {
	return 'a' <= b && b <= 'z' || 'A' <= b && b <= 'Z' || '0' <= b && b <= '9' || b == '_' || b == '.' || b == '-'
}
