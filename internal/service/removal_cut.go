package service

import "strings"

// cut returns the bytes of the file that go with a word of the list: a line that
// holds nothing else, or the word with one blank. What is before taken has gone with
// an earlier word. It returns false where a comment would go along.
func (l *environmentList) cut(i, taken int) (start, end int, ok bool) {
	if len(l.chosen) == len(l.words) {
		return l.cutLine(i)
	}
	word, part := l.words[i], l.partOfWord(i)
	start, end = l.line.offset(word.start), l.end(word.end)
	follows := i > 0 && l.line.partOf(l.words[i-1].end-1) == part
	begins := strings.Trim(l.line.text[l.line.parts[part].at:word.start], unitSpace) == ""
	switch {
	case follows && start > taken:
		return start - 1, end, true
	case l.partOfWord(i+1) == part:
		return start, end + 1, true
	case !begins:
		return start, end, true
	case i == len(l.words)-1:
		// Nothing is left of its physical line: the one before it no longer goes on.
		before := l.end(l.words[i-1].end)
		return max(before, taken), end, l.unbroken(l.partOfWord(i-1), part)
	}
	alone := l.line.parts[part]
	return max(alone.start, taken), alone.end, true
}

// cutLine shares out a line that sets nothing but the variable among the words that
// do so, most often one.
func (l *environmentList) cutLine(i int) (start, end int, ok bool) {
	start, end = l.line.span()
	if i > 0 {
		start = l.line.offset(l.words[i].start)
	}
	if i < len(l.words)-1 {
		end = l.line.offset(l.words[i+1].start)
	}
	return start, end, l.unbroken(0, len(l.line.parts)-1)
}

// unbroken reports whether no comment stands between two physical lines.
func (l *environmentList) unbroken(from, to int) bool {
	for i := from; i < to; i++ {
		if l.line.parts[i].end != l.line.parts[i+1].start {
			return false
		}
	}
	return true
}
