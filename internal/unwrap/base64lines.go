package unwrap

const (
	// Widths that tools break base64 at: 64 (PEM, openssl), 76 (MIME, base64).
	narrowestLine = 60
	widestLine    = 128
)

// nextLine returns where the base64 that breaks off at i goes on, on the next line,
// or false if it does not. lineStart is where its present line begins, and width how
// many characters every line before that has, zero if there is none. The next line
// may be indented; it must be as wide as this one, or end as base64 does.
func nextLine(source []byte, lineStart, i, width int) (next int, ok bool) {
	present := i - lineStart
	if present < narrowestLine || present > widestLine || width != 0 && present != width {
		return 0, false
	}
	next = i
	if next < len(source) && source[next] == '\r' {
		next++
	}
	if next == len(source) || source[next] != '\n' {
		return 0, false
	}
	next++
	for next < len(source) && (source[next] == ' ' || source[next] == '\t') {
		next++
	}
	end := next
	for end < len(source) && end-next <= present && sextet[source[end]] != noSextet {
		end++
	}
	switch end - next {
	case 0, 1:
		return 0, false
	case present:
		return next, true
	default:
		return next, endsBase64(source, end)
	}
}

// endsBase64 tells whether what stands at end is no part of a word or a key, so
// that the characters before it may be the last line of a base64 body.
func endsBase64(source []byte, end int) bool {
	if end == len(source) {
		return true
	}
	switch source[end] {
	case '=', '\r', '\n', '"', '\'', '`', '<', '\\':
		return true
	}
	return false
}
