package search

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"sync"
)

// fileState is the state of one file's search.
type fileState struct {
	file   File
	handle *os.File
	info   fs.FileInfo
	size   int64 // when the search began
	kind   content
	from   int64 // where the search begins: an earlier one has seen what is before
	lines  int   // line feeds before from
	known  []Hit // what the earlier one has found
	parts  []part

	excluded, problem string
	doubt             string // a problem that is no reason not to search the file

	mu   sync.Mutex
	left int // parts that are not finished
}

// part is a part of a file, and what was found in it.
type part struct {
	start, end int64
	hits       []Hit // lines are counted from the part's beginning
	lines      int   // line feeds in the lines that begin in the part
	problem    string
}

// open opens the file and looks at its beginning. It reports whether there is something
// to search.
func (s *fileState) open() bool {
	s.handle, s.info, s.problem = opened(s.file.Path)
	if s.problem != "" {
		return false
	}
	s.size = s.info.Size()
	head := make([]byte, headSize)
	n, err := s.handle.ReadAt(head, 0)
	if n > 0 && s.size == 0 {
		s.problem = "its size is not known: copy it to an ordinary file and scan that"
	}
	n = min(n, int(min(s.size, headSize)))
	if err != nil && !errors.Is(err, io.EOF) {
		s.problem = cause(err)
	}
	s.kind = contentOf(head[:n])
	if s.kind == textual && isEncrypted(s.file.Path, head[:n]) {
		s.doubt = encrypted
	}
	if s.kind == packed {
		s.excluded = "compressed, or a picture, sound or film: what is in it is not looked at"
	}
	if s.problem != "" || s.excluded != "" || s.size == 0 {
		_ = s.handle.Close()
		return false
	}
	return true
}

// plan cuts the file into parts, text into chunks of that size.
func (s *fileState) plan(chunk int64) {
	if s.kind != textual {
		s.parts = []part{{start: 0, end: s.size}}
	}
	for start := s.from; s.kind == textual && start < s.size; start += chunk {
		s.parts = append(s.parts, part{start: start, end: min(start+chunk, s.size)})
	}
	s.left = len(s.parts)
	if s.left == 0 {
		_ = s.handle.Close()
	}
}

// abandon gives up the last parts.
func (s *fileState) abandon(parts int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.problem = interrupted
	if s.left -= parts; s.left == 0 {
		_ = s.handle.Close()
	}
}

// finish notes the result of a part. With the last one the file is closed, and what was
// found is remembered.
func (s *fileState) finish(i int, result part, r *run) {
	s.mu.Lock()
	defer s.mu.Unlock()
	result.start, result.end = s.parts[i].start, s.parts[i].end
	s.parts[i] = result
	if result.problem != "" && s.problem == "" {
		s.problem = result.problem
	}
	if s.left--; s.left > 0 {
		return
	}
	// What the rules leave out of a file by its name has to be said by every scan.
	if s.kind == textual && s.problem == "" && !s.file.Place.Excepted() {
		s.remember(r.Cache, r.cuts())
	}
	_ = s.handle.Close()
}

// searchChunk searches the lines that begin in a chunk.
func (s *fileState) searchChunk(r *run, t *texts, c *chunk) part {
	var result part
	err := c.each(func(b block) bool {
		result.hits = append(result.hits, t.block(b, r.stopped)...)
		result.lines = b.lines + bytes.Count(b.data[b.lead:b.own], []byte("\n"))
		return !r.stopped()
	})
	switch {
	case r.stopped():
		result.problem = interrupted
	case err != nil:
		result.problem = cause(err)
	}
	return result
}

// searchWhole searches a file that is not read in parts.
func (s *fileState) searchWhole(r *run, t *texts) part {
	var result part
	var err error
	if s.kind == sqliteFile {
		result.hits, err = s.searchDatabase(r, t)
	} else {
		result.hits, err = s.searchWide(r, t)
	}
	if err != nil {
		result.problem = cause(err)
	}
	return result
}

// finalReport returns what was found, also where parts are not finished.
func (s *fileState) finalReport() Report {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.left > 0 && s.problem == "" {
		s.problem = interrupted
	}
	return s.report()
}

// report returns what was found, in the order of the places.
func (s *fileState) report() Report {
	report := Report{Excluded: s.excluded, Problem: s.problem, Bytes: s.size, Cached: s.from, Hits: s.known}
	if report.Problem == "" {
		report.Problem = s.doubt
	}
	if s.info != nil {
		report.Mode = s.info.Mode()
	}
	lines := s.lines
	for _, part := range s.parts {
		for _, h := range part.hits {
			if h.Line > 0 {
				h.Line += lines
			}
			report.Hits = append(report.Hits, h)
		}
		lines += part.lines
	}
	return report
}

// cause returns what is wrong in words that hold no path and no content.
func cause(err error) string {
	var path *fs.PathError
	switch {
	case errors.As(err, &path):
		return path.Err.Error()
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return errShrank.Error()
	}
	return err.Error()
}
