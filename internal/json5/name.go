package json5

import (
	"unicode"
	"unicode/utf8"
)

// name reads a member's name: a string or an identifier name.
func (p *parser) name() error {
	if c := p.peek(); c == '"' || c == '\'' {
		return p.str()
	}
	start := p.pos
	for p.pos < len(p.src) {
		at := p.pos
		escaped := p.src[at] == '\\'
		r, size := utf8.DecodeRune(p.src[at:])
		if escaped {
			if p.peekAt(1) != 'u' {
				return p.fail(at, `only \uHHHH may be escaped in a name: put the name in quotes`)
			}
			if err := p.hexEscape(4, `expected four hexadecimal digits after \u`); err != nil {
				return err
			}
			r, size = unescape(p.src[at:])
		}
		p.pos = at + size
		if isNameStart(r) || at > start && isNamePart(r) {
			continue
		}
		if escaped {
			return p.fail(at, "this escape is no character of a name: put the name in quotes")
		}
		p.pos = at
		break
	}
	if p.pos == start {
		return p.expected("a name: an identifier, or a string in quotes")
	}
	return nil
}

// isIdentifier reports whether a name may stand without quotes.
func isIdentifier(name string) bool {
	for i, r := range name {
		if !isNameStart(r) && (i == 0 || !isNamePart(r)) {
			return false
		}
	}
	return name != ""
}

// isNameStart reports whether a name may begin with r.
func isNameStart(r rune) bool {
	if r < utf8.RuneSelf {
		return 'a' <= r|0x20 && r|0x20 <= 'z' || r == '$' || r == '_'
	}
	return unicode.Is(nameStart, r)
}

// isNamePart reports whether r, which no name may begin with, may follow in one.
func isNamePart(r rune) bool {
	if r < utf8.RuneSelf {
		return '0' <= r && r <= '9'
	}
	const zeroWidthNonJoiner, zeroWidthJoiner = '\u200c', '\u200d'
	return r == zeroWidthNonJoiner || r == zeroWidthJoiner || unicode.Is(namePart, r)
}
