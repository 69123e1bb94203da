package sieve

// bucket is one of the table's groups of anchors. A group also marks places where no
// anchor of it begins: those where one anchor's first pair meets another's second. How
// many it marks in a text is estimated by the byte in the middle: the share of places in
// which that byte has one of first before it, times that with one of second behind it.
type bucket struct {
	first, second [256]float32
}

// with returns how many more places the bucket would mark with an anchor added, as a share
// of all places.
func (b *bucket) with(a *Anchor, t *table, number int) float32 {
	more := float32(0)
	for _, middle := range []byte(a.First[1]) {
		first, second := b.first[middle], b.second[middle]
		newFirst, newSecond := first, second
		for _, char := range []byte(a.First[0]) {
			if t.pairs[uint16(char)<<8|uint16(middle)]>>number&1 == 0 {
				newFirst += frequencies[char]
			}
		}
		for _, char := range []byte(a.First[2]) {
			if t.pairs[uint16(middle)<<8|uint16(char)]>>(buckets+number)&1 == 0 {
				newSecond += frequencies[char]
			}
		}
		more += frequencies[middle] * (newFirst*newSecond - first*second)
	}
	return more
}

// add notes an anchor that goes into the bucket, before the table has it.
func (b *bucket) add(a *Anchor, t *table, number int) {
	for _, middle := range []byte(a.First[1]) {
		for _, char := range []byte(a.First[0]) {
			if t.pairs[uint16(char)<<8|uint16(middle)]>>number&1 == 0 {
				b.first[middle] += frequencies[char]
			}
		}
		for _, char := range []byte(a.First[2]) {
			if t.pairs[uint16(middle)<<8|uint16(char)]>>(buckets+number)&1 == 0 {
				b.second[middle] += frequencies[char]
			}
		}
	}
}
