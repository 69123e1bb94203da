package search

import "io"

// wideReader reads UTF-16 text as UTF-8.
type wideReader struct {
	in       io.Reader
	big      bool
	wide     []byte // read and not yet narrowed: half a character
	narrowed []byte // not yet handed out
	err      error
}

func (r *wideReader) Read(p []byte) (int, error) {
	for len(r.narrowed) == 0 {
		if r.err != nil {
			return 0, r.err
		}
		r.fill()
	}
	n := copy(p, r.narrowed)
	r.narrowed = r.narrowed[n:]
	return n, nil
}

// fill reads on and narrows all whole characters.
func (r *wideReader) fill() {
	const most = 32 << 10
	buffer := append(make([]byte, 0, most), r.wide...)
	n, err := r.in.Read(buffer[len(buffer):cap(buffer)])
	buffer, r.err = buffer[:len(buffer)+n], err
	whole := len(buffer) &^ 1
	if err == nil && whole > 0 && r.isHigh(buffer[whole-2:whole]) {
		whole -= 2 // its other half comes with the next read
	}
	r.narrowed = narrow(buffer[:whole], r.big)
	r.wide = append(r.wide[:0], buffer[whole:]...)
}

// isHigh reports whether a unit is the first half of a character of two.
func (r *wideReader) isHigh(unit []byte) bool {
	high := unit[1]
	if r.big {
		high = unit[0]
	}
	return high&0xfc == 0xd8
}
