package search

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
)

// smallStream is how much of a stream is read before it gets a buffer of the full size: there are
// archives of a hundred thousand small files.
const smallStream = 32 << 10

// Reader searches a stream to its end, in memory that does not grow with it. In one of UTF-16
// Start and End are those of its UTF-8 form.
func (s *Searcher) Reader(ctx context.Context, in io.Reader) (Report, error) {
	buffered := bufio.NewReaderSize(in, headSize)
	head, _ := buffered.Peek(headSize) // an error comes back with the next read
	switch kind := contentOf(head); kind {
	case wideLittle, wideBig:
		report, err := s.stream(ctx, &wideReader{in: buffered, big: kind == wideBig})
		for i := range report.Hits {
			report.Hits[i].Layers = string(layerUTF16) + report.Hits[i].Layers
		}
		return report, err
	}
	return s.stream(ctx, buffered)
}

// stream searches a stream of text or of anything that holds some.
func (s *Searcher) stream(ctx context.Context, in io.Reader) (Report, error) {
	t := s.texts()
	stop := func() bool { return ctx.Err() != nil }
	sizes := s.cuts()
	var report Report
	var b block
	size := 2 * (sizes.chunk + sizes.overlap + sizes.around)
	buffer := make([]byte, 0, min(size, smallStream))
	for last := false; !last && !stop(); {
		n, err := io.ReadFull(in, buffer[len(buffer):cap(buffer)])
		buffer = buffer[:len(buffer)+n]
		report.Bytes += int64(n)
		if last = err != nil; !last && cap(buffer) < size {
			buffer = append(make([]byte, 0, size), buffer...)
			continue
		}
		if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
			report.Problem = cause(err)
		}
		b.data, b.own = buffer, len(buffer)
		if !last {
			b.cut = buffer[len(buffer)-1] != '\n'
			b.own = sizes.nextBlock(b)
		}
		report.Hits = append(report.Hits, t.block(b, stop)...)
		if !last {
			b = b.following(sizes.around)
			buffer = buffer[:copy(buffer, b.data)]
		}
	}
	if stop() {
		report.Problem = interrupted
		return report, ctx.Err()
	}
	return report, s.Rules.Err()
}

// Text searches a text that is in memory.
func (s *Searcher) Text(ctx context.Context, text []byte) ([]Hit, error) {
	hits := s.texts().block(block{data: text, own: len(text)}, func() bool { return ctx.Err() != nil })
	if err := ctx.Err(); err != nil {
		return hits, err
	}
	return hits, s.Rules.Err()
}

// nextBlock returns where the next block of a stream begins: behind a line of JSON, or some
// way before the end, since a secret of several lines may go on.
func (s sizes) nextBlock(b block) int {
	mine := b.data[b.lead:]
	at := bytes.LastIndexByte(mine, '\n')
	if at >= 0 {
		line := lastLine(mine[:at+1])
		alone := isRecord(line)
		if b.middle && len(line) == at+1 {
			alone = b.record
		}
		if alone {
			return b.lead + at + 1
		}
	}
	if early := bytes.LastIndexByte(mine[:max(0, len(mine)-s.around)], '\n'); early >= 0 {
		return b.lead + early + 1
	}
	return wholeCharacter(b.data, len(b.data)-s.overlap)
}
