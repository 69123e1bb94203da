package sieve

// bucketCount is how many buckets there are.
const bucketCount = 16

// tile is four bytes of a text, each as the bytes that it can be.
type tile [4]string

// tile returns the bytes from i on, which may be before the anchor.
func (a *Anchor) tile(i int) tile {
	return tile{a.members(i), a.members(i + 1), a.members(i + 2), a.members(i + 3)}
}

// oddTile returns the rarer one of the two tiles by which an anchor at an odd place is found.
func (a *Anchor) oddTile() tile {
	before, after := a.tile(-1), a.tile(1)
	if before.share() < after.share() {
		return before
	}
	return after
}

// share estimates in which share of the places of a text the tile is found.
func (t tile) share() float32 {
	return frequency(t[0]) * frequency(t[1]) * frequency(t[2]) * frequency(t[3])
}

// members returns the bytes that byte i of the anchor can be.
func (a *Anchor) members(i int) string {
	if i < 0 || i >= longestAnchor {
		return anyByte
	}
	if i < len(a.First) {
		return a.First[i]
	}
	value, mask := byte(a.Value>>(8*i)), byte(a.Mask>>(8*i))
	switch mask {
	case 0:
		return string([]byte{value})
	case 0x20:
		return string([]byte{value &^ 0x20, value})
	}
	return anyByte
}

// anyByte stands for all bytes.
const anyByte = ""

// frequency returns how often one of the bytes is expected in a text.
func frequency(members string) float32 {
	if members == anyByte {
		return 1
	}
	sum := float32(0)
	for _, b := range []byte(members) {
		sum += frequencies[b]
	}
	return sum
}

// pairsOf returns the pairs of a byte of first and one of second, as they are numbered in
// tables, in room that it may use again.
func pairsOf(room []uint16, first, second string) []uint16 {
	pairs := room[:0]
	for _, b := range bytesOf(second) {
		for _, a := range bytesOf(first) {
			pairs = append(pairs, uint16(a)|uint16(b)<<8)
		}
	}
	return pairs
}

func bytesOf(members string) []byte {
	if members != anyByte {
		return []byte(members)
	}
	all := make([]byte, 256)
	for i := range all {
		all[i] = byte(i)
	}
	return all
}

// buckets shares tiles out. A bucket also marks places where none of its tiles is: those
// with the first pair of one and the second of another. How many is estimated as the
// share of places with one of the first pairs, times that with one of the second.
type buckets [bucketCount]struct{ first, second float32 }

// add puts a tile into the bucket in which it marks the fewest places.
func (all *buckets) add(t *table, tile tile) {
	var best int
	var bestFirst, bestSecond, least float32
	for k := range all {
		b := &all[k]
		first := b.first + t.unset(tile[0], tile[1], k)
		second := b.second + t.unset(tile[2], tile[3], bucketCount+k)
		if more := first*second - b.first*b.second; k == 0 || more < least {
			best, bestFirst, bestSecond, least = k, first, second, more
		}
	}
	t.set(tile[0], tile[1], best)
	t.set(tile[2], tile[3], bucketCount+best)
	all[best].first, all[best].second = bestFirst, bestSecond
}

// set sets a bit of the pairs.
func (t *table) set(first, second string, bit int) {
	for _, pair := range t.pairsOf(first, second) {
		t.pairs[pair] |= 1 << bit
	}
}

// unset returns how frequent those of the pairs are that lack the bit. Where one of the two
// bytes can be any, one pair stands for all.
func (t *table) unset(first, second string, bit int) float32 {
	const rare = "\x01"
	scale := float32(1)
	if first == anyByte {
		first, scale = rare, scale/frequencies[rare[0]]
	}
	if second == anyByte {
		second, scale = rare, scale/frequencies[rare[0]]
	}
	sum := float32(0)
	for i := range len(second) {
		row := uint16(second[i]) << 8
		for k := range len(first) {
			if t.pairs[row|uint16(first[k])]>>bit&1 == 0 {
				sum += frequencies[first[k]] * frequencies[second[i]]
			}
		}
	}
	return sum * scale
}
