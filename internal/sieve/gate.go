package sieve

import "encoding/binary"

// Gate tells of most texts that an expression does not match, much faster than the
// expression does.
type Gate struct {
	anchors []Anchor
	first   byteSet // of the anchors
}

// NewGate returns the gate of an expression, nil if there is none.
func NewGate(regex string) *Gate {
	re, err := parse(regex)
	if err != nil {
		return nil
	}
	g := &Gate{}
	for _, l := range findLeads(re) {
		g.anchors = append(g.anchors, l.anchors...)
	}
	for i := range g.anchors {
		for _, b := range []byte(g.anchors[i].First[0]) {
			g.first.add(b)
		}
	}
	if len(g.anchors) == 0 {
		return nil
	}
	return g
}

// May reports whether the expression may match somewhere in text.
func (g *Gate) May(text string) bool {
	for at := 0; at+shortestAnchor <= len(text); at++ {
		if !g.first.has(text[at]) {
			continue
		}
		var bytes [8]byte
		copy(bytes[:], text[at:])
		word := binary.LittleEndian.Uint64(bytes[:])
		for i := range g.anchors {
			if a := &g.anchors[i]; word|a.Mask == a.Value {
				return true
			}
		}
	}
	return false
}
