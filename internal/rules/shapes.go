package rules

import "slices"

// ownRules returns the rules that the shapes describe, ready to run.
func ownRules(shapes []shapeRule) []*rule {
	var rules []*rule
	ahead := generatedShapes()
	for _, s := range shapes {
		rules = append(rules, &rule{
			indexed: s.index(ahead), detector: DetectorShape, rank: s.rank,
			read: func() (*body, error) { return s.body(), nil },
		})
	}
	return rules
}

// index returns the entry made ahead, if it was made from the same expression. Without
// one the anchors are derived when the program runs.
func (s shapeRule) index(ahead []indexed) indexed {
	i := slices.IndexFunc(ahead, func(entry indexed) bool { return entry.id == s.ID })
	if i >= 0 && ahead[i].regex == checksum(s.Regex) {
		return ahead[i]
	}
	return indexed{id: s.ID, regex: checksum(s.Regex), words: s.Keywords}
}

func (s shapeRule) body() *body {
	return &body{
		description: s.Description,
		keywords:    s.Keywords,
		regex:       lazyRegexp{source: s.Regex},
		accept:      s.accept,
	}
}
