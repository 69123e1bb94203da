//go:build unix

package durable

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"
)

func TestReadParts(t *testing.T) {
	d := openTemp(t)
	file := filepath.Join(d.Path(), target)
	mustDo(t, os.Symlink(target, filepath.Join(d.Path(), "link")))
	for _, size := range []int{0, 1, partSize - 1, partSize, partSize + 1, 3*partSize + 5} {
		data := seeded(uint64(size), size)
		put(t, file, string(data), 0o640)
		mustDo(t, os.Chtimes(file, time.Time{}, longAgo))
		var got []byte
		s, err := d.ReadParts("link", func(part []byte) error {
			if len(part) > 1<<20 || len(part) == 0 {
				t.Errorf("a part of %d bytes", len(part))
			}
			got = append(got, part...)
			return nil
		})
		mustDo(t, err)
		if !bytes.Equal(got, data) || s.sum != sha256.Sum256(data) {
			t.Errorf("%d bytes: not what is in the file", size)
		}
		whole := mustRead(t, d, "link")
		if !bytes.Equal(whole.Data, data) || whole.Data == nil || s.Data != nil {
			t.Errorf("%d bytes: Read returns %d, ReadParts %d", size, len(whole.Data), len(s.Data))
		}
		for _, s := range []*Snapshot{s, whole} {
			if s.Name != target || s.Size != int64(size) || !s.ModTime.Equal(longAgo) || s.Mode != 0o640 || s.Links != 1 {
				t.Errorf("%d bytes: %v of %v, %v, %d links", size, s, s.ModTime, s.Mode, s.Links)
			}
		}
		if !s.same(whole) {
			t.Errorf("%d bytes: Read and ReadParts differ", size)
		}
	}
}

func TestReadPartsStops(t *testing.T) {
	d := openTemp(t)
	put(t, filepath.Join(d.Path(), target), string(seeded(1, 3*partSize)), 0o600)
	stop := &fs.PathError{Op: "stop", Path: "here", Err: fs.ErrInvalid}
	calls := 0
	_, err := d.ReadParts(target, func([]byte) error {
		if calls++; calls == 2 {
			return stop
		}
		return nil
	})
	if err != error(stop) || calls != 2 {
		t.Errorf("error %v after %d calls", err, calls)
	}
}

// A file that is written to while it is read is noticed, whatever is done to it.
func TestReadPartsNoticesChanges(t *testing.T) {
	size := int64(3 * partSize)
	for name, write := range map[string]func(file *os.File) error{
		"grows": func(f *os.File) error { _, err := f.WriteAt([]byte("more"), size); return err },
		"grows, same time": func(f *os.File) error {
			_, err := f.WriteAt([]byte("more"), size)
			return errors.Join(err, os.Chtimes(f.Name(), time.Time{}, longAgo))
		},
		"is cut":       func(f *os.File) error { return f.Truncate(partSize + 1) },
		"is cut to it": func(f *os.File) error { return f.Truncate(partSize) },
		"is emptied":   func(f *os.File) error { return f.Truncate(0) },
		"changes":      func(f *os.File) error { _, err := f.WriteAt([]byte("other"), 0); return err },
	} {
		d := openTemp(t)
		path := filepath.Join(d.Path(), target)
		put(t, path, string(seeded(1, int(size))), 0o600)
		mustDo(t, os.Chtimes(path, time.Time{}, longAgo))
		file, err := os.OpenFile(path, os.O_WRONLY, 0)
		mustDo(t, err)
		defer file.Close()
		wrote := false
		s, err := d.ReadParts(target, func([]byte) error {
			if wrote {
				return nil
			}
			wrote = true
			return write(file)
		})
		if !errors.Is(err, ErrChanged) || s != nil {
			t.Errorf("%s: %v, %v", name, s, err)
		}
	}
}

// What is larger than MaxSize can be changed in every way but by Replace's own bytes.
func TestLargerThanMaxSize(t *testing.T) {
	if testing.Short() {
		t.Skip("reads 64 MiB often")
	}
	d := openTemp(t)
	d.hooks = quick()
	file := filepath.Join(d.Path(), target)
	fresh := func() *Snapshot {
		put(t, file, "", 0o644)
		mustDo(t, os.Truncate(file, MaxSize+1))
		was, err := d.ReadParts(target, func([]byte) error { return nil })
		mustDo(t, err)
		return was
	}
	was := fresh()
	mustBe(t, d.Replace(was, make([]byte, MaxSize+1)), ErrTooLarge)
	mustDo(t, d.Chmod(was, 0o600))
	mustDo(t, d.Replace(was, []byte("short")))
	if s := mustRead(t, d, target); string(s.Data) != "short" || s.Mode != 0o600 {
		t.Errorf("%q, %v", s.Data, s.Mode)
	}
	was = fresh()
	put(t, file, "theirs", 0o644)
	mustBe(t, d.Remove(was), ErrChanged)
	mustDo(t, d.Remove(fresh()))
	onlyThese(t, d.Path())

	// A crash right after the exchange leaves the old file beside the new one.
	was = fresh()
	staged := abandoned(t, d, "", "", "new")
	old := filepath.Join(filepath.Dir(staged), seal("ABCDEF27", was.sum, sha256.Sum256([]byte("new"))))
	mustDo(t, os.Remove(staged))
	mustDo(t, os.Rename(file, old))
	put(t, file, "new", 0o644)
	mustDo(t, d.Sweep("."))
	onlyThese(t, d.Path(), target)
}
