package unwrap

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestUnescape(t *testing.T) {
	long := strings.Repeat("x", 100)
	tests := []struct{ name, src, want string }{
		{"empty", ``, ``},
		{"plain", `a "b" c`, `a "b" c`},
		{"letters", `\"\\\/\b\f\n\r\t`, "\"\\/\b\f\n\r\t"},
		{"unknown letter", `\d\x41\'`, `\d\x41\'`},
		{"at the end", `a\`, `a\`},
		{"pairs from the left", `\\\\n\\\n`, "\\\\n\\\n"},
		{"code point", `?a=1\u0026b=\u00e9\u20AC`, "?a=1&b=é€"},
		{"zero", `\u0000`, "\x00"},
		{"few digits", `\u12\u12g4\u`, `\u12\u12g4\u`},
		{"digits end", `\u123`, `\u123`},
		{"pair", `\ud83d\ude00`, "😀"},
		{"high alone", `\ud83dx`, "\ufffdx"},
		{"high before another", `\ud83d\u0041\ud83d\n`, "\ufffdA\ufffd\n"},
		{"low alone", `\ude00`, "\ufffd"},
		{"unfinished pair", `\ud83d\ude0`, "\ufffd" + `\ude0`},
		{"structure", `{"a":"b\"c"}`, `{"a":"b"c"}`},
		{"in long text", long + `\n` + long + `\u0041` + long + `\d` + long, long + "\n" + long + "A" + long + `\d` + long},
		{"invalid utf-8", "\xff\\n\xff", "\xff\n\xff"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := string(Unescape([]byte("before"), []byte(test.src))); got != "before"+test.want {
				t.Errorf("Unescape(%q) = %q, want %q behind what was there", test.src, got, test.want)
			}
		})
	}
}

func TestUnescapeSpan(t *testing.T) {
	src := []byte(`a\u00e9\nb`) // decodes to five bytes
	tests := []struct{ start, end, from, to int }{
		{0, 1, 0, 1}, {1, 3, 1, 7}, {1, 2, 1, 7}, {2, 3, 1, 7}, {2, 2, 1, 7}, {3, 4, 7, 9},
		{0, 5, 0, 10}, {3, 3, 7, 7}, {5, 5, 10, 10}, {9, 9, 10, 10},
	}
	for _, test := range tests {
		if from, to := UnescapeSpan(src, test.start, test.end); from != test.from || to != test.to {
			t.Errorf("UnescapeSpan(%q, %d, %d) = %d, %d, want %d, %d", src, test.start, test.end, from, to, test.from, test.to)
		}
	}
}

func TestUnescapeThreeLevels(t *testing.T) {
	want := "{\"key\":\"a\\b\"}\n"
	src := []byte(want)
	for range 3 {
		quoted, err := json.Marshal(string(src))
		if err != nil {
			t.Fatal(err)
		}
		src = quoted[1 : len(quoted)-1]
	}
	for range 3 {
		src = Unescape(nil, src)
	}
	if string(src) != want {
		t.Errorf("got %q, want %q", src, want)
	}
}

func TestUnescapeDoesNotAllocate(t *testing.T) {
	src := transcript(10_000)
	dst := make([]byte, 0, len(src))
	if n := testing.AllocsPerRun(10, func() { Unescape(dst, src) }); n != 0 {
		t.Errorf("%v allocations, want none", n)
	}
}

// dense returns n random bytes that are mostly made of the given pieces.
func dense(random *rand.Rand, n int, pieces ...string) []byte {
	var out []byte
	for len(out) < n {
		if random.IntN(6) == 0 {
			out = append(out, words[random.IntN(len(words))]...)
			continue
		}
		out = append(out, pieces[random.IntN(len(pieces))]...)
	}
	return out[:n]
}

var escapePieces = []string{`\`, `\`, `\\`, `"`, `\n`, `n`, `\u`, `\u0041`, `\ud83d`, `\ude00`, `\ud83d\ude00`, `\u20ac`, `d8`, `é`, ` `}

func TestUnescapeOfDenseText(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for i := range 5_000 {
		checkUnescape(t, dense(random, i%300, escapePieces...))
		if t.Failed() {
			return
		}
	}
}

func FuzzUnescape(f *testing.F) {
	for _, seed := range []string{``, `a\nb`, `\\\"`, `\ud83d\ude00`, `\u12`, strings.Repeat(`0123456789\n`, 9)} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		checkUnescape(t, src)
		checkUnescape(t, bytes.Repeat(src, 1+100/(len(src)+1)))
	})
}

