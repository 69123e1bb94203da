package search

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"
)

// utf16Bytes returns text in UTF-16.
func utf16Bytes(text string, big bool) []byte {
	var data []byte
	for _, unit := range utf16.Encode([]rune(text)) {
		low, high := byte(unit), byte(unit>>8)
		if big {
			low, high = high, low
		}
		data = append(data, low, high)
	}
	return data
}

func TestContents(t *testing.T) {
	one := github("one")
	random := strings.Repeat("\x01\x9c\xff\x00\x80\x1b", 2000)
	for _, test := range []struct {
		name, data string
		want       []string // values
		excluded   bool
	}{
		{"empty", "", nil, false},
		{"one byte", "x", nil, false},
		{"a line feed", "\n", nil, false},
		{"a secret alone", one, []string{one}, false},
		{"binary", random + " " + one + " " + random, []string{one}, false},
		{"NULs", strings.Repeat("\x00", 9000) + one + strings.Repeat("\x00", 9000), []string{one}, false},
		{"invalid UTF-8", "\xff\xfd\x80" + one + "\xc3", []string{one}, false},
		{"UTF-8 with a mark", "\ufeff" + record(one), []string{one}, false},
		{"a picture", "\x89PNG\r\n\x1a\n" + one, nil, true},
		{"compressed", "\x1f\x8b\x08" + one, nil, true},
		{"a log of SQLite without a database", "\x37\x7f\x06\x82" + random + one + random, []string{one}, false},
		{"a journal of SQLite", "\xd9\xd5\x05\xf9\x20\xa1\x63\xd7" + random + one + random, []string{one}, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			report := searchFile(t, newSearcher(), writeFile(t, []byte(test.data)))
			if report.Problem != "" || (report.Excluded != "") != test.excluded || !slices.Equal(values(report.Hits), test.want) {
				t.Errorf("problem %q, excluded %q, found %d", report.Problem, report.Excluded, len(report.Hits))
			}
			if report.Bytes != int64(len(test.data)) || report.Mode != 0o600 {
				t.Errorf("%d bytes of %d, mode %v", report.Bytes, len(test.data), report.Mode)
			}
		})
	}
}

func TestUTF16(t *testing.T) {
	one, two := github("one"), github("two")
	text := "first 漢🦞 line\r\n  " + one + " and\n" + record("x\n"+two) + "end"
	for _, big := range []bool{false, true} {
		for _, marked := range []bool{false, true} {
			full := filler(2000) + text
			if marked {
				full = "\ufeff" + text
			}
			data := utf16Bytes(full, big)
			report := searchFile(t, newSearcher(), writeFile(t, data))
			if report.Problem != "" || !slices.Equal(values(report.Hits), []string{one, two}) {
				t.Fatalf("big %t, marked %t: %q, %q", big, marked, report.Problem, described(report.Hits))
			}
			for _, h := range report.Hits {
				if got := string(narrow(data[h.Start:h.End], big)); got != h.Value.Reveal() {
					t.Errorf("big %t: bytes %d to %d hold %q", big, h.Start, h.End, got)
				}
				if h.Layers[0] != layerUTF16 {
					t.Errorf("layers are %q", h.Layers)
				}
			}
			if h := report.Hits[0]; h.Line != 2 || h.Column != 3 {
				t.Errorf("line %d, column %d", h.Line, h.Column)
			}
		}
	}
}

func TestNarrow(t *testing.T) {
	for _, test := range []struct{ wide, want string }{
		{"a\x00b\x00", "ab"}, {"a\x00b", "a"}, {"", ""}, {"\x3d\xd8", "\ufffd"}, {"\x3d\xd8a\x00", "\ufffda"}, {"\x00\xdca\x00", "\ufffda"},
		{"\x3e\xd8\x9e\xdd", "🦞"},
	} {
		if got := string(narrow([]byte(test.wide), false)); got != test.want {
			t.Errorf("%q: got %q, want %q", test.wide, got, test.want)
		}
	}
}

// shrinking is a file that ends before its size.
type shrinking struct {
	io.ReaderAt
	size int64
}

func (s shrinking) ReadAt(data []byte, offset int64) (int, error) {
	if offset >= s.size {
		return 0, io.EOF
	}
	rest := min(int64(len(data)), s.size-offset)
	n, err := s.ReaderAt.ReadAt(data[:rest], offset)
	if err == nil && int(rest) < len(data) {
		err = io.EOF
	}
	return n, err
}

// TestShrinks reads a file that becomes shorter: what is still there is found, and the rest is
// a problem, wherever it ends.
func TestShrinks(t *testing.T) {
	one := github("one")
	text := one + "\n" + filler(900) + "\n" + record(filler(5000)) + filler(20_000) + "\n" + record(filler(3000))
	s := newSearcher()
	s.sizes = small
	for size := int64(0); size < int64(len(text)); size += 97 {
		report := searchReader(s, shrinking{strings.NewReader(text), size}, int64(len(text)))
		if report.Problem != errShrank.Error() {
			t.Fatalf("%d bytes left: problem %q", size, report.Problem)
		}
		if size >= 100 && !slices.Contains(values(report.Hits), one) {
			t.Fatalf("%d bytes left: the secret before is lost", size)
		}
	}
}

type failing struct{ io.ReaderAt }

func (f failing) ReadAt(data []byte, offset int64) (int, error) {
	if offset+int64(len(data)) > 5000 {
		return 0, &os.PathError{Op: "read", Path: "/secret/path", Err: errors.New("input/output error")}
	}
	return f.ReaderAt.ReadAt(data, offset)
}

func TestReadError(t *testing.T) {
	text := github("one") + strings.Repeat("\nline", 4000)
	s := newSearcher()
	s.sizes = small
	report := searchReader(s, failing{strings.NewReader(text)}, int64(len(text)))
	if report.Problem != "input/output error" || len(report.Hits) != 1 {
		t.Errorf("problem %q, %d hits", report.Problem, len(report.Hits))
	}
}

func TestNoOrdinaryFile(t *testing.T) {
	dir := t.TempDir()
	gone := filepath.Join(dir, "gone")
	reports, err := newSearcher().Files(t.Context(), []File{{Path: dir}, {Path: gone}, {Path: os.DevNull}})
	if err != nil {
		t.Fatal(err)
	}
	for i, report := range reports {
		if report.Problem == "" || strings.Contains(report.Problem, dir) {
			t.Errorf("%d: problem %q", i, report.Problem)
		}
	}
}

// TestReplaced replaces, extends and cuts a file while it is searched: no run hangs, fails or is
// silent about what it could not read.
func TestReplaced(t *testing.T) {
	one := github("one")
	text := []byte(one + "\n" + strings.Repeat(record(filler(500)), 4000))
	name := writeFile(t, text)
	done := make(chan struct{})
	writer := make(chan error, 1)
	go func() {
		for {
			select {
			case <-done:
				writer <- nil
				return
			default:
			}
			if err := errors.Join(
				os.Truncate(name, 100), os.WriteFile(name, text, 0o600), os.WriteFile(name+"2", text[:5000], 0o600), os.Rename(name+"2", name),
			); err != nil {
				writer <- err
				return
			}
		}
	}()
	for range 30 {
		report := searchFile(t, newSearcher(), name)
		switch {
		case report.Problem == errShrank.Error():
		case report.Problem != "":
			t.Errorf("problem %q", report.Problem)
		case report.Bytes > 0 && len(report.Hits) != 1:
			t.Errorf("%d hits in %d bytes", len(report.Hits), report.Bytes)
		}
	}
	close(done)
	if err := <-writer; err != nil {
		t.Fatal(err)
	}
}
