package sieve

import "encoding/binary"

// table finds the places in a text where an anchor may begin: one load for two bytes.
//
// A text is looked at in pairs of bytes, at even places only. An anchor begins at an even
// place, and then its first four bytes are two pairs; or at an odd one, and then the byte
// before it and its first three are, and also its second to fifth. Each of the three is a
// tile of the anchor: two pairs, one behind the other. The first is in the table, and that
// of the others which is rarer.
//
// Every tile is in one of sixteen buckets. Of the 32 bits of pairs[p], bit k says that some
// tile of bucket k begins with the pair p, and bit 16+k that some tile of bucket k ends
// with it. A place is marked where the low bits of its pair and the high bits of the next
// have a bucket in common.
type table struct {
	pairs [1 << 16]uint32
	// starts has a bit for each pair that an anchor begins with: most places need no more.
	starts [1 << 16 / 64]uint64
	// begins leads from the first pair of an anchor to its entries: those from
	// begins[pair]>>32 on, uint32(begins[pair]) of them.
	begins  [1 << 16]uint64
	entries []entry
	room    []uint16 // for pairsOf, while the table is built
}

type entry struct {
	value, mask uint64
	pattern     int32
	lead        int32
}

// newTable returns the table for the anchors of each pattern.
func newTable(patterns [][]Anchor) *table {
	t := &table{}
	t.reserve(patterns)
	var all buckets
	for pattern, anchors := range patterns {
		for i := range anchors {
			a := &anchors[i]
			all.add(t, a.tile(0))
			all.add(t, a.oddTile())
			for _, pair := range t.pairsOf(a.members(0), a.members(1)) {
				at := t.begins[pair]>>32 + uint64(uint32(t.begins[pair]))
				t.entries[at] = entry{a.Value, a.Mask, int32(pattern), int32(a.Lead)}
				t.begins[pair]++
			}
		}
	}
	return t
}

func (t *table) pairsOf(first, second string) []uint16 {
	t.room = pairsOf(t.room, first, second)
	return t.room
}

// reserve makes room for the entries of each pair.
func (t *table) reserve(patterns [][]Anchor) {
	var used []uint16
	for _, anchors := range patterns {
		for i := range anchors {
			for _, pair := range t.pairsOf(anchors[i].members(0), anchors[i].members(1)) {
				if t.begins[pair] == 0 {
					used = append(used, pair)
					t.starts[pair/64] |= 1 << (pair % 64)
				}
				t.begins[pair]++
			}
		}
	}
	next := uint64(0)
	for _, pair := range used {
		next, t.begins[pair] = next+t.begins[pair], next<<32
	}
	t.entries = make([]entry, next)
}

// next returns the first marked place from at on, which is even as is the result: an anchor
// may begin there, or one byte before or behind. It returns len(text) or more if there is
// none.
func (t *table) next(text []byte, at int) int {
	pairs := &t.pairs
	if at+4 <= len(text) {
		before := pairs[binary.LittleEndian.Uint16(text[at:])]
		// Four pairs a round: their loads do not wait for one another.
		for ; at+10 <= len(text); at += 8 {
			four := binary.LittleEndian.Uint64(text[at+2:])
			a, b := pairs[uint16(four)], pairs[uint16(four>>16)]
			c, d := pairs[uint16(four>>32)], pairs[uint16(four>>48)]
			if (before&(a>>bucketCount)|a&(b>>bucketCount)|b&(c>>bucketCount)|c&(d>>bucketCount))&(1<<bucketCount-1) != 0 {
				break
			}
			before = d
		}
		for ; at+4 <= len(text); at += 2 {
			now := pairs[binary.LittleEndian.Uint16(text[at+2:])]
			if before&(now>>bucketCount)&(1<<bucketCount-1) != 0 {
				return at
			}
			before = now
		}
	}
	return at // what is left is too short for two pairs: every place is marked
}

// at returns the entries that agree with the first pair of a place.
func (t *table) at(text []byte, at int) []entry {
	if at < 0 || at+2 > len(text) {
		return nil
	}
	pair := binary.LittleEndian.Uint16(text[at:])
	if t.starts[pair/64]>>(pair%64)&1 == 0 {
		return nil
	}
	span := t.begins[pair]
	return t.entries[span>>32:][:uint32(span)]
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
