package search

import (
	"path/filepath"
	"testing"

	"github.com/clawsecrets/clawsecrets/internal/corpus"
)

func BenchmarkFiles(b *testing.B) {
	dir := filepath.Join(b.TempDir(), "many")
	manifest, err := corpus.Write(dir, corpus.Of(64<<20))
	if err != nil {
		b.Fatal(err)
	}
	joined := filepath.Join(b.TempDir(), "one")
	one, err := corpus.Join(dir, joined, manifest)
	if err != nil {
		b.Fatal(err)
	}
	for _, bench := range []struct {
		name string
		dir  string
		*corpus.Manifest
	}{{"24 files", dir, manifest}, {"1 file", joined, one}} {
		b.Run(bench.name, func(b *testing.B) {
			s := newSearcher()
			var files []File
			for _, file := range bench.Files {
				files = append(files, File{Path: filepath.Join(bench.dir, file.Name)})
			}
			b.SetBytes(bench.Bytes())
			hits := 0
			for b.Loop() {
				reports, err := s.Files(b.Context(), files)
				if err != nil {
					b.Fatal(err)
				}
				hits = 0
				for _, report := range reports {
					hits += len(report.Hits)
				}
			}
			b.ReportMetric(float64(hits), "secrets")
		})
	}
}

// BenchmarkManySecrets has a hundred thousand secrets on one line: the time per secret must
// not depend on how many there are.
func BenchmarkManySecrets(b *testing.B) {
	for _, form := range manyForms() {
		for _, count := range []int{1000, 10_000, 100_000} {
			data := []byte(form.text(count))
			b.Run(form.name+"/"+countName(count), func(b *testing.B) {
				s := newSearcher()
				s.sizes = usualSizes()
				s.sizes.longest = 1 << 30
				for b.Loop() {
					if got := len(searchData(s, data).Hits); got < count*9/10 {
						b.Fatalf("%d secrets of %d", got, count)
					}
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*count), "ns/secret")
			})
		}
	}
}
