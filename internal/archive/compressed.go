package archive

import (
	"bufio"
	"compress/gzip"
	"errors"
	"io"

	"github.com/klauspost/compress/zstd"
)

// maxMemory bounds what a stream of zstd may ask for: a window of 64 MiB. That of the
// tool's ordinary levels is 8 MiB.
const maxMemory = 64 << 20

// compressed unpacks one stream: a tar archive or a single file.
func (w *walker) compressed(name string, in io.Reader, open func(io.Reader) (io.ReadCloser, error), depth int) error {
	decoder, err := open(in)
	if err != nil {
		return w.note(name, err)
	}
	defer func() { _ = decoder.Close() }() // it only reads
	if header, ok := decoder.(*gzip.Reader); ok {
		w.label(name, header.Name)
		w.label(name, header.Comment)
		w.label(name, string(header.Extra))
	}
	out := bufio.NewReader(&layer{walker: w, of: name, decoder: decoder, expands: true})
	if head, _ := out.Peek(HeadSize); formatOf(head) == tarred {
		return w.tar(name, out, depth)
	}
	return w.content(name, out, depth+1)
}

func openGzip(in io.Reader) (io.ReadCloser, error) {
	decoder, err := gzip.NewReader(in)
	switch {
	case errors.Is(err, gzip.ErrHeader):
		return nil, ErrDamaged
	case err != nil:
		return nil, err
	}
	return decoder, nil
}

func openZstd(in io.Reader) (io.ReadCloser, error) {
	decoder, err := zstd.NewReader(in, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true),
		zstd.WithDecoderMaxMemory(maxMemory), zstd.WithDecoderMaxWindow(maxMemory))
	if err != nil {
		return nil, err
	}
	return decoder.IOReadCloser(), nil
}
