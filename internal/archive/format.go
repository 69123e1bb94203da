package archive

import (
	"archive/tar"
	"bytes"
	"errors"
	"io"
)

// HeadSize is how many bytes of a file's beginning [Known] needs.
const HeadSize = 512

// format is how a file is packed.
type format int

const (
	unpacked format = iota
	gzipped
	zstandard
	zipped
	tarred
)

// Known reports whether a file is one that [Walk] reads, by its first [HeadSize] bytes
// or, of a smaller file, all of them.
func Known(head []byte) bool { return formatOf(head) != unpacked }

// EndsAsZip reports whether a file of size bytes ends as a zip archive does. [Walk] reads such
// a file also where a program or a script stands before the archive.
func EndsAsZip(file io.ReaderAt, size int64) bool {
	const endSize, maxComment = 22, 1<<16 - 1
	tail := make([]byte, min(size, endSize))
	if _, err := file.ReadAt(tail, size-int64(len(tail))); len(tail) < endSize || err != nil && !errors.Is(err, io.EOF) {
		return false
	}
	if bytes.HasPrefix(tail, []byte("PK\x05\x06\x00\x00\x00\x00")) { // without a comment
		return true
	}
	tail = make([]byte, min(size, endSize+maxComment))
	if _, err := file.ReadAt(tail, size-int64(len(tail))); err != nil && !errors.Is(err, io.EOF) {
		return false
	}
	end := bytes.LastIndex(tail, []byte("PK\x05\x06\x00\x00\x00\x00"))
	return end >= 0 && len(tail)-end >= endSize && len(tail)-end-endSize == int(tail[end+20])|int(tail[end+21])<<8
}

func formatOf(head []byte) format {
	switch {
	case bytes.HasPrefix(head, []byte("\x1f\x8b\x08")):
		return gzipped
	case bytes.HasPrefix(head, []byte("\x28\xb5\x2f\xfd")), isSkippableFrame(head):
		return zstandard
	case bytes.HasPrefix(head, []byte("PK\x03\x04")), bytes.HasPrefix(head, []byte("PK\x05\x06")):
		return zipped
	case isTarHeader(head):
		return tarred
	}
	return unpacked
}

// isSkippableFrame recognises the frame without content that zstd's parallel tools begin with.
func isSkippableFrame(head []byte) bool {
	return len(head) >= 4 && head[0]&0xf0 == 0x50 && bytes.Equal(head[1:4], []byte("\x2a\x4d\x18"))
}

// isTarHeader asks for the mark and a right checksum: a text that has the mark by chance
// stays a text.
func isTarHeader(head []byte) bool {
	const mark = 257
	if len(head) < HeadSize || !bytes.HasPrefix(head[mark:], []byte("ustar")) {
		return false
	}
	_, err := tar.NewReader(bytes.NewReader(head[:HeadSize])).Next()
	// A header that only leads in a long name is right as far as it goes.
	return err == nil || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, tar.ErrInsecurePath)
}
