package durable

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"testing"
)

// A transcript of 256 MiB, read and written once each by the caller.
func BenchmarkRewrite(b *testing.B) {
	d, err := Open(b.TempDir())
	if err != nil {
		b.Fatal(err)
	}
	defer d.Close()
	const size = 256 << 20
	file, err := os.Create(filepath.Join(d.Path(), target))
	if err != nil {
		b.Fatal(err)
	}
	line := append(bytes.Repeat([]byte("x"), 1023), '\n')
	for range size / len(line) {
		if _, err := file.Write(line); err != nil {
			b.Fatal(err)
		}
	}
	if err := file.Close(); err != nil {
		b.Fatal(err)
	}
	b.SetBytes(size)
	b.ReportAllocs()
	for i := range b.N {
		was, err := d.ReadParts(target, func([]byte) error { return nil })
		if err != nil {
			b.Fatal(err)
		}
		err = d.Rewrite(was, func(old io.Reader, new io.Writer) error {
			first := []byte{'a' + byte(i%26)}
			if _, err := io.CopyN(io.Discard, old, 1); err != nil {
				return err
			}
			if _, err := new.Write(first); err != nil {
				return err
			}
			_, err := io.Copy(new, old)
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}

// One edit of a config of 16 KiB, with all its syncs.
func BenchmarkReplace(b *testing.B) {
	d, err := Open(b.TempDir())
	if err != nil {
		b.Fatal(err)
	}
	defer d.Close()
	data := bytes.Repeat([]byte("x"), 16<<10)
	if err := d.Replace(d.Absent(target), data); err != nil {
		b.Fatal(err)
	}
	for i := range b.N {
		was, err := d.Read(target)
		if err != nil {
			b.Fatal(err)
		}
		data[0] = 'a' + byte(i%26)
		if err := d.Replace(was, data); err != nil {
			b.Fatal(err)
		}
	}
}
