package rules

import (
	"math/rand/v2"
	"regexp/syntax"
	"strings"
	"testing"
	"unicode"
)

// generator makes texts that an expression matches. With the same seed it makes the
// same texts, so no fixture needs a constant that looks like somebody's secret.
type generator struct{ rand *rand.Rand }

func newGenerator(seed uint64) generator {
	return generator{rand.New(rand.NewPCG(seed, 0))}
}

// matching returns a text for the expression. Conditions without width, such as \b,
// are ignored: now and then the text will not match.
func (g generator) matching(t testing.TB, expression string) string {
	t.Helper()
	tree, err := syntax.Parse(expression, syntax.Perl)
	if err != nil {
		t.Fatalf("expression does not parse: %v", err)
	}
	var text strings.Builder
	g.write(&text, tree)
	return text.String()
}

func (g generator) write(text *strings.Builder, tree *syntax.Regexp) {
	switch tree.Op {
	case syntax.OpLiteral:
		for _, char := range tree.Rune {
			if tree.Flags&syntax.FoldCase != 0 && g.rand.IntN(3) == 0 {
				char = unicode.ToUpper(char)
			}
			text.WriteRune(char)
		}
	case syntax.OpCharClass:
		text.WriteRune(g.member(tree.Rune))
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		text.WriteByte(byte(' ' + g.rand.IntN(95)))
	case syntax.OpCapture, syntax.OpConcat:
		for _, part := range tree.Sub {
			g.write(text, part)
		}
	case syntax.OpAlternate:
		g.write(text, tree.Sub[g.rand.IntN(len(tree.Sub))])
	case syntax.OpQuest:
		g.repeat(text, tree.Sub[0], 0, 1)
	case syntax.OpStar:
		g.repeat(text, tree.Sub[0], 0, 4)
	case syntax.OpPlus:
		g.repeat(text, tree.Sub[0], 1, 8)
	case syntax.OpRepeat:
		most := tree.Max
		if most < 0 || most > tree.Min+20 {
			most = tree.Min + 20
		}
		g.repeat(text, tree.Sub[0], tree.Min, most)
	}
}

func (g generator) repeat(text *strings.Builder, tree *syntax.Regexp, least, most int) {
	for range least + g.rand.IntN(most-least+1) {
		g.write(text, tree)
	}
}

// member returns a character of the class, given as pairs of bounds. Where it can, it
// takes one that can be printed.
func (g generator) member(bounds []rune) rune {
	var printable []rune
	for i := 0; i < len(bounds); i += 2 {
		for char := max(bounds[i], ' '); char <= min(bounds[i+1], '~'); char++ {
			printable = append(printable, char)
		}
	}
	if len(printable) == 0 {
		return bounds[0]
	}
	return printable[g.rand.IntN(len(printable))]
}

// mutate returns text with a few small accidents: a character lost, doubled,
// replaced, or the rest cut off.
func (g generator) mutate(text string) string {
	const accidents = "\"'`\\\n\t ,;:=.-_xXaA09KſK…é"
	for range 1 + g.rand.IntN(3) {
		if text == "" {
			break
		}
		at := g.rand.IntN(len(text))
		switch g.rand.IntN(5) {
		case 0:
			text = text[:at] + text[at+1:]
		case 1:
			text = text[:at] + text[at:at+1] + text[at:]
		case 2:
			char := g.rand.IntN(len(accidents))
			text = text[:at] + accidents[char:char+1] + text[at+1:]
		case 3:
			text = text[:at]
		case 4:
			text = text[at:] + text[:at]
		}
	}
	return text
}
