package sieve

import "encoding/binary"

// table finds the places in a text where an anchor may begin: one load a byte.
//
// It is built of pairs. Every anchor is in one of eight buckets. Of the 16 bits of
// pairs[b0<<8|b1], bit k says that some anchor of bucket k begins with b0 b1, and bit
// 8+k that some anchor of bucket k goes on with b0 b1 as its second and third byte. A
// place is marked where the low bits of its pair and the high bits of the next pair
// have a bucket in common; three bytes are compared at the price of one.
type table struct {
	pairs [1 << 16]uint16
	// begins leads from the first pair of an anchor to its entries: those from
	// begins[pair]>>16 on, begins[pair]&0xffff of them.
	begins  [1 << 16]uint32
	entries []entry
}

type entry struct {
	value, mask uint64
	pattern     int16
	lead        int16
}

const buckets = 8

// newTable returns the table for the anchors of each pattern.
func newTable(patterns [][]Anchor) *table {
	t := &table{}
	t.reserve(patterns)
	var all [buckets]bucket
	for pattern, anchors := range patterns {
		for i := range anchors {
			number := t.cheapest(&all, &anchors[i])
			all[number].add(&anchors[i], t, number)
			t.add(&anchors[i], pattern, 1<<number)
		}
	}
	return t
}

// cheapest returns the number of the bucket in which an anchor marks the fewest places.
func (t *table) cheapest(all *[buckets]bucket, a *Anchor) int {
	best, least := 0, all[0].with(a, t, 0)
	for number := 1; number < buckets; number++ {
		if more := all[number].with(a, t, number); more < least {
			best, least = number, more
		}
	}
	return best
}

// reserve makes room for the entries of each pair.
func (t *table) reserve(patterns [][]Anchor) {
	var used []uint16
	for _, anchors := range patterns {
		for _, anchor := range anchors {
			anchor.eachPair(0, func(pair uint16) {
				if t.begins[pair] == 0 {
					used = append(used, pair)
				}
				t.begins[pair]++
			})
		}
	}
	next := uint32(0)
	for _, pair := range used {
		next, t.begins[pair] = next+t.begins[pair], next<<16
	}
	t.entries = make([]entry, next)
}

func (t *table) add(anchor *Anchor, pattern int, bucket uint16) {
	anchor.eachPair(0, func(pair uint16) {
		t.pairs[pair] |= bucket
		at := t.begins[pair]>>16 + t.begins[pair]&0xffff
		t.entries[at] = entry{anchor.Value, anchor.Mask, int16(pattern), int16(anchor.Lead)}
		t.begins[pair]++
	})
	anchor.eachPair(1, func(pair uint16) { t.pairs[pair] |= bucket << buckets })
}

// eachPair calls yield with each pair that the bytes at i and i+1 can be.
func (a *Anchor) eachPair(i int, yield func(pair uint16)) {
	for _, first := range []byte(a.First[i]) {
		for _, second := range []byte(a.First[i+1]) {
			yield(uint16(first)<<8 | uint16(second))
		}
	}
}

// next returns the first marked place in text from at on, len(text) if there is none.
func (t *table) next(text []byte, at int) int {
	if at+2 >= len(text) {
		return len(text)
	}
	pairs := &t.pairs
	pair := uint16(text[at])<<8 | uint16(text[at+1])
	before := pairs[pair]
	at += 2
	// Four bytes a round: their loads do not wait for one another.
	for ; at+4 <= len(text); at += 4 {
		four := binary.LittleEndian.Uint32(text[at:])
		a := pairs[pair<<8|uint16(four&0xff)]
		b := pairs[uint16(four)<<8|uint16(four)>>8]
		c := pairs[uint16(four>>8)<<8|uint16(four>>8)>>8]
		d := pairs[uint16(four>>16)<<8|uint16(four>>16)>>8]
		if (before&(a>>buckets)|a&(b>>buckets)|b&(c>>buckets)|c&(d>>buckets))&(1<<buckets-1) != 0 {
			break
		}
		pair, before = uint16(four>>16)<<8|uint16(four>>24), d
	}
	for ; at < len(text); at++ {
		pair = pair<<8 | uint16(text[at])
		now := pairs[pair]
		if before&(now>>buckets)&(1<<buckets-1) != 0 {
			return at - 2
		}
		before = now
	}
	return len(text)
}

// at returns the entries that agree with the first pair of a place, which has at least
// two bytes.
func (t *table) at(text []byte, at int) []entry {
	span := t.begins[uint16(text[at])<<8|uint16(text[at+1])]
	return t.entries[span>>16:][:span&0xffff]
}

// eight returns the eight bytes of text from at on, zeros behind its end.
func eight(text []byte, at int) uint64 {
	if at+8 <= len(text) {
		return binary.LittleEndian.Uint64(text[at:])
	}
	var padded [8]byte
	copy(padded[:], text[at:])
	return binary.LittleEndian.Uint64(padded[:])
}
