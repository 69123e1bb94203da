package sieve

import (
	"math/rand/v2"
	"regexp/syntax"
	"strings"
	"testing"
	"unicode"
)

// generator makes expressions, and texts that they match. With the same seed it makes the
// same, so no fixture needs a constant that looks like somebody's secret.
type generator struct{ *rand.Rand }

func newGenerator(seed uint64) generator { return generator{rand.New(rand.NewPCG(seed, 0))} }

func (g generator) pick(from ...string) string { return from[g.IntN(len(from))] }

// matching returns a text for the expression. Conditions without width, such as \b, are
// ignored: now and then the text will not match.
func (g generator) matching(t testing.TB, expression string) string {
	t.Helper()
	tree, err := syntax.Parse(expression, syntax.Perl)
	if err != nil {
		t.Fatalf("expression %q does not parse: %v", expression, err)
	}
	var text strings.Builder
	g.write(&text, tree)
	return text.String()
}

func (g generator) write(text *strings.Builder, tree *syntax.Regexp) {
	switch tree.Op {
	case syntax.OpLiteral:
		for _, char := range tree.Rune {
			if tree.Flags&syntax.FoldCase != 0 && g.IntN(2) == 0 {
				char = unicode.ToLower(char)
			}
			text.WriteRune(char)
		}
	case syntax.OpCharClass:
		text.WriteRune(g.member(tree.Rune))
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		text.WriteRune(g.member([]rune{' ', '~', 'é', 'é'}))
	case syntax.OpCapture, syntax.OpConcat:
		for _, part := range tree.Sub {
			g.write(text, part)
		}
	case syntax.OpAlternate:
		g.write(text, tree.Sub[g.IntN(len(tree.Sub))])
	case syntax.OpQuest:
		g.repeat(text, tree.Sub[0], 0, 1)
	case syntax.OpStar:
		g.repeat(text, tree.Sub[0], 0, 4)
	case syntax.OpPlus:
		g.repeat(text, tree.Sub[0], 1, 6)
	case syntax.OpRepeat:
		most := tree.Max
		if most < 0 || most > tree.Min+20 {
			most = tree.Min + 20
		}
		g.repeat(text, tree.Sub[0], tree.Min, most)
	}
}

func (g generator) repeat(text *strings.Builder, tree *syntax.Regexp, least, most int) {
	for range least + g.IntN(most-least+1) {
		g.write(text, tree)
	}
}

// member returns a character of the class, given as pairs of bounds. Where it can, it
// most often takes one that can be printed.
func (g generator) member(bounds []rune) rune {
	var printable []rune
	for i := 0; i < len(bounds); i += 2 {
		for char := max(bounds[i], ' '); char <= min(bounds[i+1], '~'); char++ {
			printable = append(printable, char)
		}
	}
	if len(printable) == 0 || g.IntN(10) == 0 {
		return bounds[2*g.IntN(len(bounds)/2)]
	}
	return printable[g.IntN(len(printable))]
}

// accidents are what a text is damaged with: what ends values and words, characters of
// two to four bytes, bytes that are no character.
var accidents = []string{
	`"`, "'", "`", `\`, `\n`, "\n", "\r", "\t", " ", ",", ";", ":", "=", ".", "-", "_", "a", "K", "0", "é", "…", "😀", "\xff", "\xe2\x82", "\x00",
}

// mutate returns text with a few small accidents: a byte lost, doubled or replaced,
// something put in, the rest cut off or put first.
func (g generator) mutate(text string) string {
	for range 1 + g.IntN(3) {
		if text == "" {
			break
		}
		at := g.IntN(len(text))
		switch g.IntN(6) {
		case 0:
			text = text[:at] + text[at+1:]
		case 1:
			text = text[:at] + text[at:at+1] + text[at:]
		case 2:
			text = text[:at] + g.pick(accidents...) + text[at+1:]
		case 3:
			text = text[:at] + g.pick(accidents...) + text[at:]
		case 4:
			text = text[:at]
		case 5:
			text = text[at:] + text[:at]
		}
	}
	return text
}

// text returns samples of the expressions, whole and damaged, with and without something
// between them.
func (g generator) text(t testing.TB, expressions ...string) string {
	t.Helper()
	var text strings.Builder
	for range 1 + g.IntN(6) {
		sample := g.matching(t, g.pick(expressions...))
		if g.IntN(3) == 0 {
			sample = g.mutate(sample)
		}
		text.WriteString(sample)
		if g.IntN(2) == 0 {
			text.WriteString(g.pick(accidents...))
		}
	}
	return withoutFolds(text.String())
}

// withoutFolds replaces the two characters outside ASCII that fold to a letter: an
// expression sees that letter there, and the package does not.
func withoutFolds(text string) string {
	return strings.NewReplacer("ſ", "s", "\u212a", "k").Replace(text)
}
