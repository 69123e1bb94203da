package search

import (
	"strconv"
	"strings"

	"github.com/clawsecrets/clawsecrets/internal/unwrap"
)

// pointer returns the JSON Pointer of the string in a line of JSON that holds the byte at
// offset: for a key, that of its value. It is "" where the line is no JSON up to there.
func pointer(line []byte, offset int) string {
	p := pointing{line: line}
	for p.at < len(line) {
		switch b := line[p.at]; b {
		case '{', '[':
			p.open = append(p.open, container{list: b == '['})
			p.at++
		case '}', ']':
			if len(p.open) == 0 {
				return ""
			}
			p.open = p.open[:len(p.open)-1]
			p.at++
		case ',':
			p.next()
			p.at++
		case '"':
			start, end := p.at, p.stringEnd()
			p.key(start, end)
			if offset < end {
				return p.String()
			}
			p.at = end
		default:
			if p.at >= offset {
				return p.String()
			}
			p.at++
		}
	}
	return ""
}

// container is an object or list that has been opened.
type container struct {
	list  bool
	index int
	name  string
	named bool // the name of the current member has been read
}

type pointing struct {
	line []byte
	at   int
	open []container
}

// next goes on to the next member of the innermost container.
func (p *pointing) next() {
	if len(p.open) > 0 {
		c := &p.open[len(p.open)-1]
		c.index++
		c.named = false
	}
}

// key notes a string that is the name of a member.
func (p *pointing) key(start, end int) {
	if len(p.open) == 0 {
		return
	}
	if c := &p.open[len(p.open)-1]; !c.list && !c.named {
		c.name, c.named = string(unwrap.Unescape(nil, p.line[start+1:max(end-1, start+1)])), true
	}
}

// stringEnd returns where the string that begins at p.at ends, its quote included.
func (p *pointing) stringEnd() int {
	for i := p.at + 1; i < len(p.line); i++ {
		switch p.line[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(p.line)
}

func (p *pointing) String() string {
	var b strings.Builder
	for _, c := range p.open {
		b.WriteByte('/')
		if c.list {
			b.WriteString(strconv.Itoa(c.index))
		} else {
			b.WriteString(strings.NewReplacer("~", "~0", "/", "~1").Replace(c.name))
		}
	}
	return b.String()
}
