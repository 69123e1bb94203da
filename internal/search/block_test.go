package search

import (
	"bytes"
	"encoding/binary"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/clawsecrets/clawsecrets/internal/fixture"
)

// small are sizes that cut a file of some kilobytes into many parts. Overlap and around
// have to hold a secret with its name, as the usual ones do.
var small = sizes{chunk: 700, readOn: 300, longest: 6000, overlap: 2500, around: 2500}

func whole(size int) sizes {
	return sizes{chunk: size + 1, readOn: 1, longest: size + 1, overlap: 64, around: 64}
}

// lineOf returns a random line, with or without a secret.
func lineOf(random *rand.Rand, size int) string {
	name := string(rune('a' + random.IntN(26)))
	secrets := []string{
		"", github(name), "key=" + fixture.Secret(1, "groq", name) + "&x", fixture.Secret(1, "anthropic", name),
		"a\n" + fixture.Secret(1, "pem", name) + "\nb", "of twilio\nauth_token = " + fixture.Secret(1, "twilio", name), "Bearer " + fixture.Secret(1, "jwt", name),
	}
	before, after := filler(random.IntN(size+1)), filler(random.IntN(size+1))
	secret := " " + secrets[random.IntN(len(secrets))] + " "
	end := []string{"\n", "\n", "\r\n", "\n\n"}[random.IntN(4)]
	switch random.IntN(9) {
	case 0:
		return before + "\x00\x00\xff\xfe" + secret + "\x80\x80\x80" + after + end
	case 1:
		return "[" + before + "] " + secret + after + end // a log
	case 2:
		return before + "é漢🦞" + secret + after + end
	case 3, 4:
		return before + secret + after + end
	case 5:
		return `["` + before + `",` + quoted(secret) + `,{"a/b~":` + quoted("漢"+secret) + `}]` + end
	case 6:
		inner := record(before + secret)
		return `{"result":` + quoted(inner+after) + `}` + end
	default:
		return `{"type":"message","text":` + quoted(before+"\n\"é\""+secret+"\t"+after) + `}` + end
	}
}

func randomText(random *rand.Rand, most int) []byte {
	var text strings.Builder
	for limit := random.IntN(most); text.Len() <= limit; {
		text.WriteString(lineOf(random, []int{0, 40, 800, 9000}[random.IntN(4)]))
	}
	data := []byte(text.String())
	if random.IntN(3) == 0 {
		data = bytes.TrimRight(data, "\r\n")
	}
	return data
}

// checkCuts compares the search in one piece with that in many and with that of a stream.
func checkCuts(t *testing.T, data []byte, cuts sizes) {
	t.Helper()
	s := newSearcher()
	s.sizes = whole(len(data))
	once := searchData(s, data)
	want := described(once.Hits)
	s.sizes = cuts
	for name, report := range map[string]Report{"chunks": searchData(s, data), "stream": stream(t, s, data)} {
		if got := described(report.Hits); !slices.Equal(got, want) {
			t.Fatalf("%s of %+v in %d bytes:\ngot  %q\nwant %q", name, cuts, len(data), without(got, want), without(want, got))
		}
		for _, h := range report.Hits {
			value, ok := Unwrapped(data[h.Start:h.End], h.Layers, h.From, h.To)
			if !ok || string(value) != h.Value.Reveal() {
				t.Fatalf("%s: bytes %d to %d hold %q, not %q", name, h.Start, h.End, value, h.Value.Reveal())
			}
		}
	}
	if twice := slices.Compact(slices.Sorted(slices.Values(want))); len(twice) != len(want) {
		t.Fatalf("hits twice: %q", want)
	}
}

func without(all, other []string) []string {
	return slices.DeleteFunc(slices.Clone(all), func(one string) bool { return slices.Contains(other, one) })
}