// anEscape is the grammar of what Unescape decodes, pairs first.
var anEscape = regexp.MustCompile(`\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\["\\/bfnrt]`)

// checkUnescape compares Unescape with encoding/json, which decodes single escapes
// and, where src is what a string may hold, all of it.
func checkUnescape(t *testing.T, src []byte) {
	t.Helper()
	got := Unescape(nil, src)
	want := anEscape.ReplaceAllFunc(src, func(escape []byte) []byte {
		var char string
		if err := json.Unmarshal([]byte(`"`+string(escape)+`"`), &char); err != nil {
			t.Fatalf("the escape %q is none: %v", escape, err)
		}
		return []byte(char)
	})
	if !bytes.Equal(got, want) {
		t.Errorf("Unescape(%q)\n got %q\nwant %q", src, got, want)
	}
	if len(got) > len(src) {
		t.Errorf("Unescape(%q) is longer than that: %q", src, got)
	}
	var whole string
	if utf8.Valid(src) && json.Unmarshal([]byte(`"`+string(src)+`"`), &whole) == nil && string(got) != whole {
		t.Errorf("Unescape(%q) = %q, encoding/json says %q", src, got, whole)
	}
}

func FuzzUnescapeSpan(f *testing.F) {
	f.Add([]byte(`a\nb\u20acc\ud83d\ude00d\d`), 3, 7)
	f.Add([]byte(`\"key\":\"value\"`), 7, 12)
	f.Fuzz(func(t *testing.T, src []byte, start, end int) {
		checkSpan(t, src, start, end, Unescape, UnescapeSpan, 4)
	})
}

func TestUnescapeSpanOfDenseText(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	for i := range 5_000 {
		src := dense(random, i%60, escapePieces...)
		checkSpan(t, src, random.IntN(60), random.IntN(60), Unescape, UnescapeSpan, 4)
		if t.Failed() {
			return
		}
	}
}

// checkSpan checks that span is the way back of decode: that what stands before,
// in and behind the source span decodes by itself to what it is in the whole, and that
// the span takes in no more than the encoded characters that start and end are in,
// which decode to no more than widest bytes.
func checkSpan(t *testing.T, src []byte, start, end int, decode func(dst, src []byte) []byte,
	span func(src []byte, start, end int) (int, int), widest int) {
	t.Helper()
	whole := decode(nil, src)
	start = abs(start) % (len(whole) + 1)
	end = start + abs(end)%(len(whole)-start+1)
	from, to := span(src, start, end)
	if from < 0 || from > to || to > len(src) {
		t.Fatalf("span(%q, %d, %d) = %d, %d", src, start, end, from, to)
	}
	before, inside, behind := decode(nil, src[:from]), decode(nil, src[from:to]), decode(nil, src[to:])
	if got := bytes.Join([][]byte{before, inside, behind}, nil); !bytes.Equal(got, whole) {
		t.Errorf("span(%q, %d, %d) = %d, %d: the parts give %q", src, start, end, from, to, got)
	}
	marked := decode(nil, bytes.Join([][]byte{src[:from], src[to:]}, []byte("[mark]")))
	if want := bytes.Join([][]byte{before, behind}, []byte("[mark]")); !bytes.Equal(marked, want) {
		t.Errorf("span(%q, %d, %d) = %d, %d: replaced, it gives %q, want %q", src, start, end, from, to, marked, want)
	}
	if extra := start - len(before); extra < 0 || extra > 0 && (extra >= widest || len(decode(nil, src[from:to])) <= extra) {
		t.Errorf("span(%q, %d, %d) = %d, %d: it begins at %d of the decoding", src, start, end, from, to, len(before))
	}
	if extra := len(before) + len(inside) - end; extra < 0 || extra >= widest {
		t.Errorf("span(%q, %d, %d) = %d, %d: it ends at %d of the decoding", src, start, end, from, to, end+extra)
	}
	if widened := len(before) < start || len(before)+len(inside) > end; widened && !holdsWide(decode, src[from:to]) {
		t.Errorf("span(%q, %d, %d) = %d, %d: wider than it must be", src, start, end, from, to)
	}
}

// holdsWide tells whether src begins or ends with an escape of several bytes.
func holdsWide(decode func(dst, src []byte) []byte, src []byte) bool {
	for _, width := range []int{6, 12} {
		if width > len(src) {
			continue
		}
		head, tail := src[:width], src[len(src)-width:]
		if head[0] == '\\' && len(decode(nil, head)) > 1 || tail[0] == '\\' && len(decode(nil, tail)) > 1 {
			return true
		}
	}
	return false
}

func abs(n int) int {
	if n < 0 {
		return -(n + 1)
	}
	return n
}
