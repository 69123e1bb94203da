package sieve

// longestLiteral is how many bytes of a literal an automaton compares. What agrees so far
// hardly ever goes on otherwise, and the expression decides.
const longestLiteral = 256

// PrepareLiteral is [Prepare] for the expression of a text of at least three bytes, letter
// case regarded, without parsing it. It returns nil for a text with characters outside
// ASCII.
func PrepareLiteral(text string) *Prepared {
	if !isASCII(text) {
		return nil
	}
	at := rarest(text)
	var sequence []byteSet
	for i := at; i < len(text) && len(sequence) < longestAnchor; i++ {
		var set byteSet
		set.add(text[i])
		sequence = append(sequence, set)
	}
	return &Prepared{
		Anchors: []Anchor{newAnchor(sequence)},
		Cuts:    []Cut{{Offset: at, Parts: min(len(text), longestLiteral), Limit: 1}},
	}
}

// rarest returns the place within text at which an anchor begins whose first three bytes
// are the rarest in texts.
func rarest(text string) int {
	best, lowest := 0, 1.0
	for i := 0; i <= max(0, len(text)-longestAnchor); i++ {
		share := 1.0
		for k := i; k < i+shortestAnchor; k++ {
			if k > i && text[k] == text[k-1] {
				share *= again
			} else {
				share *= float64(frequencies[text[k]])
			}
		}
		if share < lowest {
			best, lowest = i, share
		}
	}
	return best
}

func isASCII(text string) bool {
	for i := range len(text) {
		if text[i] >= 0x80 {
			return false
		}
	}
	return true
}

// wordAnchors returns the anchors for words in lower case, in any letter case, nil if one
// of them is too short to have one.
func wordAnchors(words []string) []Anchor {
	var anchors []Anchor
	for _, word := range words {
		if len(word) < shortestAnchor {
			return nil
		}
		sequence := make([]byteSet, min(len(word), longestAnchor))
		for i := range sequence {
			sequence[i].add(word[i])
			if 'a' <= word[i] && word[i] <= 'z' {
				sequence[i].add(word[i] ^ 0x20)
			}
		}
		anchors = append(anchors, newAnchor(sequence))
	}
	return anchors
}
