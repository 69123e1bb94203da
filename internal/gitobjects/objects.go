package gitobjects

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
)

// Object is an object of a repository.
type Object struct {
	ID   string // in hexadecimal digits
	Kind string // "blob", "commit" or "tag"
	Size int64  // of the content, in bytes
}

// Objects calls yield for each blob, commit and tag that is in a repository, in no order
// and whether anything leads to it or not; gitDir is what [Repository] returns. The
// content of commits and tags is their header and message. It is read while yield runs
// and not after it; yield need not read it to its end. An error of yield ends the walk
// and is returned.
//
// Other errors are [ErrNoGit], [ErrNotRepository], [ErrOwner], that of ctx, and
// [ErrIncomplete] after all that git could read.
func Objects(ctx context.Context, gitDir string, yield func(o Object, content io.Reader) error) error {
	return run(ctx, gitDir, func(out *bufio.Reader) error {
		return readObjects(out, func(o Object, content io.Reader) error {
			if err := ctx.Err(); err != nil {
				return err
			}
			return yield(o, content)
		})
	}, "cat-file", "--batch-all-objects", "--batch", "--unordered", "--buffer")
}

// readObjects yields what is in the output of cat-file.
func readObjects(in *bufio.Reader, yield func(Object, io.Reader) error) error {
	missing := 0
	for {
		line, err := in.ReadSlice('\n')
		if errors.Is(err, io.EOF) && len(line) == 0 {
			break
		}
		object, ok := parseHeader(line)
		if !ok {
			return ErrIncomplete
		}
		if object.Kind == "missing" {
			missing++
			continue
		}
		if err := readObject(in, object, yield); err != nil {
			return err
		}
	}
	if missing > 0 {
		return fmt.Errorf("%d objects are not there or damaged: %w", missing, ErrIncomplete)
	}
	return nil
}

// parseHeader parses the line before an object: its id, kind and size.
func parseHeader(line []byte) (Object, bool) {
	line, whole := bytes.CutSuffix(line, []byte("\n"))
	fields := bytes.Split(line, []byte(" "))
	if !whole || len(fields) < 2 || !isID(fields[0]) {
		return Object{}, false
	}
	object := Object{ID: string(fields[0]), Kind: string(fields[1])}
	if object.Kind == "missing" {
		return object, len(fields) == 2
	}
	if len(fields) != 3 {
		return Object{}, false
	}
	size, err := strconv.ParseUint(string(fields[2]), 10, 63)
	object.Size = int64(size)
	switch object.Kind {
	case "blob", "commit", "tag", "tree":
		return object, err == nil
	}
	return Object{}, false
}

// isID reports whether text is the whole id of an object, in SHA-1 or SHA-256.
func isID(text []byte) bool {
	for _, c := range text {
		if !('0' <= c && c <= '9' || 'a' <= c && c <= 'f') {
			return false
		}
	}
	return len(text) == 40 || len(text) == 64
}

// readObject yields an object, unless it is a tree, and reads up to the next one.
func readObject(in *bufio.Reader, object Object, yield func(Object, io.Reader) error) error {
	content := &content{in: in, left: object.Size}
	if object.Kind != "tree" {
		if err := yield(object, content); err != nil {
			return err
		}
	}
	if _, err := io.CopyN(io.Discard, in, content.left); err != nil {
		return ErrIncomplete
	}
	if end, err := in.ReadByte(); err != nil || end != '\n' {
		return ErrIncomplete
	}
	return nil
}

// content is that of one object. It does not end early without an error.
type content struct {
	in   *bufio.Reader
	left int64
}

func (c *content) Read(p []byte) (int, error) {
	if c.left == 0 {
		return 0, io.EOF
	}
	n, err := c.in.Read(p[:min(int64(len(p)), c.left)])
	c.left -= int64(n)
	if err != nil {
		return n, ErrIncomplete
	}
	return n, nil
}
