package sqlite

// pageSet is a set of page numbers: one bit a page, in chunks so that a number
// out of a damaged file takes no more room than another.
type pageSet map[uint32]*[chunkSize / 64]uint64

const chunkSize = 1 << 15 // pages

// add reports whether n was not in the set.
func (s pageSet) add(n uint32) bool {
	chunk := s[n/chunkSize]
	if chunk == nil {
		chunk = new([chunkSize / 64]uint64)
		s[n/chunkSize] = chunk
	}
	word, bit := &chunk[n%chunkSize/64], uint64(1)<<(n%64)
	added := *word&bit == 0
	*word |= bit
	return added
}

func (s pageSet) has(n uint32) bool {
	chunk := s[n/chunkSize]
	return chunk != nil && chunk[n%chunkSize/64]&(1<<(n%64)) != 0
}

func (s pageSet) remove(n uint32) {
	if chunk := s[n/chunkSize]; chunk != nil {
		chunk[n%chunkSize/64] &^= 1 << (n % 64)
	}
}

// removeAll removes what is in other.
func (s pageSet) removeAll(other pageSet) {
	for i, theirs := range other {
		if ours := s[i]; ours != nil {
			for word := range ours {
				ours[word] &^= theirs[word]
			}
		}
	}
}
