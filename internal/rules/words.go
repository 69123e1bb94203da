package rules

import "strings"

// wordIndex finds which of many words occur in a text, in one pass over the text.
// The zero wordIndex holds no words.
type wordIndex struct {
	heads  [1 << 16 / 64]uint64 // a bit for every pair of bytes that begins a word
	byHead map[[2]byte][]string
	short  []string // words of one byte
}

// add puts a word into the index. The empty word is not a word.
func (x *wordIndex) add(word string) {
	switch len(word) {
	case 0:
	case 1:
		x.short = append(x.short, word)
	default:
		if x.byHead == nil {
			x.byHead = make(map[[2]byte][]string)
		}
		head := [2]byte{word[0], word[1]}
		bit := uint(head[0])<<8 | uint(head[1])
		x.heads[bit/64] |= 1 << (bit % 64)
		x.byHead[head] = append(x.byHead[head], word)
	}
}

// each calls yield with every word at every place it occurs in text, until yield
// returns false.
func (x *wordIndex) each(text string, yield func(word string) bool) {
	for _, word := range x.short {
		if strings.Contains(text, word) && !yield(word) {
			return
		}
	}
	for i := 0; i+1 < len(text); i++ {
		bit := uint(text[i])<<8 | uint(text[i+1])
		if x.heads[bit/64]&(1<<(bit%64)) == 0 {
			continue
		}
		for _, word := range x.byHead[[2]byte{text[i], text[i+1]}] {
			if strings.HasPrefix(text[i:], word) && !yield(word) {
				return
			}
		}
	}
}
