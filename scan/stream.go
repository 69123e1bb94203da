package scan

import (
	"context"
	"io"
	"io/fs"
	"os"

	"github.com/clawsecrets/clawsecrets/internal/gateway"
	"github.com/clawsecrets/clawsecrets/internal/search"
)

// Reader scans a stream, which is shown under the name "-".
func Reader(ctx context.Context, in io.Reader, options Options) (*Result, error) {
	s := newScanner(nil, options)
	err := newPlaces(ctx, s).stream(&gateway.File{Path: "-", Rel: "-", Surface: "file"}, func(out io.Writer) error {
		_, err := io.Copy(out, in)
		return err
	})
	s.sort()
	return s.result, err
}

// stream searches what send writes.
func (p *places) stream(file *gateway.File, send func(io.Writer) error) error {
	searcher := search.Searcher{Rules: p.judge.rules, Raw: p.options.GitleaksOnly}
	report, err := searcher.Reader(p.ctx, interruptible(p.ctx, send))
	p.report(file, gateway.Place{Surface: "file", Action: "keep"}, report)
	return err
}

// interruptible returns a reader of what send writes that ends with ctx, also while send has
// nothing to say.
func interruptible(ctx context.Context, send func(io.Writer) error) io.Reader {
	reader, writer := io.Pipe()
	context.AfterFunc(ctx, func() { _ = writer.CloseWithError(ctx.Err()) })
	go func() { _ = writer.CloseWithError(send(writer)) }()
	return reader
}

// pipe searches what comes out of a named pipe.
func (p *pathScan) pipe(name string, info fs.FileInfo) {
	file := p.fileAt(name, info)
	if file == nil {
		return
	}
	_ = p.stream(file, func(out io.Writer) error { // that it was interrupted, the search of the files says too
		in, err := os.Open(name) // waits for somebody who writes
		if err != nil {
			return err
		}
		defer func() { _ = in.Close() }()
		_, err = io.Copy(out, in)
		return err
	})
}
