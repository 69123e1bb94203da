package service

import "strings"

// environmentList is one Environment= line of a unit.
type environmentList struct {
	line   unitLine
	words  []unitWord // where they stand in the text of the line
	chosen []chosenWord
}

// chosenWord is a word that sets the variable.
type chosenWord struct {
	index int
	set   Assignment
}

// readEnvironmentList reads a line and chooses the words that set the variable. It
// returns an error where it is not certain which they are, or what belongs to them.
func readEnvironmentList(file string, entry unitEntry, name string) (environmentList, error) {
	list := environmentList{line: entry.line}
	refuse := func(problem string) (environmentList, error) {
		return environmentList{}, &ServiceFileError{file, entry.line.number, problem}
	}
	words, whole := unitWords(entry.value)
	for i, word := range words {
		found, set, ok := Specifiers{literal: true}.assignment(word.text)
		switch {
		case !ok && nameIsUnknown(word.text):
			return refuse("the name of a variable depends on what only systemd knows; write it out")
		case !ok:
			whole = false
		case found == name:
			set.Path, set.Line = file, entry.line.number
			list.chosen = append(list.chosen, chosenWord{i, set})
		}
		list.words = append(list.words, word.moved(entry.valueAt))
	}
	if len(list.chosen) > 0 && !whole {
		return refuse("systemd ignores a part of the line, which may belong to the value; quote the value, or have the product install its service again")
	}
	return list, nil
}

// nameIsUnknown reports whether a word sets a variable whose name has a specifier in
// it.
func nameIsUnknown(word string) bool {
	name, _, found := strings.Cut(word, "=")
	expanded, ok := Specifiers{literal: true}.expand(name)
	return found && ok && expanded.Unknown
}

func (w unitWord) moved(by int) unitWord {
	w.start, w.end = w.start+by, w.end+by
	if w.valueStart > 0 {
		w.valueStart, w.valueEnd = w.valueStart+by, w.valueEnd+by
	}
	return w
}

// removals returns the chosen words as parts of the file.
func (l *environmentList) removals(file string) ([]Removal, error) {
	var removals []Removal
	taken := 0
	for _, chosen := range l.chosen {
		word := l.words[chosen.index]
		if l.partOfWord(chosen.index) != l.line.partOf(word.end-1) {
			return nil, l.refusal(file, "the value is continued over several lines; write it on one")
		}
		removal := Removal{
			Assignment: chosen.set,
			ValueStart: l.line.offset(word.valueStart), ValueEnd: l.end(word.valueEnd),
		}
		var ok bool
		if removal.Start, removal.End, ok = l.cut(chosen.index, taken); !ok {
			return nil, l.refusal(file, "a comment stands within the line, which is continued; move it")
		}
		taken = removal.End
		removals = append(removals, removal)
	}
	return removals, nil
}

func (l *environmentList) refusal(file, problem string) error {
	return &ServiceFileError{file, l.line.number, problem}
}

// end returns where the text before at ends in the file: for a line that goes on
// there that is before its continuation.
func (l *environmentList) end(at int) int { return l.line.offset(at-1) + 1 }

// partOfWord returns the physical line that a word begins on, -1 if there is no such
// word.
func (l *environmentList) partOfWord(i int) int {
	if i < 0 || i >= len(l.words) {
		return -1
	}
	return l.line.partOf(l.words[i].start)
}
