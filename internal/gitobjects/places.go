package gitobjects

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"unicode"
)

// Place is where in the history of a repository an object is.
type Place struct {
	Commit string // the first digits of its id
	Path   string // within the repository, to show; "" for the commit itself
}

// Places returns for each of the ids, of blobs or commits, one commit that has it and the
// path under which it is there: the newest, as git orders them, of all branches, tags and
// reflogs. What none of them leads to is not in the map. An object that a tag names without
// a commit is said to be in the newest one, with the tag's name for a path. One git runs for
// all ids.
//
// The errors are those of [Objects]; with [ErrIncomplete] the map has what was found.
func Places(ctx context.Context, gitDir string, ids []string) (map[string]Place, error) {
	wanted := make(map[string]bool, len(ids))
	for _, id := range ids {
		wanted[id] = true
	}
	found := make(map[string]Place, len(ids))
	if len(wanted) == 0 {
		return found, ctx.Err()
	}
	err := run(ctx, gitDir, func(out *bufio.Reader) error { return readPlaces(out, wanted, found) },
		// Unlike "log" it compares no files and verifies no signatures, for which programs may
		// be configured. Each object is listed after the commit that has it, with its path.
		"rev-list", "--objects", "--in-commit-order", "--missing=allow-any", "--ignore-missing", "--all", "--reflog")
	if errors.Is(err, errEnough) {
		err = nil
	}
	return found, err
}

// readPlaces finds the wanted ids in the output of rev-list: a line is the id of a commit,
// or an id, a space and a path, which is empty for the root of a tree.
func readPlaces(in *bufio.Reader, wanted map[string]bool, found map[string]Place) error {
	const shortID = 12
	commit := ""
	for {
		line, err := readLine(in)
		if errors.Is(err, io.EOF) && len(line) == 0 {
			return nil
		}
		if err != nil {
			return ErrIncomplete
		}
		id, path, hasPath := bytes.Cut(line, []byte(" "))
		if !isID(id) {
			return ErrIncomplete
		}
		if !hasPath {
			commit = string(id[:shortID])
		}
		if !wanted[string(id)] || commit == "" {
			continue
		}
		if _, again := found[string(id)]; !again {
			found[string(id)] = Place{Commit: commit, Path: shown(path)}
		}
		if len(found) == len(wanted) {
			return errEnough
		}
	}
}

// readLine reads a line, of which it returns the beginning if it is very long. A line that
// does not end is an error.
func readLine(in *bufio.Reader) ([]byte, error) {
	line, err := in.ReadSlice('\n')
	if err == nil {
		return line[:len(line)-1], nil
	}
	line = bytes.Clone(line)
	for errors.Is(err, bufio.ErrBufferFull) {
		_, err = in.ReadSlice('\n')
	}
	return line, err
}

// shown returns a path with everything that could steer a terminal replaced.
func shown(path []byte) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return '?'
	}, string(path))
}
