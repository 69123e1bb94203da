package unwrap

import (
	"bytes"
	"encoding/base64"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// run64 is a run that Base64 yielded, with a copy of its decoding.
type run64 struct {
	start, end int
	decoded    string
}

// runsOf returns what Base64 yields for text, and checks what holds for any text:
// the runs go upwards, are text, and decode to that for encoding/base64, too.
func runsOf(t *testing.T, text []byte) []run64 {
	t.Helper()
	var runs []run64
	behind := 0
	Base64(text, func(start, end int, decoded []byte) bool {
		if start < behind || end < start+20 || end > len(text) {
			t.Errorf("run [%d,%d) after %d, in %d bytes", start, end, behind, len(text))
		}
		if !isTextual(decoded) || len(decoded) < 15 {
			t.Errorf("run [%d,%d) decodes to %q", start, end, decoded)
		}
		want, err := base64.RawStdEncoding.DecodeString(standard(text[start:end]))
		if err != nil || !bytes.HasPrefix(want, decoded) || len(want) > len(decoded)+3 {
			t.Errorf("run %q decodes to %q, encoding/base64 says %q (%v)", text[start:end], decoded, want, err)
		}
		runs = append(runs, run64{start, end, string(decoded)})
		behind = end
		return true
	})
	return runs
}

// standard returns run in the standard alphabet, in one line and without padding.
func standard(run []byte) string {
	return strings.NewReplacer("-", "+", "_", "/", "\n", "", "\r", "", " ", "", "\t", "", "=", "").Replace(string(run))
}

func isTextual(decoded []byte) bool {
	for _, char := range string(decoded) {
		if char < ' ' && !strings.ContainsRune("\t\n\r", char) || char == 0x7f {
			return false
		}
	}
	return utf8.Valid(decoded)
}

// secretText returns n random printable characters.
func secretText(random *rand.Rand, n int) string {
	out := make([]byte, n)
	for i := range out {
		out[i] = byte(' ' + random.IntN('~'-' '+1))
	}
	return string(out)
}

var encodings = map[string]*base64.Encoding{
	"std": base64.StdEncoding, "raw std": base64.RawStdEncoding, "url": base64.URLEncoding, "raw url": base64.RawURLEncoding,
}

func TestBase64AtEveryOffset(t *testing.T) {
	filler := `the token is not what you think (see "install") or it was: nobody's=`
	random := rand.New(rand.NewPCG(11, 12))
	for name, encoding := range encodings {
		for _, size := range []int{16, 17, 18, 19, 40, 41, 42, 300} {
			for offset := range 60 {
				before := filler[len(filler)-offset:]
				text := secretText(random, size)
				encoded := encoding.EncodeToString([]byte(text))
				for _, after := range []string{"", "\"", " and", "\n", ")", "\\n"} {
					runs := runsOf(t, []byte(before+encoded+after))
					want := run64{offset, offset + len(encoded), text}
					if len(runs) != 1 || runs[0] != want {
						t.Fatalf("%s, %d bytes at %d before %q: got %v, want %v", name, size, offset, after, runs, want)
					}
				}
			}
		}
	}
}

func TestBase64GluedToOtherText(t *testing.T) {
	random := rand.New(rand.NewPCG(13, 14))
	for _, before := range []string{
		"KEY=", "data:text/plain;base64,", "/api/v1/", "nothing-", "dir/file_", "x", "xy", "xyz", "wxyz", "\\n", strings.Repeat("Zq9/", 400),
	} {
		for _, behind := range []string{"", "/index.html", "_zq", ".zq"} {
			text := secretText(random, 48)
			source := before + base64.StdEncoding.EncodeToString([]byte(text)) + behind
			found := false
			for _, run := range runsOf(t, []byte(source)) {
				found = found || strings.Contains(run.decoded, text)
			}
			if !found {
				t.Errorf("%q is not found in %q", text, source)
			}
		}
	}
}

func TestBase64OfOtherText(t *testing.T) {
	tests := map[string]string{
		"umlauts":          "Das Paßwort für den Zugang ist: Grüße aus Köln, öffnen Sie früh",
		"starts otherwise": "für Jürgen Müller-Lüdenscheidt: secret token follows here",
		"emoji":            "🔑🔑🔑🔑 the key is under the mat 🔑",
		"lines":            "NAME=value\r\nOTHER=\tvalue\nAND_ANOTHER=one\n",
	}
	for name, text := range tests {
		t.Run(name, func(t *testing.T) {
			encoded := base64.StdEncoding.EncodeToString([]byte(text))
			runs := runsOf(t, []byte(`{"data":"`+encoded+`"}`))
			if want := (run64{9, 9 + len(encoded), text}); len(runs) != 1 || runs[0] != want {
				t.Errorf("got %v, want %v", runs, want)
			}
		})
	}
}

func TestBase64InLines(t *testing.T) {
	random := rand.New(rand.NewPCG(15, 16))
	for _, width := range []int{60, 64, 76, 128} {
		for _, lineEnd := range []string{"\n", "\r\n", "\n    "} {
			for _, size := range []int{100, 192, 193, 400, 401, 402} {
				text := secretText(random, size)
				body := inLines(base64.StdEncoding.EncodeToString([]byte(text)), width, lineEnd)
				source := "body:\n" + body + "\nuser: name\n"
				runs := runsOf(t, []byte(source))
				if want := (run64{6, 6 + len(body), text}); len(runs) != 1 || runs[0] != want {
					t.Errorf("width %d, %d bytes: got %v, want %v", width, size, runs, want)
				}
			}
		}
	}
}

func inLines(encoded string, width int, lineEnd string) string {
	var lines []string
	for len(encoded) > width {
		lines = append(lines, encoded[:width])
		encoded = encoded[width:]
	}
	return strings.Join(append(lines, encoded), lineEnd)
}

func TestBase64KeepsLinesApart(t *testing.T) {
	random := rand.New(rand.NewPCG(19, 20))
	// The numbers are the bytes of text in each line, 3 for every 4 characters; of those
	// in brackets, one body is made.
	tests := map[string][][]int{
		"narrow":         {{30}, {30}, {30}},
		"wide":           {{99}, {99}},
		"growing":        {{48}, {60}},
		"padded":         {{46}, {46}},
		"shrinking":      {{57, 48}, {48}},
		"one body":       {{48, 48, 30}, {48}},
		"nothing behind": {{48, 48, 48}},
	}
	for name, bodies := range tests {
		t.Run(name, func(t *testing.T) {
			var lines, want []string
			for _, body := range bodies {
				whole := ""
				for _, size := range body {
					text := secretText(random, size)
					lines = append(lines, base64.StdEncoding.EncodeToString([]byte(text)))
					whole += text
				}
				want = append(want, whole)
			}
			checkDecodings(t, strings.Join(lines, "\n"), want...)
		})
	}
}

func TestBase64EndsBeforeAKey(t *testing.T) {
	text, key := strings.Repeat("text", 12), base64.StdEncoding.EncodeToString([]byte("name"))[:4]
	source := base64.StdEncoding.EncodeToString([]byte(text)) + "\n" + key
	checkDecodings(t, source+": value", text)
	checkDecodings(t, source+"\n", text+"nam")
}

func TestBase64EndsWhereTextDoes(t *testing.T) {
	const text = "so much for text at the start"
	for skip := range 3 {
		text := text[skip:]
		// A control character, Latin-1, delete, a C1 control, characters cut short.
		for _, binary := range []string{"\x01", "\xfc", "\x7f", "\u0085", "\xc3", "\xe2\x82"} {
			encode := base64.StdEncoding.EncodeToString
			checkDecodings(t, encode([]byte(text+binary)), text)
			zeros := strings.Repeat("\x00", 30+(3-len(text+binary)%3)%3)
			checkDecodings(t, encode([]byte(text+binary+zeros+text)), text, text)
		}
		latin1 := text[:len(text)-(len(text)+1)%3]
		checkDecodings(t, base64.StdEncoding.EncodeToString([]byte(latin1+"\xc3"+latin1)), latin1, latin1)
	}
}

func TestBase64AfterBinaryInTheSameRun(t *testing.T) {
	const text = "text that is long enough to see"
	checkDecodings(t, base64.StdEncoding.EncodeToString([]byte("abc\x00\x01\x02"+text)), text)
}

func TestBase64OneAfterTheOther(t *testing.T) {
	random := rand.New(rand.NewPCG(21, 22))
	var want, encoded []string
	for i := range 100 {
		want = append(want, secretText(random, 16+i%8))
		encoded = append(encoded, base64.RawStdEncoding.EncodeToString([]byte(want[i])))
	}
	checkDecodings(t, strings.Join(encoded, ","), want...)
	checkDecodings(t, strings.Repeat(base64.StdEncoding.EncodeToString([]byte(want[0])), 5), slices.Repeat(want[:1], 5)...)
}

// checkDecodings checks that the runs in source decode to want.
func checkDecodings(t *testing.T, source string, want ...string) {
	t.Helper()
	var got []string
	for _, run := range runsOf(t, []byte(source)) {
		got = append(got, run.decoded)
	}
	if !slices.Equal(got, want) {
		t.Errorf("%q: got %q, want %q", source, got, want)
	}
}

func TestBase64SkipsBinary(t *testing.T) {
	for name, text := range map[string][]byte{"image": image(1 << 20), "prose": prose(1 << 20), "transcript": transcript(1 << 20)} {
		// Chance makes 15 bytes of text of random ones about once in two megabytes.
		if runs := runsOf(t, text); len(runs) > 2 {
			t.Errorf("%s: %v", name, runs)
		}
	}
}

func TestBase64BetweenBinary(t *testing.T) {
	text := strings.Repeat("NAME=value\n", 5)
	encoded := base64.StdEncoding.EncodeToString([]byte(text))
	noise := string(image(100_000))
	runs := runsOf(t, []byte(noise+":"+encoded+":"+noise+encoded+"\x00"))
	found := 0
	for _, run := range runs {
		found += strings.Count(run.decoded, text)
	}
	if found != 2 {
		t.Errorf("%d of 2 found: %v", found, runs)
	}
}

func TestBase64Stops(t *testing.T) {
	encoded := base64.StdEncoding.EncodeToString([]byte("enough text for a run"))
	calls := 0
	Base64([]byte(strings.Repeat(encoded+" ", 5)), func(int, int, []byte) bool { calls++; return calls < 2 })
	if calls != 2 {
		t.Errorf("%d calls, want 2", calls)
	}
}

func FuzzBase64(f *testing.F) {
	f.Add([]byte("x"), []byte("some text that is long enough"), 0)
	f.Add([]byte("path/"), []byte("für Jürgen und andere\n, text"), 64)
	f.Fuzz(func(t *testing.T, around, text []byte, width int) {
		runsOf(t, around)
		encoded := base64.URLEncoding.EncodeToString(text)
		if width = abs(width) % 140; width > 0 {
			encoded = inLines(encoded, width, "\n")
		}
		source := bytes.Join([][]byte{around, around}, []byte(encoded))
		for _, run := range runsOf(t, source) {
			checkBase64Span(t, source[run.start:run.end], run.decoded, len(around), len(text))
		}
	})
}

func TestBase64Span(t *testing.T) {
	random := rand.New(rand.NewPCG(17, 18))
	for i := range 500 {
		text := secretText(random, 70+i%7)
		run := base64.StdEncoding.EncodeToString([]byte(text))
		checkBase64Span(t, []byte(run), text, random.IntN(80), random.IntN(80))
		checkBase64Span(t, []byte(inLines(run, 64, "\r\n ")), text, random.IntN(80), random.IntN(80))
		if t.Failed() {
			return
		}
	}
}

// checkBase64Span checks that the characters of the span alone decide on the bytes,
// and that its first and last one do have a part in them.
func checkBase64Span(t *testing.T, run []byte, decoded string, from, to int) {
	t.Helper()
	from %= len(decoded)
	to = from + to%(len(decoded)-from+1)
	rawFrom, rawTo := Base64Span(run, from, to)
	if rawFrom < 0 || rawFrom > rawTo || rawTo > len(run) || (from == to) != (rawFrom == rawTo) {
		t.Fatalf("Base64Span(%q, %d, %d) = %d, %d", run, from, to, rawFrom, rawTo)
	}
	other := bytes.Clone(run)
	for i, c := range other {
		if (i < rawFrom || i >= rawTo) && sextet[c] != noSextet {
			other[i] = 'A'
		}
	}
	if got := decodePart(t, other, from, to); got != decoded[from:to] {
		t.Errorf("Base64Span(%q, %d, %d) = %d, %d: what is outside decides, too", run, from, to, rawFrom, rawTo)
	}
	if from == to {
		return
	}
	for _, i := range []int{rawFrom, rawTo - 1} {
		other := bytes.Clone(run)
		other[i] = flipped(run[i])
		if got := decodePart(t, other, from, to); got == decoded[from:to] {
			t.Errorf("Base64Span(%q, %d, %d) = %d, %d: character %d decides nothing", run, from, to, rawFrom, rawTo, i)
		}
	}
}

// flipped returns the character with all six bits turned over.
func flipped(c byte) byte {
	for other := range 128 {
		if sextet[c] != noSextet && sextet[other] == sextet[c]^0x3f {
			return byte(other)
		}
	}
	return 0
}

func decodePart(t *testing.T, run []byte, from, to int) string {
	t.Helper()
	decoded, err := base64.RawStdEncoding.DecodeString(standard(run))
	if err != nil || len(decoded) < to {
		t.Fatalf("%q has no bytes %d to %d: %v", run, from, to, err)
	}
	return string(decoded[from:to])
}
