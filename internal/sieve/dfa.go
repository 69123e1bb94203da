package sieve

// dfa is an automaton made deterministic: one table lookup a byte.
type dfa struct {
	class [256]uint8 // which bytes behave alike
	atEnd int        // the class of the end of the text
	shift uint       // next has 1<<shift entries a state
	next  []uint16
	ends  []bool // whether a match may end in the state
}

// The states of a dfa. A dead one matches nothing more.
const (
	dead    = 0
	initial = 1
)

// determinize returns the deterministic form, errTooBig if it would have more states than
// most.
func determinize(a *automaton, start, most int) (*dfa, error) {
	d := &dfa{}
	samples := d.partition(a)
	d.atEnd = len(samples)
	for 1<<d.shift < len(samples)+1 {
		d.shift++
	}
	b := newSubsets(a, samples)
	next := make([]uint64, b.words)
	b.number(next) // dead
	b.number(b.closure[start])
	for i := 0; i < len(b.sets); i++ {
		if i > most {
			return nil, errTooBig
		}
		row := make([]uint16, 1<<d.shift)
		for class := range samples {
			b.step(next, b.sets[i], class)
			row[class] = uint16(b.number(next))
		}
		b.end(next, b.sets[i], d.atEnd)
		row[d.atEnd] = uint16(b.number(next))
		d.next = append(d.next, row...)
		d.ends = append(d.ends, b.sets[i][accepting/64]>>(accepting%64)&1 != 0)
	}
	return d, nil
}

// partition numbers the classes of bytes that no set tells apart, and returns one byte
// of each.
func (d *dfa) partition(a *automaton) (samples []byte) {
	var distinct []byteSet
	seen := map[byteSet]bool{}
	for i := range a.states {
		if set := a.states[i].set; a.states[i].consumes && !seen[set] {
			seen[set] = true
			distinct = append(distinct, set)
		}
	}
	classes := map[string]uint8{}
	signature := make([]byte, len(distinct))
	for b := range 256 {
		for i := range distinct {
			signature[i] = 0
			if distinct[i].has(byte(b)) {
				signature[i] = 1
			}
		}
		class, known := classes[string(signature)]
		if !known {
			class = uint8(len(samples))
			classes[string(signature)] = class
			samples = append(samples, byte(b))
		}
		d.class[b] = class
	}
	return samples
}

// run follows text from at on and calls ended with places where a match may end, in
// ascending order, the last one among them. It returns how many bytes it looked at, and
// whether it left some places out, because the trail knew how it goes on. long is asked for
// the trail where a run is long.
func (d *dfa) run(text []byte, at int, long func() *trail, ended func(end int)) (steps int, known bool) {
	s := uint(initial)
	if d.ends[s] {
		ended(at) // the beginning of a tail may be nothing
	}
	for i := at; i < min(at+gap, len(text)); i++ {
		s = uint(d.next[s<<d.shift|uint(d.class[text[i]])])
		if s == dead {
			return i - at + 1, false
		}
		if d.ends[s] {
			ended(i + 1)
		}
	}
	if at+gap < len(text) {
		steps, known = d.follow(text, at+gap, s, long(), ended)
		return steps + gap, known
	}
	if s = uint(d.next[s<<d.shift|uint(d.atEnd)]); s != dead && d.ends[s] {
		ended(len(text))
	}
	return len(text) - at, false
}
