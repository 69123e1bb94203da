package search

import (
	"strconv"
	"strings"

	"github.com/clawsecrets/clawsecrets/internal/unwrap"
)

// longestPointer is the length in bytes from which on a pointer would help nobody.
const longestPointer = 1 << 10

// point gives the hits in a text of JSON, which are in the order of their places, their
// pointers. One that holds a secret is left out: pointers are shown.
func point(text []byte, hits []Hit) {
	p := pointing{text: text}
	for i := range hits {
		p.secrets.add(hits[i].Start, hits[i].End)
	}
	values := newValueSet(hits)
	for i := range hits {
		pointer, plain := p.to(int(hits[i].Start))
		if !values.within(pointer) && !values.within(plain) {
			hits[i].Pointer = pointer
		}
	}
}

// pointing is a place in a text of JSON, and what leads there. It goes forward only.
type pointing struct {
	text    []byte
	secrets spans // in the text; a key that has a part of one is not shown
	at      int
	end     int // of the string at at, once it is known
	open    []container
}

// container is an object or list that has been opened.
type container struct {
	list  bool
	index int
	name  string
	named bool // the name of the current member has been read
	// hidden is set where the name is not to be shown.
	hidden bool
}

// to returns the JSON Pointer of the string or number that holds the byte at offset: for a
// key, that of its value; and the same without its escapes. They are "" where the text is no
// JSON up to there, or the pointer may not be shown or is too long.
func (p *pointing) to(offset int) (pointer, plain string) {
	for p.at < len(p.text) {
		switch b := p.text[p.at]; b {
		case '{', '[':
			p.open = append(p.open, container{list: b == '['})
			p.at++
		case '}', ']':
			if len(p.open) == 0 {
				p.at = len(p.text)
				return "", ""
			}
			p.open = p.open[:len(p.open)-1]
			p.at++
		case ',':
			p.next()
			p.at++
		case '"':
			p.readString()
			if offset < p.end {
				return p.strings()
			}
			p.at = p.end
		default:
			if p.at >= offset {
				return p.strings()
			}
			p.at++
		}
	}
	return "", ""
}

// next goes on to the next member of the innermost container.
func (p *pointing) next() {
	if len(p.open) > 0 {
		c := &p.open[len(p.open)-1]
		c.index++
		c.named = false
	}
}

// readString finds the end of the string at p.at, and notes the name if it is one.
func (p *pointing) readString() {
	if p.end > p.at {
		return
	}
	p.end = p.stringEnd()
	if len(p.open) == 0 {
		return
	}
	c := &p.open[len(p.open)-1]
	if c.list || c.named {
		return
	}
	c.named = true
	name := p.text[p.at+1 : max(p.end-1, p.at+1)]
	c.hidden = len(name) > longestPointer || p.secrets.overlap(int64(p.at), int64(p.end))
	if c.name = ""; !c.hidden {
		c.name = string(unwrap.Unescape(nil, name))
	}
}

// stringEnd returns where the string that begins at p.at ends, its quote included.
func (p *pointing) stringEnd() int {
	for i := p.at + 1; i < len(p.text); i++ {
		switch p.text[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(p.text)
}

func (p *pointing) strings() (pointer, plain string) {
	var escaped, raw strings.Builder
	for _, c := range p.open {
		if c.hidden || escaped.Len() > longestPointer {
			return "", ""
		}
		name := c.name
		if c.list {
			name = strconv.Itoa(c.index)
		}
		raw.WriteString("/" + name)
		escaped.WriteByte('/')
		for i := range len(name) {
			switch name[i] {
			case '~':
				escaped.WriteString("~0")
			case '/':
				escaped.WriteString("~1")
			default:
				escaped.WriteByte(name[i])
			}
		}
	}
	return escaped.String(), raw.String()
}

// valueSet finds values in texts in a time that does not depend on how many there are.
type valueSet struct {
	all map[string]bool
	// lengths has those of the values that begin with a byte.
	lengths [256][]int
}

func newValueSet(hits []Hit) *valueSet {
	s := &valueSet{all: map[string]bool{}}
	known := map[string]bool{} // a first byte and a length
	for i := range hits {
		value := hits[i].Value.Reveal()
		if value == "" || len(value) > 2*longestPointer || s.all[value] {
			continue
		}
		s.all[value] = true
		if kind := value[:1] + strconv.Itoa(len(value)); !known[kind] {
			known[kind] = true
			s.lengths[value[0]] = append(s.lengths[value[0]], len(value))
		}
	}
	return s
}

// within reports whether a text holds one of the values.
func (s *valueSet) within(text string) bool {
	for i := range len(text) {
		for _, length := range s.lengths[text[i]] {
			if i+length <= len(text) && s.all[text[i:i+length]] {
				return true
			}
		}
	}
	return false
}
