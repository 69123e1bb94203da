package extract

import (
	"bytes"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// TestSpliced: edits give the same however the text is cut into parts, and their
// inverses give the text back, also when it has grown.
func TestSpliced(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 4))
	for range 3000 {
		text := randomText(r, r.IntN(200))
		edits := randomEdits(r, text)
		want := replaced(text, edits)
		got := splicedInParts(t, r, text, edits)
		if got != want {
			t.Fatalf("spliced %q with %v\n got %q\nwant %q", text, edits, got, want)
		}
		var back []splice
		for _, undo := range inversesOf(edits) {
			back = append(back, splice{start: int64(undo.Start), end: int64(undo.End), text: undo.Was[0].Text})
		}
		if got := splicedInParts(t, r, want+"grown", back); got != text+"grown" {
			t.Fatalf("the inverse of %v in %q\n got %q\nwant %q", edits, want, got, text+"grown")
		}
	}
}

func TestSplicedTooShort(t *testing.T) {
	err := spliced(io.Discard, strings.NewReader("abc"), []splice{{start: 2, end: 5}})
	if err == nil {
		t.Error("a text that ends within an edit is no error")
	}
}

func randomText(r *rand.Rand, length int) string {
	text := make([]byte, length)
	for i := range text {
		text[i] = "abc\n"[r.IntN(4)]
	}
	return string(text)
}

// randomEdits returns edits that are sorted and apart, some of them insertions.
func randomEdits(r *rand.Rand, text string) []splice {
	var cuts []int
	for range 2 * r.IntN(5) {
		cuts = append(cuts, r.IntN(len(text)+1))
	}
	slices.Sort(cuts)
	cuts = slices.Compact(cuts)
	var edits []splice
	for i := 0; i+1 < len(cuts); i += 2 {
		was := text[cuts[i]:cuts[i+1]]
		edits = append(edits, splice{int64(cuts[i]), int64(cuts[i+1]), randomText(r, r.IntN(4)), []piece{{Text: was}}})
	}
	return edits
}

func replaced(text string, edits []splice) string {
	out, at := "", 0
	for _, edit := range edits {
		out += text[at:edit.start] + edit.text
		at = int(edit.end)
	}
	return out + text[at:]
}

func splicedInParts(t *testing.T, r *rand.Rand, text string, edits []splice) string {
	t.Helper()
	var out bytes.Buffer
	s := &splicer{dst: &out, edits: slices.Clone(edits)}
	for rest := []byte(text); len(rest) > 0; {
		n := 1 + r.IntN(len(rest))
		if _, err := s.Write(rest[:n]); err != nil {
			t.Fatal(err)
		}
		rest = rest[n:]
	}
	if err := s.finish(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}
