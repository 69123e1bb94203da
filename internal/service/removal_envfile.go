package service

import (
	"bytes"
	"strings"

	"github.com/clawsecrets/clawsecrets/internal/secret"
)

// envFileRemovals finds the assignments of a variable in an environment file.
func envFileRemovals(file string, data []byte, name string) ([]Removal, error) {
	entries, err := readEnvironmentFile(data)
	if err != nil {
		return nil, &ServiceFileError{file, 0, err.Error()}
	}
	var removals []Removal
	for _, entry := range entries {
		if entry.key != name {
			continue
		}
		start := lineStart(data, entry.start)
		if commentGoesOn(data[:start]) {
			return nil, &ServiceFileError{file, entry.line, "the comment before it ends in a backslash: whether the line belongs to the comment depends on systemd's version; take the backslash out"}
		}
		valueStart, valueEnd := entry.written(data)
		removals = append(removals, Removal{
			Assignment: Assignment{Value: secret.New(entry.value), Path: file, Line: entry.line},
			Start:      start, End: entry.lineEnd(data),
			ValueStart: valueStart, ValueEnd: valueEnd,
		})
	}
	return removals, nil
}

func envFileMeaning(data []byte, name string) ([]string, bool) {
	entries, err := readEnvironmentFile(data)
	var meaning []string
	for _, entry := range entries {
		if entry.key != name {
			meaning = append(meaning, entry.key+"="+entry.value)
		}
	}
	return meaning, err == nil
}

// lineStart returns where the line that holds data[at] begins. LF and CR end a line.
func lineStart(data []byte, at int) int { return 1 + bytes.LastIndexAny(data[:at], "\n\r") }

// lineEnd returns where the last line of the assignment ends, its line end included.
func (e envFileEntry) lineEnd(data []byte) int {
	if e.ended && data[e.end-1] == '\r' && bytes.HasPrefix(data[e.end:], []byte("\n")) {
		return e.end + 1
	}
	return e.end
}

// written returns where the value is written, without the blanks around it.
func (e envFileEntry) written(data []byte) (start, end int) {
	if e.value == "" && len(bytes.Trim(data[e.valueAt:e.end], unitSpace)) == 0 {
		return e.valueAt, e.valueAt
	}
	start, end = e.valueAt, e.end
	if e.ended {
		end--
		text := data[start:end]
		trimmed := bytes.TrimRight(text, unitSpace)
		if len(trimmed) < len(text) && continues(string(trimmed)) {
			trimmed = text[:len(trimmed)+1] // an escaped blank
		}
		end = start + len(trimmed)
	}
	return end - len(bytes.TrimLeft(data[start:end], unitSpace)), end
}

// commentGoesOn reports whether text ends in a comment that versions of systemd
// before 254 continue in the next line.
func commentGoesOn(text []byte) bool {
	text = bytes.TrimSuffix(text, []byte("\n"))
	text = bytes.TrimSuffix(text, []byte("\r"))
	line := bytes.TrimLeft(text[lineStart(text, len(text)):], unitSpace)
	return len(line) > 0 && strings.IndexByte("#;", line[0]) >= 0 && continues(string(line))
}

// environmentDRemovals is [envFileRemovals] for environment.d(5), in which a value
// may be built from variables that are set before it.
func environmentDRemovals(file string, data []byte, name string) ([]Removal, error) {
	removals, err := envFileRemovals(file, data, name)
	if err != nil || len(removals) == 0 {
		return nil, err
	}
	for i, removal := range removals {
		if strings.Contains(removal.Value.Reveal(), "$") {
			removals[i].Value, removals[i].Unknown = secret.Value{}, true
		}
	}
	entries, err := readEnvironmentFile(data)
	for _, entry := range entries {
		if entry.key != name && refersTo(entry.value, name) {
			return nil, &ServiceFileError{file, entry.line, "the value of another variable is built from it; change that first"}
		}
	}
	return removals, err
}

// refersTo reports whether a value of environment.d names the variable, as $NAME or
// ${NAME}.
func refersTo(value, name string) bool {
	for _, after, found := strings.Cut(value, "$"); found; _, after, found = strings.Cut(after, "$") {
		rest, ok := strings.CutPrefix(strings.TrimPrefix(after, "{"), name)
		if ok && (rest == "" || !validName("_"+rest[:1])) {
			return true
		}
	}
	return false
}
