package unwrap

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// words are what the generated prose and code are made of.
var words = strings.Fields(`the a of to and in is that it for on with as this be are from or by an not
	which when will can has was were if there file function returns error value string number
	gateway session message token config directory process request response internationalization
	configuration authentication getElementById resolveSessionTranscript maximumConnections
	https://docs.example.org/guide/install.html internal/gateway/effective.go node_modules/undici`)

// prose returns about n bytes of text with lines, quotes and punctuation.
func prose(n int) []byte {
	random := rand.New(rand.NewPCG(1, 2))
	var out bytes.Buffer
	for column := 0; out.Len() < n; column++ {
		out.WriteString(words[random.IntN(len(words))])
		switch random.IntN(19) {
		case 0:
			out.WriteString(". ")
		case 1:
			out.WriteString(", \"")
		case 2:
			out.WriteString("\" (")
		case 3, 4:
			out.WriteString(";\n\t")
		default:
			out.WriteByte(' ')
		}
	}
	return out.Bytes()
}

// transcript returns about n bytes of JSON lines whose text is prose.
func transcript(n int) []byte {
	text := prose(n)
	var out bytes.Buffer
	for i := 0; out.Len() < n && len(text) > 0; i++ {
		size := min(3000, len(text))
		line, err := json.Marshal(map[string]any{"type": "message", "id": fmt.Sprint(i), "text": string(text[:size])})
		if err != nil {
			return nil
		}
		out.Write(append(line, '\n'))
		text = text[size:]
	}
	return out.Bytes()
}

// image returns n bytes of base64 of random bytes.
func image(n int) []byte {
	random := rand.NewChaCha8([32]byte{7})
	raw := make([]byte, n*3/4)
	_, _ = random.Read(raw)
	return []byte(base64.StdEncoding.EncodeToString(raw))
}

const benchmarkSize = 1 << 20

func run(b *testing.B, text []byte, work func()) {
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		work()
	}
}

func BenchmarkUnescape(b *testing.B) {
	text := transcript(benchmarkSize)
	dst := make([]byte, 0, len(text))
	b.Run("transcript", func(b *testing.B) {
		run(b, text, func() { Unescape(dst, text) })
		b.ReportMetric(100*float64(bytes.Count(text, []byte{'\\'}))/float64(len(text)), "%backslash")
	})
	plain := prose(benchmarkSize)
	b.Run("plain", func(b *testing.B) { run(b, plain, func() { Unescape(dst[:0], plain) }) })
}

func BenchmarkPercent(b *testing.B) {
	text := bytes.ReplaceAll(prose(benchmarkSize), []byte(", "), []byte("%20"))
	dst := make([]byte, 0, len(text))
	run(b, text, func() { Percent(dst, text) })
}

func BenchmarkSegments(b *testing.B) {
	text, plain := transcript(benchmarkSize), prose(benchmarkSize)
	all := func(int, int) bool { return true }
	b.Run("transcript", func(b *testing.B) { run(b, text, func() { Segments(text, all) }) })
	b.Run("plain", func(b *testing.B) { run(b, plain, func() { Segments(plain, all) }) })
}

func BenchmarkBase64(b *testing.B) {
	encode := func(text []byte) []byte { return []byte(base64.StdEncoding.EncodeToString(text)) }
	for _, bench := range []struct {
		name string
		text []byte
	}{
		{"prose", prose(benchmarkSize)},
		{"transcript", transcript(benchmarkSize)},
		{"image", image(benchmarkSize)},
		{"text", encode(prose(benchmarkSize * 3 / 4))},
		// One run that is text in many pieces, none of which reaches to its borders.
		{"latin-1", encode(bytes.Repeat([]byte("text with one umlaut: \xfc"), benchmarkSize/32))},
	} {
		b.Run(bench.name, func(b *testing.B) {
			run(b, bench.text, func() { Base64(bench.text, func(int, int, []byte) bool { return true }) })
		})
	}
}
