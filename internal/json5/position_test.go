package json5

import (
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestPosition(t *testing.T) {
	doc := mustParse(t, "\ufeff[\r\n  'ä', 1]\n")
	for _, test := range []struct{ offset, line, column int }{
		{-5, 1, 1}, {0, 1, 1}, {3, 1, 1}, {4, 1, 2}, {6, 2, 1}, {8, 2, 3}, {12, 2, 6}, {99, 3, 1},
	} {
		if line, column := doc.Position(test.offset); line != test.line || column != test.column {
			t.Errorf("offset %d is at %d:%d, want %d:%d", test.offset, line, column, test.line, test.column)
		}
	}
}

// Positions gives what Position gives, in whatever order it is asked, and Position
// what counting from the start gives.
func TestPositionsIsPosition(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for _, text := range []string{
		"{}", "\ufeff{}", "\ufeff[\r\n  'ä', 1]\n", "\n\n['\U0001f980', 'ü']\n\n", "\ufeff\n[1,\n2]", "['\ufeff']",
	} {
		doc := mustParse(t, text)
		for offset := 0; offset <= len(text); offset++ {
			if offset < len(text) && !utf8.RuneStart(text[offset]) {
				continue
			}
			before := text[:offset]
			wantLine := strings.Count(before, "\n") + 1
			wantColumn := utf8.RuneCountInString(before[strings.LastIndexByte(before, '\n')+1:]) + 1
			if wantLine == 1 && strings.HasPrefix(before, "\ufeff") {
				wantColumn--
			}
			if line, column := doc.Position(offset); line != wantLine || column != wantColumn {
				t.Errorf("%q: %d is at %d:%d, want %d:%d", text, offset, line, column, wantLine, wantColumn)
			}
		}
		positions := doc.Positions()
		check := func(offset int) {
			wantLine, wantColumn := doc.Position(offset)
			if line, column := positions(offset); line != wantLine || column != wantColumn {
				t.Errorf("%q: %d is at %d:%d, want %d:%d", text, offset, line, column, wantLine, wantColumn)
			}
		}
		for offset := -1; offset <= len(text)+1; offset++ {
			check(offset)
		}
		for range 200 {
			check(random.IntN(len(text)+3) - 1)
		}
	}
}
