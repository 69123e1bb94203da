package sieve

import "math/bits"

// byteSet is a set of bytes.
type byteSet [4]uint64

func (s *byteSet) add(b byte)      { s[b>>6] |= 1 << (b & 63) }
func (s *byteSet) has(b byte) bool { return s[b>>6]>>(b&63)&1 != 0 }

func (s *byteSet) addRange(low, high byte) {
	for b := int(low); b <= int(high); b++ {
		s.add(byte(b))
	}
}

func (s *byteSet) addAll(other byteSet) {
	for i := range s {
		s[i] |= other[i]
	}
}

func (s byteSet) size() int {
	return bits.OnesCount64(s[0]) + bits.OnesCount64(s[1]) + bits.OnesCount64(s[2]) + bits.OnesCount64(s[3])
}

// members returns the bytes of the set in ascending order.
func (s byteSet) members() string {
	members := make([]byte, 0, s.size())
	for b := range 256 {
		if s.has(byte(b)) {
			members = append(members, byte(b))
		}
	}
	return string(members)
}

// nonASCII is every byte of an encoded character outside ASCII.
var nonASCII = byteSet{2: ^uint64(0), 3: ^uint64(0)}

// frequency estimates how often one of the bytes occurs among the bytes of what people
// and programs write: prose, code, JSON. It only has to rank places to look at.
func (s byteSet) frequency() float64 {
	sum := 0.0
	for i, word := range s {
		for ; word != 0; word &= word - 1 {
			sum += float64(frequencies[64*i+bits.TrailingZeros64(word)])
		}
	}
	return sum
}
