package dotenv

import (
	"bytes"
	"unicode/utf8"
)

// scanner finds the assignments that npm dotenv 17.4.2 finds with this expression
// (lib/main.js), in which \s and the line ends of ^, $ and . are JavaScript's:
//
//	/(?:^|^)\s*(?:export\s+)?([\w.-]+)(?:\s*=\s*?|:\s+?)
//	 (\s*'(?:\\'|[^'])*'|\s*"(?:\\"|[^"])*"|\s*`(?:\\`|[^`])*`|[^#\r\n]+)?
//	 \s*(?:#.*)?(?:$|$)/mg
//
// Everything before the value can match in one way only, and from there on the
// expression always finds a match, so no general backtracking is needed: it
// happens in [scanner.quoted] alone. Time is linear in the size of the file,
// which the expression's is not.
//
// The product turns CR and CRLF into LF before it matches. The scanner works on
// the file's own bytes, so that offsets are the file's, and takes CR for a line end.
type scanner struct {
	src   []byte
	pos   int // where the last match ended
	match match
}

// match is one assignment, in offsets.
type match struct {
	start              int // of the name or the "export" before it
	nameStart, nameEnd int
	valueStart         int // of the raw value, quotes included
	valueEnd           int
	end                int // of the whole match, with the comment after the value
}

// next finds the next assignment and reports whether there is one.
func (s *scanner) next() bool {
	pos := s.pos
	for {
		if pos = s.lineStart(pos); pos > len(s.src) {
			return false
		}
		text := s.skipSpace(pos)
		if s.assignment(text) {
			s.pos = s.match.end
			return true
		}
		// Any line start up to text skips the same space and fails the same way.
		pos = text + 1
	}
}

// lineStart returns the first offset from pos on at which ^ matches, or one past
// the end of the text.
func (s *scanner) lineStart(pos int) int {
	for ; pos <= len(s.src); pos++ {
		if pos == 0 || endsJavaScriptLine(s.src[:pos]) {
			return pos
		}
	}
	return pos
}

// assignment matches an assignment whose text begins at start.
func (s *scanner) assignment(start int) bool {
	nameStart := start
	if rest, ok := bytes.CutPrefix(s.src[start:], []byte("export")); ok {
		after := len(s.src) - len(rest)
		// Without a name behind it, "export" is the name: "export = x".
		if next := s.skipSpace(after); next > after && s.nameEnd(next) > next {
			nameStart = next
		}
	}
	nameEnd := s.nameEnd(nameStart)
	if nameEnd == nameStart {
		return false
	}
	separatorEnd, valueFrom, ok := s.separator(nameEnd)
	if !ok {
		return false
	}
	s.match = match{start: start, nameStart: nameStart, nameEnd: nameEnd}
	s.value(separatorEnd, valueFrom)
	return true
}

// nameEnd returns the end of the run of [\w.-] that begins at pos.
func (s *scanner) nameEnd(pos int) int {
	for pos < len(s.src) && isNameByte(s.src[pos]) {
		pos++
	}
	return pos
}

// separator matches \s*= or a colon with the one space that it needs. It returns
// the offset after the sign, and the one from which the value is looked for.
func (s *scanner) separator(pos int) (signEnd, valueFrom int, ok bool) {
	if bytes.HasPrefix(s.src[pos:], []byte(":")) {
		signEnd = pos + 1
		valueFrom = signEnd + spaceSize(s.src[signEnd:])
		return signEnd, valueFrom, valueFrom > signEnd
	}
	pos = s.skipSpace(pos)
	if pos == len(s.src) || s.src[pos] != '=' {
		return 0, 0, false
	}
	return pos + 1, pos + 1, true
}

// value matches what follows the separator: a quoted value, which may begin some
// lines further down, else the rest of the line up to a '#', else nothing.
func (s *scanner) value(separatorEnd, from int) {
	if s.quoted(s.skipSpace(from)) {
		return
	}
	end := len(s.src)
	if i := bytes.IndexAny(s.src[from:], "#\r\n"); i >= 0 {
		end = from + i
	}
	// The rest of the match never fails here: end is a '#' or the end of a line.
	s.match.end, _ = s.tail(end)

	raw := bytes.TrimLeftFunc(s.src[from:end], isSpace)
	start := end - len(raw)
	raw = bytes.TrimRightFunc(raw, isSpace)
	if len(raw) == 0 {
		start = separatorEnd
	}
	s.match.valueStart, s.match.valueEnd = start, start+len(raw)
}

// quoted matches a value in quotes that opens at open. It ends at the first quote
// without a backslash before it, if only space or a comment follow there; else at
// the last quote before that one (or before the end of the text) that has a
// backslash before it and nothing but space or a comment after it.
func (s *scanner) quoted(open int) bool {
	if open == len(s.src) || !isQuote(s.src[open]) {
		return false
	}
	quote := s.src[open]
	end := open + 1
	for end < len(s.src) && (s.src[end] != quote || s.src[end-1] == '\\') {
		end++
	}
	for ; end > open; end-- {
		if end == len(s.src) || s.src[end] != quote {
			continue
		}
		if tailEnd, ok := s.tail(end + 1); ok {
			s.match.valueStart, s.match.valueEnd, s.match.end = open, end+1, tailEnd
			return true
		}
	}
	return false
}

// tail matches \s*(?:#.*)?$ at pos and returns where that ends. The space may run
// over several lines, and so a comment further down belongs to the match.
func (s *scanner) tail(pos int) (end int, ok bool) {
	end = -1
	for pos < len(s.src) {
		size := spaceSize(s.src[pos:])
		if size == 0 {
			break
		}
		if endsJavaScriptLine(s.src[:pos+size]) {
			end = pos
		}
		pos += size
	}
	switch {
	case pos == len(s.src):
		return pos, true
	case s.src[pos] == '#':
		for pos++; pos < len(s.src) && !endsJavaScriptLine(s.src[:pos+1]); pos++ {
		}
		return pos, true
	}
	return end, end >= 0
}

// skipSpace returns the offset of the first character from pos on that is no space.
func (s *scanner) skipSpace(pos int) int {
	for pos < len(s.src) {
		size := spaceSize(s.src[pos:])
		if size == 0 {
			break
		}
		pos += size
	}
	return pos
}

// spaceSize returns the length of the space that text begins with, 0 if there is
// none. CRLF is one space, as it is in what the product matches.
func spaceSize(text []byte) int {
	if len(text) == 0 {
		return 0
	}
	if text[0] < utf8.RuneSelf {
		switch {
		case text[0] == '\r' && len(text) > 1 && text[1] == '\n':
			return 2
		case isSpace(rune(text[0])):
			return 1
		}
		return 0
	}
	if r, size := utf8.DecodeRune(text); isSpace(r) {
		return size
	}
	return 0
}
