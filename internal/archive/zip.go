package archive

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"io"

	"github.com/klauspost/compress/zstd"
)

const (
	// maxNestedZip is how large a zip archive within another may be: its directory is at
	// its end, so that it is held in memory.
	maxNestedZip = 32 << 20
	// maxDirectory is how many bytes of a directory are read, which takes about five times
	// as much memory.
	maxDirectory = 16 << 20
	maxFiles     = maxDirectory / 46 // the least that one takes
)

// nestedZip reads a zip archive that is itself packed.
func (w *walker) nestedZip(name string, in io.Reader, depth int) error {
	data, err := io.ReadAll(io.LimitReader(in, maxNestedZip+1))
	switch {
	case err != nil:
		return w.note(name, err)
	case len(data) > maxNestedZip:
		return w.note(name, ErrNestedZip)
	}
	return w.zip(name, w.source(name, bytes.NewReader(data), int64(len(data))), int64(len(data)), depth)
}

// zip yields the members of an archive of size bytes called name.
func (w *walker) zip(name string, in *source, size int64, depth int) error {
	reader, err := openZip(in, size)
	if err != nil {
		return w.note(name, err)
	}
	w.label(name, reader.Comment)
	for _, file := range reader.File {
		w.label(join(name, file.Name), file.Name)
		w.label(join(name, file.Name), file.Comment)
		if err := w.interrupted(); err != nil {
			return err
		}
		if in.reads <= 0 {
			return w.note(name, in.over)
		}
		if file.FileInfo().IsDir() {
			continue
		}
		if err := w.zipMember(join(name, file.Name), file, depth); err != nil {
			return err
		}
	}
	return nil
}

func (w *walker) zipMember(member string, file *zip.File, depth int) error {
	const isEncrypted = 1
	if file.Flags&isEncrypted != 0 {
		return w.note(member, ErrEncrypted)
	}
	decoder, err := file.Open()
	if err != nil {
		return w.note(member, err)
	}
	defer func() { _ = decoder.Close() }() // it only reads
	return w.content(member, &layer{walker: w, of: member, decoder: decoder, expands: true}, depth+1)
}

// openZip reads an archive's directory.
func openZip(in *source, size int64) (*zip.Reader, error) {
	mostReads, overlap := in.reads, in.over
	in.reads, in.over = maxDirectory, ErrDirectory
	if err := checkFiles(in, size); err != nil {
		return nil, err
	}
	reader, err := zip.NewReader(in, size)
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return nil, err
	}
	in.reads, in.over = mostReads, overlap
	reader.RegisterDecompressor(zstd.ZipMethodWinZip, func(in io.Reader) io.ReadCloser {
		decoder, err := openZstd(in)
		if err != nil {
			return io.NopCloser(failing{err})
		}
		return decoder
	})
	return reader, nil
}

// checkFiles looks how many files an archive says it has: archive/zip takes memory for
// that many before it reads one. Only the 64-bit form can say a number that is too large.
func checkFiles(in io.ReaderAt, size int64) error {
	const endSize, maxComment, locatorSize, end64Size = 22, 1<<16 - 1, 20, 56
	tail := make([]byte, min(size, locatorSize+endSize+maxComment))
	if _, err := in.ReadAt(tail, size-int64(len(tail))); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	end := bytes.LastIndex(tail[:max(0, len(tail)-endSize+4)], []byte("PK\x05\x06"))
	if end < locatorSize || !bytes.HasPrefix(tail[end-locatorSize:], []byte("PK\x06\x07")) {
		return nil
	}
	at := int64(binary.LittleEndian.Uint64(tail[end-locatorSize+8:]))
	end64 := make([]byte, end64Size)
	if at < 0 || at > size {
		return ErrDamaged
	}
	if _, err := in.ReadAt(end64, at); err != nil {
		return ErrDamaged
	}
	if binary.LittleEndian.Uint64(end64[32:]) > maxFiles {
		return ErrDirectory
	}
	return nil
}

// failing is a reader that cannot begin.
type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }
