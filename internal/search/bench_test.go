package search

import (
	"path/filepath"
	"testing"

	"github.com/clawsecrets/clawsecrets/internal/corpus"
	"github.com/clawsecrets/clawsecrets/internal/fixture"
	"github.com/clawsecrets/clawsecrets/internal/rules"
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

// BenchmarkKnown searches transcripts for known values, a tenth of them short passwords.
func BenchmarkKnown(b *testing.B) {
	dir := filepath.Join(b.TempDir(), "many")
	manifest, err := corpus.Write(dir, corpus.Of(32<<20))
	if err != nil {
		b.Fatal(err)
	}
	var files []File
	for _, file := range manifest.Files {
		files = append(files, File{Path: filepath.Join(dir, file.Name)})
	}
	for _, count := range []int{0, 100, 1000, 10_000} {
		var known []rules.Known
		for i := range count {
			value := fixture.Secret(uint64(i), "groq", "known")
			if i%10 == 0 {
				value = value[len(value)-10:]
			}
			known = append(known, rules.Known{Rule: "known", Value: value})
		}
		b.Run(countName(count), func(b *testing.B) {
			s := &Searcher{Rules: rules.New(rules.Options{Known: known})}
			b.SetBytes(manifest.Bytes())
			for b.Loop() {
				if _, err := s.Files(b.Context(), files); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
