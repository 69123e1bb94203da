package search

import (
	"bytes"
	"context"
	"errors"
	"io"
)

// Reader searches a stream to its end, in memory that does not grow with it.
func (s *Searcher) Reader(ctx context.Context, in io.Reader) (Report, error) {
	t := &texts{finder: s.Rules.Finder()}
	stop := func() bool { return ctx.Err() != nil }
	var report Report
	var b block
	buffer := make([]byte, 0, 2*chunkSize)
	for last := false; !last && !stop(); {
		n, err := io.ReadFull(in, buffer[len(buffer):cap(buffer)])
		buffer = buffer[:len(buffer)+n]
		report.Bytes += int64(n)
		last = err != nil
		if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
			report.Problem = cause(err)
		}
		b.data, b.own = buffer, len(buffer)
		if !last {
			b.own = cut(buffer)
		}
		report.Hits = append(report.Hits, t.block(b, stop)...)
		if !last {
			b = (&chunk{}).following(b)
			if b.own = 0; b.column == 0 {
				b.middle = false
			}
			buffer = buffer[:copy(buffer, b.data)]
		}
	}
	if stop() {
		report.Problem = interrupted
		return report, ctx.Err()
	}
	return report, s.Rules.Err()
}

// cut returns where the next block of a stream begins: at a line of JSON or some way before
// the end, since a secret of several lines may go on.
func cut(data []byte) int {
	at := bytes.LastIndexByte(data, '\n')
	if at >= 0 && isRecord(lastLine(data[:at])) {
		return at + 1
	}
	if early := bytes.LastIndexByte(data[:len(data)-lookahead], '\n'); early >= len(data)/2 {
		return early + 1
	}
	return len(data) - overlap
}
