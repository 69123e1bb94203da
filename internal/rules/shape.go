package rules

// shapeRule is a rule of our own, for a token that gitleaks has no rule for, finds
// only beside a name, or finds only where a quote or a space follows.
//
// The expression's first group that took part is the secret. What may stand before
// it is part of the expression; what may stand behind it is tested by accept, because
// an expression that consumed the next character would miss a second token right there.
type shapeRule struct {
	ID          string
	Description string
	Keywords    []string // lower case; one of them is in every text that matches
	Regex       string
	accept      func(text string, start, end int) bool
	rank        rank

	// What the rule finds and what it leaves alone; a test runs every one. No text
	// here looks like a real token: § stands for a secret generated from sample, and
	// ⟪expression⟫ for anything that the expression matches.
	sample string   // an expression for real secrets; "": the group of Regex behind before
	yes    []string // every § in it is found, nothing else; "§" is tried in many places
	no     []string // nothing in it is found by this rule, though another may find it
}

// before is what may stand before a token: the beginning, anything that is no
// character of a token, or the end of something that is written with such characters:
// the escape of a line break, as in JSON within JSON, of a byte, as in a URL, of a
// character, or a terminal's change of colour.
const before = `(?:^|[^0-9A-Za-z_-]|\\[nrt]|%[0-9A-Fa-f]{2}|\\u[0-9A-Fa-f]{4}|\x1b\[[0-9;]{0,12}m)`

// token returns the expression of a token that shows by itself what it is.
func token(form string) string { return before + `(` + form + `)` }

// assigned is what may stand between a name and its value.
const assigned = "[\"'`\\]]{0,2}[ \\t]{0,8}(?::=|=>|[:=]|is|)[ \\t]{0,8}[\"'`]{0,2}"

// named returns the expression of a secret that looks like many other things, so that
// one of the names has to stand before it: in the variable, the field or the object
// that holds it, or in the sentence. It is in lower case, and is found in any.
func named(names, nouns, form string) string {
	const between = `[\w\s.,:;='"{}\[\]()>-]{0,60}?`
	return `(?i:(?:^|[^a-z])(?:` + names + `)` + between + `(?:` + nouns + `)` + assigned + `)(` + form + `)`
}

// shapeRules returns our own rules.
func shapeRules() []shapeRule {
	var all []shapeRule
	for _, group := range [][]shapeRule{
		modelShapes(), hostShapes(), toolShapes(), chatShapes(), cloudShapes(), googleShapes(), loginShapes(),
		keyShapes(), namedShapes(), headerShapes(), urlShapes(), assignmentShapes(),
	} {
		all = append(all, group...)
	}
	return all
}
