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
	text, ok := unwrapped(raw, f.Layers, f.From, f.To)
	return Hit{
		Rule: f.Rule, Detector: f.Detector, Value: secret.New(string(text)), Start: f.Start, End: f.End,
		Line: f.Line, Column: f.Column, Pointer: f.Note, Layers: f.Layers, From: f.From, To: f.To,
	}, ok
}

// remember stores what is known of the file's whole lines.
func (s *fileState) remember(cache *scancache.Cache) {
	if cache == nil {
		return
	}
	end, after, ok := s.settled()
	if !ok || end <= s.from {
		return
	}
	report := s.report()
	entry := scancache.Entry{Scanned: end, Lines: int64(s.lines - after)}
	for _, part := range s.parts {
		entry.Lines += int64(part.lines)
	}
	for _, h := range report.Hits {
		if h.Start >= end {
			continue
		}
		entry.Findings = append(entry.Findings, scancache.Finding{
			Rule: h.Rule, Detector: h.Detector, Start: h.Start, End: h.End, Line: h.Line, Column: h.Column,
			Layers: h.Layers, From: h.From, To: h.To, Note: h.Pointer,
		})
	}
	cache.Store(s.file.Path, s.handle, s.info, entry)
}

// settled returns how much of the file need not be searched again when it grows: its whole
// lines, if they are JSON; of other text the end may be the beginning of a secret of several
// lines. after counts the line feeds behind that.
func (s *fileState) settled() (end int64, after int, ok bool) {
	tail := make([]byte, min(s.size, overlap))
	begin := s.size - int64(len(tail))
	if _, err := s.handle.ReadAt(tail, begin); err != nil && !errors.Is(err, io.EOF) {
		return 0, 0, false
	}
	at := bytes.LastIndexByte(tail, '\n')
	if at < 0 {
		return 0, 0, false
	}
	if !isRecord(lastLine(tail[:at])) {
		if at = bytes.LastIndexByte(tail[:max(0, at-lookahead)], '\n'); at < 0 {
			return 0, 0, false
		}
	}
	return begin + int64(at) + 1, bytes.Count(tail[at+1:], []byte("\n")), true
}
