package sieve

// Candidate is a part of a text that may hold a match of a pattern.
type Candidate struct {
	Pattern int
	// Start and End bound the match: it lies within text[Start:End]. At is where its
	// tail begins. For a whole text At is -1.
	Start, At, End int
	// Hopeless is set where the pattern's own function says that nothing here counts. The
	// candidate matters only for what it may take away from another that overlaps it.
	Hopeless bool
}

// Scratch is the memory that a search works in.
type Scratch struct {
	found []Candidate
	hope  bool // one of them is not hopeless
	// steps counts the bytes that the automatons of each pattern have looked at.
	steps []int
	// trails holds the runs over this text of each automaton, by pattern and way.
	trails map[automatonKey]*trail
	// whole holds the patterns for which the whole text is a candidate already.
	whole map[int]bool
}

// patience is how many times the length of a text the automatons of one pattern may look at
// its bytes. Ordinary texts need a fraction of one; a text made to be slow is handed over
// whole to the expression, whose time is bounded, but which takes a hundred times as long
// for each byte.
const patience = 64

// Candidates returns the candidates of all patterns in text, in no order, none if all of
// them are hopeless. Every match of a pattern lies within one of its candidates. The result
// is valid until scratch is used again. An error comes from a pattern's Regex.
func (s *Sieve) Candidates(text []byte, scratch *Scratch) ([]Candidate, error) {
	scratch.found, scratch.hope = scratch.found[:0], false
	if len(scratch.steps) != len(s.patterns) {
		scratch.steps = make([]int, len(s.patterns))
	}
	clear(scratch.steps)
	for _, t := range scratch.trails {
		t.forget()
	}
	clear(scratch.whole)
	for _, i := range s.always {
		scratch.addWhole(i, len(text))
	}
	seen := 0 // places before this one have been looked at
	for at := s.table.next(text, 0); at < len(text); at = s.table.next(text, at+2) {
		for seen = max(seen, at-1); seen <= at+1; seen++ {
			if err := s.look(text, seen, scratch); err != nil {
				return nil, err
			}
		}
	}
	if !scratch.hope {
		return nil, nil
	}
	return scratch.found, nil
}

// look follows the anchors that begin at a place.
func (s *Sieve) look(text []byte, at int, scratch *Scratch) error {
	entries := s.table.at(text, at)
	if len(entries) == 0 {
		return nil
	}
	bytes := eight(text, at)
	for i := range entries {
		if e := &entries[i]; bytes|e.mask == e.value {
			if err := s.follow(text, at, e, scratch); err != nil {
				return err
			}
		}
	}
	return nil
}

// follow looks at what comes behind an anchor.
func (s *Sieve) follow(text []byte, at int, e *entry, scratch *Scratch) error {
	number := int(e.pattern)
	if scratch.whole[number] {
		return nil
	}
	p := s.patterns[number]
	if err := p.build(); err != nil {
		return err
	}
	if p.words || scratch.steps[number] > patience*len(text)+1<<12 {
		scratch.addWhole(number, len(text))
		return nil
	}
	lead := int(e.lead)
	w := &p.ways[lead]
	if at -= w.offset; at < 0 {
		return nil
	}
	end, counts, start := -1, p.value == nil, -1
	steps, known := w.tail.run(text, at, func() *trail { return scratch.trail(number, lead) }, func(e int) {
		if start < 0 {
			start = w.head.start(text, at)
		}
		end = e
		counts = counts || p.value.some(text, start, e, func(run []byte) bool { return !p.Hopeless(run) })
	})
	scratch.steps[number] += steps
	if end < 0 {
		return nil
	}
	counts = counts || known // of the places that were left out nobody has asked
	if known && p.core != "" {
		scratch.steps[number] += end - at // which the core will look at
	}
	scratch.steps[number] += at - start // the head was looked at too
	if w.tail.partial {
		end = len(text)
	}
	scratch.found = append(scratch.found, Candidate{number, start, at, end, !counts})
	scratch.hope = scratch.hope || counts
	return nil
}

// trail returns the trail of an automaton.
func (s *Scratch) trail(pattern, lead int) *trail {
	key := automatonKey{pattern, lead}
	t, ok := s.trails[key]
	if !ok {
		if s.trails == nil {
			s.trails = map[automatonKey]*trail{}
		}
		t = &trail{}
		s.trails[key] = t
	}
	return t
}

// automatonKey names an automaton of a sieve.
type automatonKey struct{ pattern, lead int }

func (s *Scratch) addWhole(number, length int) {
	if s.whole == nil {
		s.whole = map[int]bool{}
	}
	s.whole[number] = true
	s.found = append(s.found, Candidate{Pattern: number, At: -1, End: length})
	s.hope = true
}

// Core returns, for a pattern whose matches begin with any number of characters of a
// class, as few as possible, the expression for the rest of the match: it matches at a
// candidate's At. It is "" for other patterns, and until one of the pattern's anchors
// has been seen.
func (s *Sieve) Core(number int) string { return s.patterns[number].core }
