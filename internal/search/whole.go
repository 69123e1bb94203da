package search

import (
	"errors"
	"os"
)

// mostWide is how large a file in UTF-16 may be: it is read whole.
const mostWide = 32 << 20

var errTooWide = errors.New("UTF-16 text of more than 32 MiB: convert it to UTF-8 and scan that")

// searchWide searches a file in UTF-16.
func (s *fileState) searchWide(r *run, t *texts) ([]Hit, error) {
	if s.size > mostWide {
		return nil, errTooWide
	}
	raw := make([]byte, s.size)
	if _, err := s.handle.ReadAt(raw, 0); err != nil {
		return nil, err
	}
	text := narrow(raw, s.kind)
	hits := t.block(block{data: text, own: len(text)}, r.stopped)
	for i := range hits {
		h := &hits[i]
		h.Start, h.End = int64(wideOffset(text, int(h.Start))), int64(wideOffset(text, int(h.End)))
		h.Layers = string(layerUTF16) + h.Layers
	}
	return hits, nil
}

// searchDatabase searches a SQLite file together with its write-ahead log.
func (s *fileState) searchDatabase(r *run, t *texts) ([]Hit, error) {
	log, info, problem := opened(s.file.Path + "-wal")
	if problem != "" {
		if _, err := os.Lstat(s.file.Path + "-wal"); err == nil {
			return nil, errors.New("its write-ahead log: " + problem)
		}
		return t.database(r.ctx, s.handle, s.size, nil, 0)
	}
	defer func() { _ = log.Close() }()
	return t.database(r.ctx, s.handle, s.size, log, info.Size())
}
