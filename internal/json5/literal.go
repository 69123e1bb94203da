package json5

import "bytes"

// literal reads a string, a number or a keyword.
func (p *parser) literal() error {
	switch c := p.peek(); c {
	case '"', '\'':
		return p.str()
	case 'n':
		return p.keyword("null")
	case 't':
		return p.keyword("true")
	case 'f':
		return p.keyword("false")
	case '+', '-', '.', 'I', 'N':
		return p.number()
	default:
		if isDigit(c) {
			return p.number()
		}
		return p.expected("a value")
	}
}

func (p *parser) keyword(word string) error {
	if !bytes.HasPrefix(p.src[p.pos:], []byte(word)) {
		return p.expected("a value; a string needs quotes")
	}
	p.pos += len(word)
	return nil
}

func (p *parser) str() error {
	start, quote := p.pos, p.peek()
	for p.pos++; p.pos < len(p.src); {
		switch p.src[p.pos] {
		case quote:
			p.pos++
			return nil
		case '\\':
			if err := p.escape(); err != nil {
				return err
			}
		case '\n', '\r':
			return p.fail(start, `this string does not end on its line: add its quote, or \ at the end of the line`)
		default:
			p.pos++
		}
	}
	return p.fail(start, "this string does not end: add its quote")
}

// escape reads a backslash and what belongs to it. Of a character beyond ASCII
// the first byte will do: the others can only be more of the string.
func (p *parser) escape() error {
	switch c := p.peekAt(1); {
	case p.pos+1 >= len(p.src):
		p.pos++
		return nil // the string does not end, and says so
	case c == 'x':
		return p.hexEscape(2, `expected two hexadecimal digits after \x`)
	case c == 'u':
		return p.hexEscape(4, `expected four hexadecimal digits after \u`)
	case c == '0' && isDigit(p.peekAt(2)), '1' <= c && c <= '9':
		return p.fail(p.pos, `no digit may follow \ here: octal escapes are not JSON5`)
	case c == '\r' && p.peekAt(2) == '\n':
		p.pos += 3
	default:
		p.pos += 2
	}
	return nil
}

func (p *parser) hexEscape(digits int, problem string) error {
	for i := range digits {
		if !isHexDigit(p.peekAt(2 + i)) {
			return p.fail(p.pos, problem)
		}
	}
	p.pos += 2 + digits
	return nil
}

func (p *parser) number() error {
	if c := p.peek(); c == '+' || c == '-' {
		p.pos++
	}
	switch c := p.peek(); {
	case c == 'I':
		return p.keyword("Infinity")
	case c == 'N':
		return p.keyword("NaN")
	case c == '0' && p.peekAt(1)|0x20 == 'x':
		p.pos += 2
		return p.digits(isHexDigit, "a hexadecimal digit")
	case c == '0':
		p.pos++ // and no digits after it: 010 is neither octal nor decimal here
	case isDigit(c):
		_ = p.digits(isDigit, "")
	case c == '.' && isDigit(p.peekAt(1)):
	default:
		return p.expected("a number")
	}
	if p.peek() == '.' {
		p.pos++
		for isDigit(p.peek()) {
			p.pos++
		}
	}
	if p.peek()|0x20 != 'e' {
		return nil
	}
	p.pos++
	if c := p.peek(); c == '+' || c == '-' {
		p.pos++
	}
	return p.digits(isDigit, "a digit of the exponent")
}

// digits reads one digit or more.
func (p *parser) digits(is func(byte) bool, what string) error {
	if !is(p.peek()) {
		return p.expected(what)
	}
	for is(p.peek()) {
		p.pos++
	}
	return nil
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isHexDigit(c byte) bool { return isDigit(c) || 'a' <= c|0x20 && c|0x20 <= 'f' }
