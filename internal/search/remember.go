package search

import (
	"bytes"
	"errors"
	"io"

	"github.com/clawsecrets/clawsecrets/internal/scancache"
	"github.com/clawsecrets/clawsecrets/internal/secret"
)

// resume takes up an earlier search where it stopped, if the cache knows it and every
// secret that it found is still there.
func (s *fileState) resume(cache *scancache.Cache) {
	entry, ok := cache.Lookup(s.file.Path, s.handle, s.info)
	if !ok {
		return
	}
	var known []Hit
	for _, f := range entry.Findings {
		h, ok := s.reread(f)
		if !ok {
			return
		}
		known = append(known, h)
	}
	s.from, s.lines, s.known = entry.Scanned, int(entry.Lines), known
}

// reread returns a hit that an earlier search has found, its value read again.
func (s *fileState) reread(f scancache.Finding) (Hit, bool) {
	raw := make([]byte, f.End-f.Start)
	if _, err := s.handle.ReadAt(raw, f.Start); err != nil && !errors.Is(err, io.EOF) {
		return Hit{}, false
	}
	text, ok := Unwrapped(raw, f.Layers, f.From, f.To)
	return Hit{
		Rule: f.Rule, Detector: f.Detector, Value: secret.New(string(text)), Start: f.Start, End: f.End,
		Line: f.Line, Column: f.Column, Pointer: f.Note, Layers: f.Layers, From: f.From, To: f.To,
	}, ok
}

// remember stores what is known of the file's whole lines.
func (s *fileState) remember(cache *scancache.Cache, sizes sizes) {
	if cache == nil {
		return
	}
	hits := s.report().Hits
	end, after, ok := s.settled(sizes, hits)
	if !ok || end <= s.from {
		return
	}
	entry := scancache.Entry{Scanned: end, Lines: int64(s.lines - after)}
	for _, part := range s.parts {
		entry.Lines += int64(part.lines)
	}
	for i, h := range hits {
		if h.Start >= end {
			continue
		}
		finding := scancache.Finding{
			Rule: h.Rule, Detector: h.Detector, Start: h.Start, End: h.End, Line: h.Line, Column: h.Column,
			Layers: h.Layers, From: h.From, To: h.To, Note: h.Pointer,
		}
		if i >= len(s.known) {
			if again, ok := s.reread(finding); !ok || !again.Value.Equal(h.Value) {
				return // the bytes alone do not tell the value
			}
		}
		entry.Findings = append(entry.Findings, finding)
	}
	cache.Store(s.file.Path, s.handle, s.info, entry)
}

// settled returns how much of the file need not be searched again when it grows: its whole
// lines, if they are JSON; of other text the end may be the beginning of a secret of several
// lines. after counts the line feeds behind that.
func (s *fileState) settled(sizes sizes, hits []Hit) (end int64, after int, ok bool) {
	for length := int64(sizes.overlap); ; length *= 4 {
		length = min(length, s.size)
		tail := make([]byte, length)
		begin := s.size - length
		if n, _ := s.handle.ReadAt(tail, begin); int64(n) < length {
			return 0, 0, false
		}
		if at := settledIn(tail, begin, sizes.around, hits); at > 0 {
			return begin + int64(at), bytes.Count(tail[at:], []byte("\n")), true
		}
		if begin == 0 || length > int64(sizes.longest) {
			return 0, 0, false
		}
	}
}

// settledIn returns how much of the end of a file, from begin on, is settled, 0 if that
// cannot be seen in it.
func settledIn(tail []byte, begin int64, around int, hits []Hit) int {
	end := bytes.LastIndexByte(tail, '\n') + 1
	if end == 0 {
		return 0
	}
	line := lastLine(tail[:end])
	if len(line) == end && begin > 0 {
		return 0 // it begins before
	}
	if isRecord(line) {
		return end
	}
	end = bytes.LastIndexByte(tail[:max(0, end-around)], '\n') + 1
	for i := len(hits) - 1; i >= 0 && end > 0; i-- {
		if h := hits[i]; h.Start < begin+int64(end) && h.End > begin+int64(end) {
			end = bytes.LastIndexByte(tail[:max(0, h.Start-begin)], '\n') + 1
		}
	}
	return end
}
