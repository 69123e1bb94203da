package scan

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"

	"github.com/clawsecrets/clawsecrets/internal/gateway"
)

// skip names what is not read. What an error was recorded for is named already.
func (s *scanner) skip(rel, class, why string) {
	if !s.broken[rel] {
		s.result.Coverage.Skipped = append(s.result.Coverage.Skipped, Skipped{File: rel, Class: class, Why: why})
	}
}

// orUnread returns the error of a step, unless everything is scanned: then it is recorded,
// for path where the error names no file.
func (s *scanner) orUnread(path string, err error) error {
	if s.options.strict() {
		return err
	}
	why := cause(err)
	if file, ok := errors.AsType[*gateway.FileError](err); ok {
		path = file.Path
		if file.Line > 0 {
			why = fmt.Sprintf("line %d, column %d: %s", file.Line, file.Column, file.Problem)
		}
	}
	rel := filepath.ToSlash(s.result.View.Home.Rel(path))
	s.result.Coverage.Skipped = append(s.result.Coverage.Skipped, Skipped{rel, "unread", why, err})
	if s.broken == nil {
		s.broken = map[string]bool{}
	}
	s.broken[rel] = true
	return nil
}

func cause(err error) string {
	var file *gateway.FileError
	if errors.As(err, &file) {
		return file.Problem
	}
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err.Error()
	}
	return "cannot be read"
}
