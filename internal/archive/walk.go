package archive

import (
	"bufio"
	"context"
	"errors"
	"io"
)

// maxDepth is how deep things may be packed: an archive, and one in it. A compressed tar
// counts once.
const maxDepth = 2

// walker is the state of one walk.
type walker struct {
	ctx      context.Context
	limit    int64 // how many bytes may come out of the decoders
	budget   int64 // how many still may
	yield    func(member string, content io.Reader) error
	label    func(member, text string)
	problems problems
	stop     error // why the walk is to end at once
}

// Walk calls yield for each file that is packed in a file of size bytes, which [Known]
// knows: for a tar or zip archive with the name of the member, for a single compressed
// stream with "". What is packed within a member is unpacked too, and has that member's
// name before its own, with a "/" between. Names are for people to read: they are no
// paths, and two members may have the same one.
//
// Content is read while yield runs and not after it; yield need not read it to its end,
// but then damage behind that may stay unnoticed. An error of yield ends the walk and is
// returned, unless it is one that content gave: then the walk goes on with what can still
// be read.
//
// At most limit bytes are unpacked, counted over all members and layers, after which the
// walk ends with [ErrTooLarge]. The error joins a [*MemberError] for all that could not
// be read, after everything else was yielded, and why the walk ended early: ctx, the limit
// or yield.
func Walk(ctx context.Context, file io.ReaderAt, size, limit int64, yield func(member string, content io.Reader) error) error {
	return WalkLabels(ctx, file, size, limit, yield, func(string, string) {})
}

// WalkLabels is Walk that also calls label with what an archive says beside the contents, as it
// is written there: the names of members, also of folders, what links lead to, and comments; each
// with the name of the member, or of the archive itself. It runs before the member is yielded.
func WalkLabels(ctx context.Context, file io.ReaderAt, size, limit int64, yield func(member string, content io.Reader) error, label func(member, text string)) error {
	w := &walker{ctx: ctx, limit: limit, budget: limit, yield: yield, label: func(member, text string) {
		if text != "" {
			label(member, text)
		}
	}}
	return w.problems.with(w.file(file, size))
}

// file walks the outermost archive. The error ends the walk, here and in all that follows;
// what is wrong with one member is noted in problems.
func (w *walker) file(file io.ReaderAt, size int64) error {
	in := w.source("", file, size)
	head := make([]byte, HeadSize)
	n, err := in.ReadAt(head[:min(size, HeadSize)], 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return w.stop
	}
	switch format := formatOf(head[:n]); {
	case format == unpacked && !EndsAsZip(file, size):
		return ErrFormat
	case format == unpacked, format == zipped: // a zip archive may have anything before it
		return w.zip("", in, size, 1)
	}
	return w.content("", bufio.NewReaderSize(io.NewSectionReader(in, 0, size), maxRead), 1)
}

// source returns the bytes of the archive called name, for reading each about twice.
func (w *walker) source(name string, file io.ReaderAt, size int64) *source {
	return &source{walker: w, of: name, file: file, reads: 4*size + maxRead, over: ErrOverlap}
}

// content unpacks what is called name, if it is packed, and yields it if not. Depth is that
// of the archive which it would be.
func (w *walker) content(name string, packed io.Reader, depth int) error {
	in := bufio.NewReader(packed)
	head, _ := in.Peek(HeadSize) // an error comes back with the next read
	format := formatOf(head)
	if format != unpacked && depth > maxDepth {
		return w.note(name, ErrTooDeep)
	}
	switch format {
	case gzipped:
		return w.compressed(name, in, openGzip, depth)
	case zstandard:
		return w.compressed(name, in, openZstd, depth)
	case zipped:
		return w.nestedZip(name, in, depth)
	case tarred:
		return w.tar(name, in, depth)
	}
	var noted *MemberError
	err := w.yield(name, in)
	switch {
	case w.stop != nil:
		return w.stop
	case errors.As(err, &noted):
		return nil
	}
	return err
}
