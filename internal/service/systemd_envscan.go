package service

import "strings"

// envFileScanner takes an environment file apart as systemd does.
type envFileScanner struct {
	rest string
	line int
	size int // of the file
}

func (s *envFileScanner) offset() int { return s.size - len(s.rest) }

// next returns the next assignment.
func (s *envFileScanner) next() (entry envFileEntry, ok bool) {
	for s.rest != "" {
		s.skipSpace()
		entry.line, entry.start = s.line, s.offset()
		if s.rest != "" && strings.IndexByte("#;", s.rest[0]) >= 0 {
			s.take(strings.IndexAny(s.rest, "\n\r"))
			continue
		}
		if entry.key, ok = s.key(); ok {
			entry.valueAt = s.offset()
			entry.value, entry.ended = s.value()
			entry.end = s.offset()
			return entry, true
		}
	}
	return envFileEntry{}, false
}

// key reads up to "=" and past it, or to the end of a line that has none. A "="
// at the very start belongs to the (invalid) name.
func (s *envFileScanner) key() (key string, ok bool) {
	if s.rest == "" {
		return "", false
	}
	end := strings.IndexAny(s.rest[1:], "=\n\r") + 1
	if end == 0 {
		s.take(-1)
		return "", false
	}
	ok = s.rest[end] == '='
	key = strings.TrimRight(s.take(end), unitSpace)
	s.take(1)
	return key, ok
}

func (s *envFileScanner) skipSpace() {
	s.take(len(s.rest) - len(strings.TrimLeft(s.rest, unitSpace)))
}

// take cuts n bytes off, all that is left where n is negative.
func (s *envFileScanner) take(n int) string {
	if n < 0 {
		n = len(s.rest)
	}
	taken := s.rest[:n]
	s.line += strings.Count(taken, "\n")
	s.rest = s.rest[n:]
	return taken
}

// value reads up to the end of the line that is neither quoted nor escaped; ended
// is false where the file ends instead. White space is dropped before each part,
// and after a bare one at the end.
func (s *envFileScanner) value() (value string, ended bool) {
	var out []byte
	bare := false // within a bare part
	kept := 0     // what of out must survive the trimming of trailing white space
	for s.rest != "" {
		c := s.take(1)[0]
		switch {
		case c == '\n' || c == '\r':
			return trimBare(out, kept, bare), true
		case c == '\\':
			if s.rest != "" {
				if escaped := s.take(1)[0]; escaped != '\n' && escaped != '\r' {
					out = append(out, escaped)
				}
			}
			bare, kept = true, len(out)
		case !bare && c == '\'':
			end := strings.IndexByte(s.rest, '\'')
			out = append(out, s.take(end)...)
			s.takeQuote()
			kept = len(out)
		case !bare && c == '"':
			out = s.doubleQuoted(out)
			kept = len(out)
		case bare || strings.IndexByte(unitSpace, c) < 0:
			bare = true
			out = append(out, c)
		}
	}
	return trimBare(out, kept, bare), false
}

func (s *envFileScanner) takeQuote() {
	if s.rest != "" {
		s.take(1)
	}
}

// doubleQuoted appends what stands before the closing quote: a backslash is
// dropped before a quote, a backslash, "$", a backquote and a line feed, kept
// before anything else.
func (s *envFileScanner) doubleQuoted(out []byte) []byte {
	for s.rest != "" {
		c := s.take(1)[0]
		switch {
		case c == '"':
			return out
		case c != '\\':
			out = append(out, c)
		case s.rest == "":
			return out
		default:
			escaped := s.take(1)[0]
			if strings.IndexByte("\"\\`$\n", escaped) < 0 {
				out = append(out, '\\')
			}
			if escaped != '\n' {
				out = append(out, escaped)
			}
		}
	}
	return out
}

func trimBare(out []byte, kept int, bare bool) string {
	if !bare {
		return string(out)
	}
	return string(out[:kept]) + strings.TrimRight(string(out[kept:]), unitSpace)
}
