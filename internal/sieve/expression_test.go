package sieve

import "strings"

// expression returns an expression of one to three alternatives, most of which have an
// anchor. It uses few different characters, so that what one part matches another does.
func (g generator) expression() string {
	alternatives := make([]string, 1+g.IntN(3)*g.IntN(2))
	for i := range alternatives {
		alternatives[i] = g.pick(g.parts(2), `[\w.-]{0,5}?`, `[^;]{0,3}?`, "", `\b`, `(?:^|[^a-z])`) +
			g.pick("key", "kek", "abab", "q=q", "(?:key|yek)", "(?i:key)", "k[ey]{2}", "(key=)", `\bkey`) +
			g.parts(3)
		if g.IntN(3) == 0 {
			alternatives[i] += g.value()
		}
	}
	whole := strings.Join(alternatives, "|")
	if g.IntN(4) == 0 {
		whole = "(" + whole + ")"
	}
	return g.pick("", "", "", "(?i)", "(?s)", "(?m)") + whole
}

// value returns a group and the marks that end it.
func (g generator) value() string {
	return "(" + g.pick(`[a-c0-9]{2,5}`, `\w+`, `[a-z=]{1,30}`, `[^;]{3}`, `[a-z;]+`, `[é0-9]*`) + ")" +
		g.pick(`(?:[;"\s]|\\[nr]|$)`, `(?:;|\\[^é]|$)`, `(?:;|\z)`, `(?:[=;]|\b)`, `(?:;?|\\n)`)
}

// parts returns up to most parts in a row.
func (g generator) parts(most int) string {
	var all strings.Builder
	for range g.IntN(most + 1) {
		all.WriteString(g.part(2))
	}
	return all.String()
}

// part returns one part, nested up to depth times.
func (g generator) part(depth int) string {
	if kind := g.IntN(10); depth > 0 && kind < 6 {
		switch kind {
		case 0:
			return "(" + g.part(depth-1) + g.part(depth-1) + ")"
		case 1:
			return "(?:" + g.part(depth-1) + "|" + g.part(depth-1) + ")"
		default:
			return "(?:" + g.part(depth-1) + ")" +
				g.pick("*", "+", "?", "{2}", "{0,3}", "{1,12}", "{9,}") + g.pick("", "?")
		}
	}
	switch g.IntN(8) {
	case 0:
		return g.pick(`\b`, `\B`, `^`, `$`, `\A`, `\z`, "(?m:^)", "(?m:$)")
	case 1, 2, 3:
		return g.pick(`[ke]`, `[a-z]`, `[^a]`, `[^;]`, `\w`, `\s`, `.`, `[é-ü]`, `[a-c;=]`, `[^k]`, `[^\x00-\x7f]`)
	}
	return g.pick("k", "e", "y", "key", ";", "=", "é", "a", "ke")
}
