package service

import (
	"bytes"
	"errors"

	"github.com/clawsecrets/clawsecrets/internal/secret"
)

// ParseEnvironmentFile reads a file that a unit names in EnvironmentFile=. Its
// dialect is neither the shell's nor npm dotenv's (systemd.exec(5)): "#" begins a
// comment only at the start of a line, quoted and bare parts are joined, a
// backslash quotes the next character, and "export" is not known. The last
// assignment of a name wins.
//
// It returns an error where systemd refuses the whole file.
func ParseEnvironmentFile(file string, data []byte) (map[string]Assignment, error) {
	entries, err := readEnvironmentFile(data)
	if err != nil {
		return nil, err
	}
	set := map[string]Assignment{}
	for _, entry := range entries {
		set[entry.key] = Assignment{Value: secret.New(entry.value), Path: file, Line: entry.line}
	}
	return set, nil
}

// envFileEntry is one assignment of an environment file.
type envFileEntry struct {
	key, value string
	line       int // 1-based
	start      int // where the key begins in the file
	valueAt    int // after the "="
	end        int // after the line end that ends the value, or the end of the file
	ended      bool
}

// readEnvironmentFile returns the assignments of a file in order, those whose name
// systemd does not take left out.
func readEnvironmentFile(data []byte) ([]envFileEntry, error) {
	if bytes.IndexByte(data, 0) >= 0 {
		return nil, errors.New("holds a NUL byte: systemd refuses it")
	}
	var entries []envFileEntry
	scanner := envFileScanner{rest: string(data), line: 1, size: len(data)}
	for {
		entry, ok := scanner.next()
		if !ok {
			return entries, nil
		}
		if !validUTF8(entry.key) || !validUTF8(entry.value) {
			return nil, errors.New("is not UTF-8: systemd refuses it")
		}
		if validName(entry.key) {
			entries = append(entries, entry)
		}
	}
}
