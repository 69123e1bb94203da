package unwrap

import "unicode/utf8"

// textBuffer collects bytes for as long as they are text.
type textBuffer struct {
	out   []byte
	valid int // how many bytes of out are known to be text
}

// text returns what is text: without an unfinished character at the end.
func (b *textBuffer) text() []byte { return b.out[:b.valid] }

// addQuad is add for the three bytes of a quad.
func (b *textBuffer) addQuad(x, y, z byte) bool {
	if b.valid < len(b.out) || !isText[x] || !isText[y] || !isText[z] {
		return b.add(x, y, z)
	}
	b.out = append(b.out, x, y, z)
	b.valid += 3
	return true
}

// add appends bytes and tells whether all is text yet, an unfinished character aside.
func (b *textBuffer) add(more ...byte) bool {
	b.out = append(b.out, more...)
	for b.valid < len(b.out) {
		rest := b.out[b.valid:]
		if rest[0] < utf8.RuneSelf {
			if !isText[rest[0]] {
				return false
			}
			b.valid++
			continue
		}
		if !utf8.FullRune(rest) {
			return true
		}
		char, size := utf8.DecodeRune(rest)
		if size == 1 || char < 0xa0 {
			return false
		}
		b.valid += size
	}
	return true
}

// isText tells the bytes of ASCII text: printable, tab, newline, carriage return.
var isText = makeText()

func makeText() (table [256]bool) {
	for b := ' '; b <= '~'; b++ {
		table[b] = true
	}
	table['\t'], table['\n'], table['\r'] = true, true, true
	return table
}
