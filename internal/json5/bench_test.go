package json5

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/tailscale/hujson"
)

// plainJSON returns about n bytes of JSON as transcripts have it, with neither
// comments nor anything else that only one of the two parsers reads.
func plainJSON(n int) []byte {
	var out bytes.Buffer
	out.WriteString("[\n")
	for i := 0; out.Len() < n; i++ {
		fmt.Fprintf(&out, `  {"type": "message", "id": "%08x", "timestamp": %d, "message": {"role": "assistant", "content": [{"type": "text",`+
			` "text": "line %d of what was said\nand \"quoted\", at some length"}], "usage": {"input": %d, "output": 12.5, "cached": null}},`+
			` "done": true},`+"\n", i*2654435761, 1769300000000+i, i, i%5000)
	}
	out.WriteString("  {}\n]\n")
	return out.Bytes()
}

func BenchmarkParse(b *testing.B) {
	src := plainJSON(1 << 20)
	b.Run("json5", func(b *testing.B) {
		b.SetBytes(int64(len(src)))
		b.ReportAllocs()
		for b.Loop() {
			if _, err := Parse(src); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("hujson", func(b *testing.B) {
		b.SetBytes(int64(len(src)))
		b.ReportAllocs()
		for b.Loop() {
			if _, err := hujson.Parse(src); err != nil {
				b.Fatal(err)
			}
		}
	})
}
