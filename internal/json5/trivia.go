package json5

import (
	"bytes"
	"unicode/utf8"
)

// trivia is the kind of a piece of text that separates tokens.
type trivia int

const (
	notTrivia         trivia = iota // a token, or the end of the text
	blank                           // one character of white space that does not end a line
	lineEnd                         // LF, CR LF, CR, U+2028 or U+2029
	lineComment                     // from // to before the end of the line
	blockComment                    // from /* to */
	unfinishedComment               // from /* to the end of the text
)

// nextTrivia returns the kind and the length in bytes of the piece of trivia that
// src begins with.
func nextTrivia(src []byte) (kind trivia, size int) {
	if len(src) == 0 {
		return notTrivia, 0
	}
	switch src[0] {
	case ' ', '\t', '\v', '\f':
		return blank, 1
	case '\n':
		return lineEnd, 1
	case '\r':
		if len(src) > 1 && src[1] == '\n' {
			return lineEnd, 2
		}
		return lineEnd, 1
	case '/':
		return nextComment(src)
	}
	if src[0] < utf8.RuneSelf {
		return notTrivia, 0
	}
	switch r, size := utf8.DecodeRune(src); {
	case r == '\u2028' || r == '\u2029':
		return lineEnd, size
	case isWideSpace(r):
		return blank, size
	}
	return notTrivia, 0
}

// isWideSpace reports whether r, beyond ASCII, is white space within a line:
// no-break space, byte order mark, and the category Zs of Unicode 10, which npm
// json5 carries a table of.
func isWideSpace(r rune) bool {
	switch r {
	case '\u00a0', '\ufeff', '\u1680', '\u202f', '\u205f', '\u3000':
		return true
	}
	return '\u2000' <= r && r <= '\u200a'
}

// nextComment is nextTrivia for a text that begins with a slash.
func nextComment(src []byte) (kind trivia, size int) {
	switch {
	case bytes.HasPrefix(src, []byte("//")):
		return lineComment, lineLength(src)
	case bytes.HasPrefix(src, []byte("/*")):
		if end := bytes.Index(src[2:], []byte("*/")); end >= 0 {
			return blockComment, 2 + end + 2
		}
		return unfinishedComment, len(src)
	}
	return notTrivia, 0
}

// lineLength returns the length of src up to its first line end.
func lineLength(src []byte) int {
	for i, c := range src {
		switch c {
		case '\n', '\r':
			return i
		case 0xe2: // the first byte of U+2028 and U+2029, among others
			if kind, _ := nextTrivia(src[i:]); kind == lineEnd {
				return i
			}
		}
	}
	return len(src)
}

// triviaSummary tells what a run of trivia is made of.
type triviaSummary struct {
	comments    bool // there is a comment
	lines       bool // a line ends, be it within a block comment
	lastComment span // the last comment, empty without one
	lastIsLine  bool // the last comment is a line comment
}

// summarize reads trivia up to the end of src; commas are passed over.
func summarize(src []byte) triviaSummary {
	var sum triviaSummary
	for at := 0; at < len(src); {
		kind, size := nextTrivia(src[at:])
		switch kind {
		case notTrivia:
			size = 1
		case lineEnd:
			sum.lines = true
		case lineComment, blockComment, unfinishedComment:
			sum.comments = true
			sum.lines = sum.lines || lineLength(src[at:at+size]) < size
			sum.lastComment = span{at, at + size}
			sum.lastIsLine = kind == lineComment
		}
		at += size
	}
	return sum
}

// skipBlanks returns the first offset from at on where no blank stands.
func skipBlanks(src []byte, at int) int {
	for {
		kind, size := nextTrivia(src[at:])
		if kind != blank {
			return at
		}
		at += size
	}
}

// trimBlanks returns the offset after the last character before at that is not a blank.
func trimBlanks(src []byte, at int) int {
	for at > 0 {
		_, size := utf8.DecodeLastRune(src[:at])
		if kind, _ := nextTrivia(src[at-size:]); kind != blank {
			break
		}
		at -= size
	}
	return at
}

// endsLine reports whether src[at:] begins with a line end or is empty, and the
// offset after that line end.
func endsLine(src []byte, at int) (next int, ok bool) {
	kind, size := nextTrivia(src[at:])
	return at + size, kind == lineEnd || at == len(src)
}

// startsLine reports whether a line begins at an offset.
func startsLine(src []byte, at int) bool {
	if at == 0 {
		return true
	}
	_, size := utf8.DecodeLastRune(src[:at])
	kind, _ := nextTrivia(src[at-size:])
	return kind == lineEnd
}
