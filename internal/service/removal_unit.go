package service

import (
	"strconv"
	"strings"
)

// unitRemovals finds the assignments of a variable in the Environment= lines of a
// unit or a drop-in.
func unitRemovals(file string, data []byte, name string) ([]Removal, error) {
	var removals []Removal
	held := 0 // the line of the assignment just before, 0 if the last line was none
	for entry, err := range unitEntries(data) {
		if err != nil {
			return nil, &ServiceFileError{file, entry.line.number, err.Error()}
		}
		if held > 0 && !isDirective(entry.key) {
			// The product writes a value of several lines as it is.
			return nil, &ServiceFileError{file, held, "the value may go on in the next line, which is none of a unit file; take both out by hand"}
		}
		held = 0
		if !entry.isEnvironment() {
			continue
		}
		list, err := readEnvironmentList(file, entry, name)
		if err != nil {
			return nil, err
		}
		found, err := list.removals(file)
		if err != nil {
			return nil, err
		}
		if len(found) > 0 {
			held = entry.line.number
		}
		removals = append(removals, found...)
	}
	return removals, nil
}

func (e unitEntry) isEnvironment() bool { return e.section == "Service" && e.key == "Environment" }

// isDirective reports whether key has the form of a setting of systemd, or of one
// that it leaves to others ("X-Note").
func isDirective(key string) bool {
	for i := range len(key) {
		c := key[i]
		letter := 'a' <= c|0x20 && c|0x20 <= 'z'
		if i == 0 && (c < 'A' || c > 'Z') || !letter && c != '-' && (c < '0' || c > '9') {
			return false
		}
	}
	return key != ""
}

// unitMeaning lists the settings of a unit; of its Environment= lines the words, so
// that a line of which one is gone compares.
func unitMeaning(data []byte, name string) ([]string, bool) {
	var meaning []string
	for entry, err := range unitEntries(data) {
		if err != nil {
			return nil, false
		}
		setting := entry.section + "\n" + entry.key + "\n"
		if !entry.isEnvironment() {
			meaning = append(meaning, setting+entry.value)
			continue
		}
		words, whole := unitWords(entry.value)
		kept, gone := strings.Builder{}, false
		for _, word := range words {
			if set, _, ok := (Specifiers{literal: true}).assignment(word.text); ok && set == name {
				gone = true
				continue
			}
			kept.WriteString(strconv.Quote(word.text))
		}
		if kept.Len() == 0 && gone && whole {
			continue
		}
		meaning = append(meaning, setting+kept.String()+strconv.FormatBool(whole))
	}
	return meaning, true
}
