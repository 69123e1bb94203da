package search

import "errors"

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
	text := narrow(raw, s.kind == wideBig)
	hits := t.block(block{data: text, own: len(text)}, r.stopped)
	starts := wideOffsets{text: text}
	for i := range hits {
		h := &hits[i]
		starts.advance(int(h.Start))
		end := starts
		end.advance(int(h.End))
		h.Start, h.End = starts.wide, end.wide
		h.Layers = string(layerUTF16) + h.Layers
	}
	return hits, nil
}
