package service

import (
	"errors"
	"iter"
	"strings"
)

// unitEntry is a logical line of a section that is not blank.
type unitEntry struct {
	section    string
	key, value string // without the blanks around them; key is "" in a line that systemd ignores
	valueAt    int    // where the value begins in line.text
	line       unitLine
}

// unitEntries yields what a unit file says, line by line, and an error with the
// last of them where systemd would stop reading.
func unitEntries(text []byte) iter.Seq2[unitEntry, error] {
	return func(yield func(unitEntry, error) bool) {
		section := ""
		for line, err := range unitLines(text) {
			entry := strings.Trim(line.text, unitSpace)
			switch {
			case err != nil:
			case entry == "":
				continue
			case !validUTF8(entry):
				err = errors.New("a line is not UTF-8: systemd stops reading here; correct it")
			case entry[0] == '[' && entry[len(entry)-1] != ']':
				err = errors.New(`a section header lacks its "]": systemd stops reading here; put it on one line`)
			case entry[0] == '[':
				section = entry[1 : len(entry)-1]
				continue
			}
			if err != nil {
				yield(unitEntry{line: line}, err)
				return
			}
			if !yield(newUnitEntry(section, line), nil) {
				return
			}
		}
	}
}

func newUnitEntry(section string, line unitLine) unitEntry {
	entry := unitEntry{section: section, line: line}
	key, value, found := strings.Cut(line.text, "=")
	if found {
		entry.key = strings.Trim(key, unitSpace)
		value = strings.TrimLeft(value, unitSpace)
		entry.valueAt = len(line.text) - len(value)
		entry.value = strings.TrimRight(value, unitSpace)
	}
	return entry
}
