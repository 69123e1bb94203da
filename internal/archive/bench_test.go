package archive

import (
	"archive/zip"
	"io"
	"strings"
	"testing"

	"github.com/clawsecrets/clawsecrets/internal/fixture"
)

// BenchmarkWalk measures bytes that come out, of logs in members of 64 KiB.
func BenchmarkWalk(b *testing.B) {
	var lines strings.Builder
	for i := 0; lines.Len() < 64<<10; i++ {
		lines.WriteString(`{"role":"tool","text":"what a tool has said, with something new: ` + fixture.Secret(uint64(i), "anthropic", "line")[:40] + "\"}\n")
	}
	files := slicesOf(256, lines.String())
	for name, packed := range map[string]string{
		"tar": tarOf(files...), "tar.gz": gzipOf(tarOf(files...)), "tar.zst": zstdOf(tarOf(files...)), "zip": zipOf(zip.Deflate, files...),
	} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(256 * lines.Len()))
			b.ReportAllocs()
			for b.Loop() {
				err := Walk(b.Context(), strings.NewReader(packed), int64(len(packed)), 1<<30, func(_ string, content io.Reader) error {
					_, err := io.Copy(io.Discard, content)
					return err
				})
				if err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