func stream(t *testing.T, s *Searcher, data []byte) Report {
	t.Helper()
	report, err := s.Reader(t.Context(), bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	if report.Bytes != int64(len(data)) {
		t.Fatalf("%d bytes read of %d", report.Bytes, len(data))
	}
	return report
}

func TestCutsDoNotMatter(t *testing.T) {
	hits := 0
	for seed := range uint64(60) {
		random := rand.New(rand.NewPCG(seed, 1))
		data := randomText(random, 60_000)
		cuts := small
		cuts.chunk = 1 + random.IntN(5000)
		checkCuts(t, data, cuts)
		hits += len(searchData(newSearcher(), data).Hits)
	}
	if hits < 100 {
		t.Errorf("only %d secrets in all texts", hits)
	}
}

// TestEveryBorder moves a secret over the borders of chunks and pieces, byte by byte.
func TestEveryBorder(t *testing.T) {
	secret := github("border")
	for _, form := range []struct{ name, before, after string }{
		{"line", "\n", "\n"},
		{"text", " ", " "},
		{"json", "{\"a\":\"", "\"}\n"},
		{"escapes", "{\"a\":\"\\u003d", "\\u0026\"}\n"},
		{"crlf", "\r\n", "\r\n"},
	} {
		t.Run(form.name, func(t *testing.T) {
			s := newSearcher()
			s.sizes = sizes{chunk: 256, readOn: 50, longest: 512, overlap: 128, around: 128}
			for at := 200; at < 330; at++ {
				checkOne(t, s, filler(at)+"\n"+form.before+secret+form.after+filler(300), secret)
			}
			for at := 1; at < 1200; at++ { // within one long line
				checkOne(t, s, "{\"text\":\""+filler(at)+"\\u003d"+secret+"\\n"+filler(1500)+"\"}\n", secret)
			}
		})
	}
}

// TestNamesAround moves a secret that is one by its name, which stands on the line before.
func TestNamesAround(t *testing.T) {
	secret := fixture.Secret(1, "twilio", "around")
	s := newSearcher()
	s.sizes = sizes{chunk: 256, readOn: 50, longest: 512, overlap: 128, around: 128}
	for at := 200; at < 330; at++ {
		checkOne(t, s, filler(at)+"\nof twilio\nauth_token = "+secret+"\n"+filler(300), secret)
		// The name is in another record.
		data := []byte(filler(at) + "\n{\"\":\"of twilio\"}\nauth_token = " + secret + "\n" + filler(300))
		checkCuts(t, data, s.sizes)
	}
}

func checkOne(t *testing.T, s *Searcher, text, secret string) {
	t.Helper()
	data := []byte(text)
	for name, report := range map[string]Report{"chunks": searchData(s, data), "stream": stream(t, s, data)} {
		at := strings.Index(text, secret)
		if len(report.Hits) != 1 || report.Hits[0].Start != int64(at) || report.Hits[0].End != int64(at+len(secret)) {
			t.Fatalf("%s: a secret at %d of %d: %q", name, at, len(text), described(report.Hits))
		}
	}
}

// TestUsualSizes has secrets at the borders of chunks, pieces and overlaps of the size that
// is used.
func TestUsualSizes(t *testing.T) {
	if testing.Short() {
		t.Skip("10 MiB")
	}
	usual := usualSizes()
	places := []int{0, usual.chunk - 20, 2 * usual.chunk, 3*usual.chunk + 5, usual.longest - 30, usual.longest + 100, usual.longest + usual.readOn - usual.overlap - 20,
		usual.longest + usual.readOn - 20, 8<<20 + 12345, 10<<20 - 100}
	for _, form := range []struct{ name, head, tail string }{{"text", "", ""}, {"json", `{"text":"`, `"}`}, {"after lines", "a\nb\n", "\n" + github("tail")}} {
		t.Run(form.name, func(t *testing.T) {
			text := []byte(form.head + filler(10<<20) + form.tail)
			for i, at := range places {
				copy(text[len(form.head)+at:], " "+github(string(rune('a'+i)))+" ")
			}
			got := values(searchData(newSearcher(), text).Hits)
			for i := range places {
				if want := github(string(rune('a' + i))); len(got) < len(places) || got[i] != want {
					t.Fatalf("secret %d is not found: %d are", i, len(got))
				}
			}
			checkCuts(t, text, usual)
		})
	}
}

func FuzzCuts(f *testing.F) {
	f.Add(uint64(1), uint16(100), []byte("x"))
	f.Add(uint64(2), uint16(3000), []byte("\n{\"a\":\"\\\\\n\xff"))
	f.Fuzz(func(t *testing.T, seed uint64, chunk uint16, noise []byte) {
		if len(noise) > 4000 {
			return
		}
		random := rand.New(rand.NewPCG(seed, binary.LittleEndian.Uint64(append(noise, make([]byte, 8)...))))
		data := randomText(random, 20_000)
		at := random.IntN(len(data) + 1)
		data = slices.Concat(data[:at], noise, data[at:])
		cuts := small
		cuts.chunk = 1 + int(chunk)
		checkCuts(t, data, cuts)
	})
}
