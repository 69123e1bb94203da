package json5

import (
	"slices"

	"github.com/tailscale/hujson"
)

// maxDepth is how deep arrays and objects may be nested: walking a tree is
// recursive, here and in hujson.
const maxDepth = 10_000

// parser reads one document from front to back.
type parser struct {
	src   []byte
	pos   int
	depth int

	// What has been read of the containers that are still open, innermost last:
	// a container is copied out of here when it is closed and its size known.
	members  []hujson.ObjectMember
	elements []hujson.ArrayElement
}

func (p *parser) document() (root hujson.Value, err error) {
	if root.BeforeExtra, err = p.extra(); err != nil {
		return root, err
	}
	if err = p.value(&root); err != nil {
		return root, err
	}
	if root.AfterExtra, err = p.extra(); err != nil {
		return root, err
	}
	if p.pos < len(p.src) {
		return root, p.fail(p.pos, "the document should end here: remove what follows its value")
	}
	return root, nil
}

// value reads a value into v. The extra around it is left to the caller.
func (p *parser) value(v *hujson.Value) (err error) {
	v.StartOffset = p.pos
	switch p.peek() {
	case '{':
		v.Value, err = p.object()
	case '[':
		v.Value, err = p.array()
	default:
		err = p.literal()
		v.Value = hujson.Literal(p.since(v.StartOffset))
	}
	v.EndOffset = p.pos
	return err
}

func (p *parser) object() (*hujson.Object, error) {
	if err := p.open(); err != nil {
		return nil, err
	}
	first := len(p.members)
	for {
		before, err := p.extra()
		if err != nil {
			return nil, err
		}
		if p.peek() == '}' {
			return p.closeObject(first, before), nil
		}
		var member hujson.ObjectMember
		if err = p.member(&member); err != nil {
			return nil, err
		}
		member.Name.BeforeExtra = before
		after, err := p.extra()
		if err != nil {
			return nil, err
		}
		switch p.peek() {
		case ',':
			p.pos++
			member.Value.AfterExtra = beforeComma(after)
			p.members = append(p.members, member)
		case '}':
			p.members = append(p.members, member)
			return p.closeObject(first, after), nil
		default:
			return nil, p.expected("a comma or } after a member")
		}
	}
}

// member reads a name and a value into m. The extra around them is left to the caller.
func (p *parser) member(m *hujson.ObjectMember) (err error) {
	m.Name.StartOffset = p.pos
	if err = p.name(); err != nil {
		return err
	}
	m.Name.Value = hujson.Literal(p.since(m.Name.StartOffset))
	m.Name.EndOffset = p.pos
	if m.Name.AfterExtra, err = p.extra(); err != nil {
		return err
	}
	if p.peek() != ':' {
		return p.expected("a colon after a name")
	}
	p.pos++
	if m.Value.BeforeExtra, err = p.extra(); err != nil {
		return err
	}
	return p.value(&m.Value)
}

func (p *parser) closeObject(first int, extra hujson.Extra) *hujson.Object {
	p.pos++
	p.depth--
	obj := &hujson.Object{Members: slices.Clone(p.members[first:]), AfterExtra: extra}
	p.members = p.members[:first]
	return obj
}

func (p *parser) array() (*hujson.Array, error) {
	if err := p.open(); err != nil {
		return nil, err
	}
	first := len(p.elements)
	for {
		before, err := p.extra()
		if err != nil {
			return nil, err
		}
		if p.peek() == ']' {
			return p.closeArray(first, before), nil
		}
		var element hujson.ArrayElement
		if err = p.value(&element); err != nil {
			return nil, err
		}
		element.BeforeExtra = before
		after, err := p.extra()
		if err != nil {
			return nil, err
		}
		switch p.peek() {
		case ',':
			p.pos++
			element.AfterExtra = beforeComma(after)
			p.elements = append(p.elements, element)
		case ']':
			p.elements = append(p.elements, element)
			return p.closeArray(first, after), nil
		default:
			return nil, p.expected("a comma or ] after an element")
		}
	}
}

func (p *parser) closeArray(first int, extra hujson.Extra) *hujson.Array {
	p.pos++
	p.depth--
	arr := &hujson.Array{Elements: slices.Clone(p.elements[first:]), AfterExtra: extra}
	p.elements = p.elements[:first]
	return arr
}

// open steps over an opening bracket.
func (p *parser) open() error {
	if p.depth == maxDepth {
		return p.fail(p.pos, "arrays and objects are nested deeper than 10,000")
	}
	p.depth++
	p.pos++
	return nil
}

// beforeComma marks the extra after a value as one that a comma follows: hujson
// takes a last value whose AfterExtra is nil for one without a comma.
func beforeComma(extra hujson.Extra) hujson.Extra {
	if extra == nil {
		return hujson.Extra{}
	}
	return extra
}

// extra reads white space and comments, nil if there are none.
func (p *parser) extra() (hujson.Extra, error) {
	start := p.pos
	for p.pos < len(p.src) {
		if c := p.src[p.pos]; c == ' ' || c == '\n' {
			p.pos++ // nearly all there is
			continue
		}
		kind, size := nextTrivia(p.src[p.pos:])
		if kind == notTrivia {
			break
		}
		if kind == unfinishedComment {
			return nil, p.fail(p.pos, "this comment does not end: add */")
		}
		p.pos += size
	}
	if p.pos == start {
		return nil, nil
	}
	return hujson.Extra(p.since(start)), nil
}

// since returns the text from start on that has been read. Its capacity ends
// there, so that nobody who appends to it writes into the source.
func (p *parser) since(start int) []byte { return p.src[start:p.pos:p.pos] }

// peek returns the next byte, 0 at the end. A NUL byte starts no token, so that
// the two need no telling apart.
func (p *parser) peek() byte { return p.peekAt(0) }

func (p *parser) peekAt(ahead int) byte {
	if p.pos+ahead >= len(p.src) {
		return 0
	}
	return p.src[p.pos+ahead]
}

func (p *parser) fail(offset int, problem string) error {
	return newSyntaxError(p.src, offset, problem)
}

// expected is the error of finding something else than what.
func (p *parser) expected(what string) error {
	if p.pos >= len(p.src) {
		return p.fail(p.pos, "the text ends too early: expected "+what)
	}
	return p.fail(p.pos, "expected "+what)
}
