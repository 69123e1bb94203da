package sieve

// PrepareLiteral returns what [Prepare] returns for the expression of a text of at least
// three bytes, letter case regarded, without parsing it. It returns nil for a text with
// characters outside ASCII.
func PrepareLiteral(text string) *Prepared {
	if !isASCII(text) {
		return nil
	}
	sequence := make([]byteSet, len(text))
	for i := range sequence {
		sequence[i].add(text[i])
	}
	best, lowest := 0, 1.0
	for i := 0; i+shortestAnchor <= len(sequence); i++ {
		if frequency := cost(sequence[i:min(len(sequence), i+longestAnchor)]); frequency < lowest {
			best, lowest = i, frequency
		}
	}
	return &Prepared{
		Anchors: []Anchor{newAnchor(sequence[best:min(len(sequence), best+longestAnchor)])},
		Cuts:    []Cut{{Offset: best, Parts: len(sequence), Limit: 1}},
	}
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
