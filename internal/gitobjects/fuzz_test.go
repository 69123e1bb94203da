package gitobjects

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
)

// printed returns what cat-file prints for objects of these contents.
func printed(contents []string) string {
	var b strings.Builder
	for i, content := range contents {
		fmt.Fprintf(&b, "%040x %s %d\n%s\n", i, kindOf(i), len(content), content)
	}
	return b.String()
}

func kindOf(i int) string { return []string{"blob", "tree", "commit", "tag"}[i%4] }

// FuzzReadObjects: what cat-file prints comes back, also if the output is cut, then up to
// there and with an error; and of any other output, no more comes than is in it.
func FuzzReadObjects(f *testing.F) {
	id := strings.Repeat("0", 40)
	f.Add("a\x00tree\x00commit\ntext\x00", uint(0))
	f.Add(id+" blob 4\nabcd\n"+id+" missing\n", uint(3))
	f.Add(id+" blob 9223372036854775807\nabcd\n", uint(1))
	f.Add(id+" blob -1\n\n", uint(10))
	f.Fuzz(func(t *testing.T, text string, cut uint) {
		total := 0
		err := readObjects(bufio.NewReaderSize(strings.NewReader(text), 16), func(o Object, content io.Reader) error {
			n, _ := io.Copy(io.Discard, content)
			total += int(n)
			return nil
		})
		if total > len(text) || err != nil && !errors.Is(err, ErrIncomplete) {
			t.Errorf("%d bytes of %d, error %v", total, len(text), err)
		}
		contents := strings.Split(text, "\x00")
		checkCut(t, contents, cut)
	})
}

func checkCut(t *testing.T, contents []string, cut uint) {
	t.Helper()
	whole := printed(contents)
	cut %= uint(len(whole)) + 1
	next := 0
	err := readObjects(bufio.NewReader(strings.NewReader(whole[:cut])), func(o Object, content io.Reader) error {
		if kindOf(next) == "tree" {
			next++
		}
		data, err := io.ReadAll(content)
		want := Object{ID: fmt.Sprintf("%040x", next), Kind: kindOf(next), Size: int64(len(contents[next]))}
		if o != want || !strings.HasPrefix(contents[next], string(data)) || err == nil && len(data) != len(contents[next]) {
			t.Errorf("got %v with %d bytes, want %v", o, len(data), want)
		}
		next++
		return nil // as a caller who does not look at errors
	})
	atEnd := cut == 0
	for i := range contents {
		atEnd = atEnd || int(cut) == len(printed(contents[:i+1]))
	}
	if atEnd != (err == nil) {
		t.Errorf("%d of %d bytes: error %v", cut, len(whole), err)
	}
}

// FuzzReadPlaces: whatever git prints, only what is asked for comes, with a name that is
// fit to show and a commit that was there.
func FuzzReadPlaces(f *testing.F) {
	commit, blob := strings.Repeat("1", 40), strings.Repeat("0", 40)
	f.Add([]byte(commit + "\n" + blob + " a path\n"))
	f.Add([]byte(blob + " no commit\n" + commit + "\n" + blob + " " + strings.Repeat("long/", 1000) + "\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		found := map[string]Place{}
		err := readPlaces(bufio.NewReaderSize(bytes.NewReader(text), 64), map[string]bool{blob: true, "x": true}, found)
		if err != nil && !errors.Is(err, ErrIncomplete) && !errors.Is(err, errEnough) {
			t.Errorf("error %v", err)
		}
		for id, place := range found {
			if id != blob || len(place.Commit) != 12 || !bytes.Contains(text, []byte(place.Commit)) || strings.ContainsAny(place.Path, "\n\r\x1b\x00") {
				t.Errorf("%q is in %q", id, place)
			}
		}
	})
}
