package service

import (
	"bytes"
	"maps"
	"slices"
	"strings"

	"github.com/clawsecrets/clawsecrets/internal/secret"
)

// plistRemovals finds the assignments of a variable in the EnvironmentVariables of a
// property list.
func plistRemovals(file string, data []byte, name string) ([]Removal, error) {
	list, err := readPlist(file, data)
	if err != nil {
		return nil, err
	}
	var removals []Removal
	for _, variable := range list.variables {
		if variable.name != name {
			continue
		}
		if !variable.isPlain(data) {
			return nil, &ServiceFileError{file, variable.value.line, "something else than white space stands between the variable's name and its value, or in their tags; take it out first"}
		}
		start, end := wholeLines(data, variable.key.start, variable.value.end)
		removals = append(removals, Removal{
			Assignment: Assignment{Value: secret.New(string(variable.value.text)), Path: file, Line: variable.value.line},
			Start:      start, End: end,
			ValueStart: variable.value.innerStart, ValueEnd: variable.value.innerEnd,
		})
	}
	return removals, nil
}

// isPlain reports whether nothing but the tags and white space stands around the
// name and the value: no comment, no attribute, no other element. A comment within
// the value belongs to how it is written.
func (v plistVariable) isPlain(data []byte) bool {
	tags := []byte{}
	for _, place := range []plistPlace{v.key, v.value.plistPlace} {
		tags = append(tags, data[place.start:place.innerStart]...)
		tags = append(tags, data[place.innerEnd:place.end]...)
	}
	name, between := data[v.key.innerStart:v.key.innerEnd], data[v.key.end:v.value.start]
	return len(bytes.Trim(between, unitSpace)) == 0 && !bytes.Contains(tags, []byte("=")) &&
		!bytes.Contains(name, []byte("<")) && !v.value.nested
}

// wholeLines widens a part of the text that stands alone on its lines to the line
// end before it and the blanks after it, so that no blank line is left.
func wholeLines(data []byte, start, end int) (wideStart, wideEnd int) {
	before := bytes.TrimRight(data[:start], " \t")
	after := bytes.TrimLeft(data[end:], " \t")
	switch {
	case len(after) > 0 && lineEndSize(after) == 0:
		return start, end
	case bytes.HasSuffix(before, []byte("\r\n")):
		before = before[:len(before)-2]
	case bytes.HasSuffix(before, []byte("\n")), bytes.HasSuffix(before, []byte("\r")):
		before = before[:len(before)-1]
	default:
		return start, end
	}
	return len(before), len(data) - len(after)
}

func plistMeaning(data []byte, name string) ([]string, bool) {
	agent, err := ParseLaunchAgent("", data)
	if err != nil {
		return nil, false
	}
	meaning := []string{agent.Label, agent.WorkingDirectory, strings.Join(agent.ProgramArguments, "\x00")}
	for _, held := range slices.Sorted(maps.Keys(agent.Environment)) {
		if set := agent.Environment[held]; held == name {
			continue
		} else if set.Unknown {
			meaning = append(meaning, held)
		} else {
			meaning = append(meaning, held+"="+set.Value.Reveal())
		}
	}
	return meaning, true
}
