package search

import (
	"bytes"
	"strings"
)

// block searches a block and returns its hits, with their places in the file; lines are
// counted from the beginning of the chunk. stop is asked between the parts of the block.
func (t *texts) block(b block, stop func() bool) []Hit {
	var hits []Hit
	lines := b.lines // line feeds before the part
	for start := 0; start < b.own && !stop(); {
		end, record := nextPart(b.data, start, b.own)
		part := b.data[start:end]
		t.hits = t.hits[:0]
		if record {
			t.record(part)
		} else {
			t.plain(part)
		}
		found := distinct(t.hits)
		for _, h := range found {
			if start+int(h.Start) >= b.own {
				continue // the next block's
			}
			if record {
				h.Pointer = discreet(pointer(part, int(h.Start)), found)
			}
			h.stand(part, lines, b, start)
			hits = append(hits, h)
		}
		lines += bytes.Count(part, []byte("\n"))
		start = end
	}
	return hits
}

// nextPart returns where the part of data that begins at start ends: one line of JSON, or
// all lines up to the next that is JSON. What begins behind own is not looked at.
func nextPart(data []byte, start, own int) (end int, record bool) {
	for at := start; at < own; at = end {
		end = lineEnd(data, at)
		if data[at] != '{' && data[at] != '[' || !isRecord(data[at:end]) {
			continue
		}
		if at == start {
			return end, true
		}
		return at, false
	}
	// Text may go on behind what is ours: a secret may end there.
	return len(data), false
}

// lineEnd returns where the line that begins at start ends, its line feed included.
func lineEnd(data []byte, start int) int {
	at := bytes.IndexByte(data[start:], '\n')
	if at < 0 {
		return len(data)
	}
	return start + at + 1
}

// stand gives a hit its place in the file: part begins at start in the block, behind that
// many line feeds.
func (h *Hit) stand(part []byte, lines int, b block, start int) {
	from := int(h.Start)
	begin := bytes.LastIndexByte(part[:from], '\n') + 1
	h.Line = lines + bytes.Count(part[:from], []byte("\n")) + 1
	h.Column = characters(part[begin:from]) + 1
	if begin == 0 && start == 0 {
		h.Column += b.column
	}
	h.Start += b.offset + int64(start)
	h.End += b.offset + int64(start)
}

// discreet returns a pointer unless it holds one of the secrets: it will be shown.
func discreet(pointer string, hits []Hit) string {
	for i := range hits {
		if strings.Contains(pointer, hits[i].Value.Reveal()) {
			return ""
		}
	}
	return pointer
}
