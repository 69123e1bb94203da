package transcript

import (
	"unicode/utf8"

	"github.com/clawsecrets/clawsecrets/internal/unwrap"
)

// decide refuses those of the spans that must stay in a string, and notes that its
// block is changed by the others. Name is the member that the string is the value of,
// content what is between its quotes; the spans are of content.
func decide(s scope, name, content []byte, spans []Span, refused []string) {
	kind := nothing
	if s.place == inBlock && isSignature(name) {
		kind = kindOf(content)
	}
	inner := unescapeSpans(content, spans, refused)
	for i, span := range spans {
		switch {
		case refused[i] != "":
		case s.place == inSignature && s.place.links(name):
			refused[i] = whyEncrypted
		case s.place.links(name) || kind == label:
			refused[i] = whyLinks
		case s.place == inBlock && string(name) == "data" && span != Span{0, len(content)}:
			// Clawdbot leaves out what is no image at all, but sends one that is broken
			// behind its head, and no provider takes that (agents/tool-images.js).
			refused[i] = whyImage
		case kind != encoded && s.block != nil:
			s.block.changed = true
		}
	}
	if kind == encoded {
		newWalker(decoded(content), inner, refused).walk(inSignature)
	}
}

// unescapeSpans returns the spans of what content decodes to that spans of it stand for,
// and refuses those that cut a character in two or leave the string.
func unescapeSpans(content []byte, spans []Span, refused []string) []Span {
	inner := make([]Span, len(spans))
	at, done := 0, 0 // the end of the last span, in content and decoded
	for i, span := range spans {
		inner[i] = Span{done, done}
		if refused[i] != "" {
			continue
		}
		if span.End > len(content) {
			refused[i] = whyOutside
			continue
		}
		// What an escape cut in two decodes to is longer than all of it, so that the way
		// back does not lead to where it was cut.
		rest, start, end := content[at:], span.Start-at, span.End-at
		from := len(decoded(rest[:start]))
		to := from + len(decoded(rest[start:end]))
		first, last := unwrap.UnescapeSpan(rest, from, to)
		if first != start || last != end || cutsRune(rest, start) || cutsRune(rest, end) {
			refused[i] = whyCut
			continue
		}
		inner[i] = Span{done + from, done + to}
		at, done = span.End, done+to
	}
	return inner
}

func cutsRune(text []byte, offset int) bool {
	return offset < len(text) && !utf8.RuneStart(text[offset])
}
