package corpus

import (
	"bytes"
	"strconv"
)

// append appends one text of the class.
func (c *class) append(to []byte, r noise) []byte {
	parts := c.alternatives[r.below(len(c.alternatives))]
	for i := range parts {
		to = parts[i].append(to, r)
	}
	return to
}

func (p *part) append(to []byte, r noise) []byte {
	if p.literal != "" {
		return append(to, p.literal...)
	}
	start := len(to)
	for range r.between(p.least, p.most) {
		if p.builtin != nil {
			to = p.builtin(r, to)
		} else {
			to = p.class.append(to, r)
		}
	}
	switch added := to[start:]; {
	case len(added) == 0 || p.spelling == asWritten:
	case p.spelling == capital:
		if 'a' <= added[0] && added[0] <= 'z' {
			added[0] -= 'a' - 'A'
		}
	case p.spelling == allCapital:
		copy(added, bytes.ToUpper(added))
	case p.spelling == quoted:
		to = strconv.AppendQuote(to[:start], string(added))
	}
	return to
}
