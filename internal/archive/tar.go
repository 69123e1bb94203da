package archive

import (
	"archive/tar"
	"errors"
	"io"
	"maps"
	"slices"
	"strings"
)

// blockSize is what tar archives are made of; one of zeros ends them.
const blockSize = 512

// tar yields the members of an archive called name.
func (w *walker) tar(name string, in io.Reader, depth int) error {
	blocks := &zeroCounter{in: in}
	reader := tar.NewReader(blocks)
	for {
		if err := w.interrupted(); err != nil {
			return err
		}
		header, err := reader.Next()
		if errors.Is(err, io.EOF) {
			return w.tarEnd(name, blocks)
		}
		if err != nil && !errors.Is(err, tar.ErrInsecurePath) {
			return w.note(name, err)
		}
		w.tarLabels(join(name, header.Name), header)
		if !hasContent(header) {
			continue
		}
		// Damage is that of the archive: behind it there are no more members.
		member := &layer{walker: w, of: name, decoder: reader, expands: isSparse(header)}
		if err := w.content(join(name, header.Name), member, depth+1); err != nil {
			return err
		}
	}
}

// tarLabels tells what a header says beside the content.
func (w *walker) tarLabels(member string, header *tar.Header) {
	for _, text := range []string{header.Name, header.Linkname, header.Uname, header.Gname} {
		w.label(member, text)
	}
	for _, key := range slices.Sorted(maps.Keys(header.PAXRecords)) {
		if key != "path" && key != "linkpath" {
			w.label(member, header.PAXRecords[key])
		}
	}
}

// tarEnd checks that an archive has come to its end and that nothing is behind it.
func (w *walker) tarEnd(name string, blocks *zeroCounter) error {
	buffer := make([]byte, 32<<10)
	for {
		n, err := blocks.Read(buffer)
		switch {
		case blocks.zeros < n:
			return w.note(name, ErrTrailing)
		case errors.Is(err, io.EOF) && blocks.zeros < blockSize:
			return w.note(name, ErrCutShort)
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return w.note(name, err)
		}
	}
}

// hasContent reports whether bytes follow a header, which those of links, folders and
// devices have none of. Kinds that are not known count as files.
func hasContent(header *tar.Header) bool {
	switch header.Typeflag {
	case tar.TypeLink, tar.TypeSymlink, tar.TypeChar, tar.TypeBlock, tar.TypeDir, tar.TypeFifo, tar.TypeXGlobalHeader:
		return false
	}
	return true
}

// isSparse reports whether a file has holes, which expand to zeros.
func isSparse(header *tar.Header) bool {
	for key := range header.PAXRecords {
		if strings.HasPrefix(key, "GNU.sparse.") {
			return true
		}
	}
	return header.Typeflag == tar.TypeGNUSparse
}

// zeroCounter counts the zeros at the end of what was read.
type zeroCounter struct {
	in    io.Reader
	zeros int
}

func (z *zeroCounter) Read(p []byte) (int, error) {
	n, err := z.in.Read(p)
	for i := n - 1; i >= 0; i-- {
		if p[i] != 0 {
			z.zeros = n - 1 - i
			return n, err
		}
	}
	z.zeros += n
	return n, err
}
