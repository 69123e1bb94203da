package durable

import (
	"bytes"
	"testing"
)

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
