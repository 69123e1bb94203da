package sieve

// trail remembers the states in which runs of one automaton over one text were at places
// some way apart. A later run that is in the same state at the same place goes the same
// way from there on, and need not go it: a text in which every word begins something that
// has no end would otherwise be read from every word to its end.
type trail struct {
	points []point
	lasts  []int // by the number of a run: the last place where a match may end, -1 for none
}

// point is what is known of a place: the number of a run, from 1 on, and its state.
type point struct {
	run   int32
	state uint16
}

// gap is how many bytes are between the places.
const gap = 128

// forget empties the trail for another text.
func (t *trail) forget() { t.points, t.lasts = t.points[:0], t.lasts[:0] }

// begin returns the number of a new run.
func (t *trail) begin() int32 {
	if len(t.lasts) == 0 {
		t.lasts = append(t.lasts, -1) // there is no run 0
	}
	t.lasts = append(t.lasts, -1)
	return int32(len(t.lasts) - 1)
}

// meets reports whether an earlier run was in the state at the place, and where a match of
// it may have ended last. If not, it notes the state.
func (t *trail) meets(place int, state uint, run int32) (last int, ok bool) {
	n := place / gap
	for len(t.points) <= n {
		t.points = append(t.points, point{})
	}
	if p := t.points[n]; p.run != 0 && uint(p.state) == state {
		return t.lasts[p.run], true
	}
	t.points[n] = point{run, uint16(state)}
	return 0, false
}

// follow goes on with a run that is in state s before text[at], as [dfa.run] does. It
// returns how many bytes it looked at, and whether the rest was known.
func (d *dfa) follow(text []byte, at int, s uint, t *trail, ended func(end int)) (steps int, known bool) {
	run := t.begin()
	note := func(end int) {
		t.lasts[run] = end
		ended(end)
	}
	for i := at; i < len(text); i++ {
		if i%gap == 0 {
			if last, ok := t.meets(i, s, run); ok {
				if last > i {
					note(last)
				}
				return i - at, true
			}
		}
		s = uint(d.next[s<<d.shift|uint(d.class[text[i]])])
		if s == dead {
			return i - at + 1, false
		}
		if d.ends[s] {
			note(i + 1)
		}
	}
	if s = uint(d.next[s<<d.shift|uint(d.atEnd)]); s != dead && d.ends[s] {
		note(len(text))
	}
	return len(text) - at, false
}
