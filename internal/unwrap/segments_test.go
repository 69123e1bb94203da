package unwrap

import (
	"bytes"
	"math/rand/v2"
	"strings"
	"testing"
)

// part is what an iterator yielded.
type part struct{ start, end int }

// collect returns what iterate yields for text, and checks that it goes upwards.
func collect(t *testing.T, text []byte, iterate func([]byte, func(start, end int) bool)) []part {
	t.Helper()
	var parts []part
	behind := -1
	iterate(text, func(start, end int) bool {
		if start <= behind || end <= start || end > len(text) {
			t.Errorf("yielded [%d,%d) of %d bytes after %v", start, end, len(text), parts)
		}
		parts = append(parts, part{start, end})
		behind = end
		return true
	})
	return parts
}

// checkStitched checks that decoding the parts alone is decoding all.
func checkStitched(t *testing.T, text []byte, parts []part, decode func(dst, src []byte) []byte) {
	t.Helper()
	var stitched []byte
	done := 0
	for _, p := range parts {
		stitched = append(stitched, text[done:p.start]...)
		stitched = decode(stitched, text[p.start:p.end])
		done = p.end
	}
	stitched = append(stitched, text[done:]...)
	if want := decode(nil, text); !bytes.Equal(stitched, want) {
		t.Errorf("the parts %v of %q give %q, want %q", parts, text, stitched, want)
	}
}

func TestSegments(t *testing.T) {
	space := func(n int) string { return strings.Repeat(" ", n) }
	word := func(n int) string { return strings.Repeat("w", n) }
	tests := []struct {
		name, text string
		want       []part
	}{
		{"empty", "", nil},
		{"no backslash", "plain", nil},
		{"no escape", `\d \x41 \u12 \`, nil},
		{"alone", `\n`, []part{{0, 2}}},
		{"narrow", space(1000) + `\n` + space(1000), []part{{680, 1322}}},
		{"to the token's end", word(500) + space(100) + word(300) + space(100) + `\n` + space(300) + word(500) + space(100),
			[]part{{600, 1802}}},
		{"two apart", space(1000) + `\n` + space(641) + `\n` + space(1000), []part{{680, 1322}, {1323, 1965}}},
		{"two together", space(1000) + `\n` + space(640) + `\n` + space(1000), []part{{680, 1964}}},
		{"joined by a token", space(1000) + `\n` + space(300) + word(200) + space(300) + `\n`, []part{{680, 1804}}},
		{"joined by two tokens", space(1000) + `\n` + space(300) + word(400) + space(300) + `\n`, []part{{680, 2004}}},
		{"pairs", space(1000) + `\\\\\d` + space(1000), []part{{680, 1324}}},
		{"data", space(1000) + `\n` + space(10) + word(20_000) + space(10) + `\n` + space(1000),
			[]part{{680, 1322 + longestToken}, {21_022 - 320 - longestToken, 21_024 + 320}}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := collect(t, []byte(test.text), Segments)
			if len(got) != len(test.want) {
				t.Fatalf("got %v, want %v", got, test.want)
			}
			for i := range got {
				if got[i] != test.want[i] {
					t.Errorf("got %v, want %v", got, test.want)
				}
			}
		})
	}
}

func TestSegmentsStop(t *testing.T) {
	text := []byte(strings.Repeat(`\n`+strings.Repeat(" ", 1000), 5))
	calls := 0
	Segments(text, func(int, int) bool { calls++; return calls < 2 })
	if calls != 2 {
		t.Errorf("%d calls, want 2", calls)
	}
}

func FuzzSegments(f *testing.F) {
	f.Add([]byte(`a\nb`), 400)
	f.Add([]byte(`\\\d\u12\ud83d\ude00`), 700)
	f.Fuzz(func(t *testing.T, piece []byte, gap int) {
		text := bytes.Join([][]byte{piece, piece, nil}, bytes.Repeat([]byte(" x"), abs(gap)%500))
		checkSegments(t, text)
	})
}

func TestSegmentsOfRandomText(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 8))
	for range 300 {
		var text []byte
		for range 8 {
			text = append(text, dense(random, random.IntN(40), escapePieces...)...)
			text = append(text, strings.Repeat("w", random.IntN(2)*random.IntN(700))...)
			text = append(text, strings.Repeat(" -", random.IntN(400))...)
		}
		checkSegments(t, text)
		if t.Failed() {
			return
		}
	}
}

// checkSegments checks that all around each escape is in a segment, and that a
// segment stands for at least one escape at either end.
func checkSegments(t *testing.T, text []byte) {
	t.Helper()
	parts := collect(t, text, Segments)
	checkStitched(t, text, parts, Unescape)
	escapes := anEscape.FindAllIndex(text, -1)
	for _, escape := range escapes {
		from, to := max(0, escape[0]-escapeContext), min(len(text), escape[1]+escapeContext)
		held := false
		for _, p := range parts {
			held = held || p.start <= from && to <= p.end
		}
		if !held {
			t.Errorf("the escape at %v of %q is not in %v", escape, text, parts)
		}
	}
	for _, p := range parts {
		first, last := -1, -1
		for _, escape := range escapes {
			if p.start <= escape[0] && escape[0] < p.end {
				if first < 0 {
					first = max(0, escape[0]-escapeContext)
				}
				last = min(len(text), escape[1]+escapeContext)
			}
		}
		if first < 0 || !allToken(text[p.start:first]) || !allToken(text[last:p.end]) {
			t.Errorf("the segment %v of %q is wider than its escapes ask for", p, text)
		}
	}
}

func allToken(text []byte) bool {
	for _, c := range text {
		if !isToken[c] {
			return false
		}
	}
	return true
}
