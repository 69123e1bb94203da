package archive

import (
	"archive/zip"
	"context"
	"errors"
	"io"
	"strings"
	"testing"
)

// watchedFile counts the reads, and calls each before one.
type watchedFile struct {
	io.ReaderAt
	reads int
	bytes int64
	each  func(reads int)
}

func (f *watchedFile) ReadAt(p []byte, offset int64) (int, error) {
	f.reads++
	if f.each != nil {
		f.each(f.reads)
	}
	n, err := f.ReaderAt.ReadAt(p, offset)
	f.bytes += int64(n)
	return n, err
}

// A walk that is interrupted reads nothing more, neither for yield nor to pass over.
func TestInterrupt(t *testing.T) {
	noise := fixtureNoise(2 * mebibyte)
	for name, packed := range map[string]string{
		"small":   tarOf(file{"a", "1"}, file{"b", "2"}),
		"in one":  tarOf(file{"c.zip", zipOf(zip.Store, file{"a", "1"}, file{"b", "2"})}),
		"tar":     tarOf(file{"a", noise}, file{"b", noise}),
		"tar.gz":  gzipOf(tarOf(file{"a", noise}, file{"b", noise})),
		"tar.zst": zstdOf(tarOf(file{"a", noise}, file{"b", noise})),
		"zip":     zipOf(zip.Deflate, file{"a", noise}, file{"b", noise}),
		"zip.gz":  gzipOf(zipOf(zip.Store, file{"a", noise}, file{"b", noise})),
	} {
		for _, reads := range []bool{true, false} {
			ctx, cancel := context.WithCancel(t.Context())
			in := &watchedFile{ReaderAt: strings.NewReader(packed)}
			before, seen := 0, 0
			err := Walk(ctx, in, int64(len(packed)), 1<<30, func(_ string, content io.Reader) error {
				seen++
				cancel()
				before = in.reads
				if !reads {
					return nil
				}
				n, err := io.Copy(io.Discard, content)
				if n > maxRead {
					t.Errorf("%s: %d bytes come after the interrupt", name, n)
				}
				return err
			})
			if !errors.Is(err, context.Canceled) || seen != 1 || in.reads != before {
				t.Errorf("%s: error %v, %d members, %d reads after the interrupt", name, err, seen, in.reads-before)
			}
		}
	}
}

// A bomb is in memory as a whole when it begins to expand.
func TestInterruptBomb(t *testing.T) {
	for name, packed := range bombs(t) {
		ctx, cancel := context.WithCancel(t.Context())
		after := int64(0)
		err := Walk(ctx, strings.NewReader(packed), int64(len(packed)), 1<<30, func(_ string, content io.Reader) error {
			_, err := content.Read(make([]byte, 8*mebibyte)) // what a buffer had
			n, _ := content.Read(make([]byte, 8*mebibyte))
			if n > maxRead {
				t.Errorf("%s: %d bytes come at once, for which an interrupt waits", name, n)
			}
			cancel()
			after, _ = io.Copy(io.Discard, content)
			return err
		})
		if !errors.Is(err, context.Canceled) || after > 32<<10 { // what a buffer had
			t.Errorf("%s: %d bytes come after the interrupt, error %v", name, after, err)
		}
	}
}

// Input of which nothing comes is not read to its end either.
func TestInterruptNothing(t *testing.T) {
	body := emptyBlocks(200_000)
	directory := zipEntry("", uint32(len(body)-30))
	packed := body + directory + zipEnd(1, len(directory), len(body))
	ctx, cancel := context.WithCancel(t.Context())
	const enough = 20
	in := &watchedFile{ReaderAt: strings.NewReader(packed), each: func(reads int) {
		if reads == enough {
			cancel()
		}
	}}
	err := Walk(ctx, in, int64(len(packed)), 1<<30, func(_ string, content io.Reader) error { _, err := io.Copy(io.Discard, content); return err })
	if !errors.Is(err, context.Canceled) || in.reads != enough {
		t.Errorf("%d reads, error %v", in.reads, err)
	}
}

// Members that are not read do not keep a walk busy.
func TestInterruptDirectory(t *testing.T) {
	packed := strings.ReplaceAll(zipOf(zip.Deflate, file{"a", "1"}, file{"b", "2"}), "\x08\x00\x08\x00", "\x09\x00\x08\x00") // encrypted
	for last := 1; ; last++ {
		ctx, cancel := context.WithCancel(t.Context())
		in := &watchedFile{ReaderAt: strings.NewReader(packed), each: func(reads int) {
			if reads == last {
				cancel()
			}
		}}
		err := Walk(ctx, in, int64(len(packed)), mebibyte, nil)
		if in.reads < last {
			cancel()
			return
		}
		if !errors.Is(err, context.Canceled) || in.reads != last {
			t.Errorf("interrupted at read %d: %d reads, error %v", last, in.reads, err)
		}
	}
}
