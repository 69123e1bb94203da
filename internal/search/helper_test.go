package search

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/clawsecrets/clawsecrets/internal/fixture"
	"github.com/clawsecrets/clawsecrets/internal/rules"
)

var testRules = sync.OnceValue(func() *rules.Set { return rules.New(rules.Options{}) })

func newSearcher() *Searcher { return &Searcher{Rules: testRules()} }

// searchData searches data as a file of text is searched, chunk by chunk.
func searchData(s *Searcher, data []byte) Report {
	return searchReader(s, bytes.NewReader(data), int64(len(data)))
}

func searchReader(s *Searcher, file io.ReaderAt, size int64) Report {
	r := &run{Searcher: s, ctx: context.Background()}
	t := s.texts()
	state := &fileState{size: size}
	for start := int64(0); start < size; start += int64(s.cuts().chunk) {
		state.parts = append(state.parts, part{})
	}
	for i := range state.parts {
		start := int64(i * s.cuts().chunk)
		c := &chunk{sizes: s.cuts(), file: file, start: start, end: min(start+int64(s.cuts().chunk), size), size: size}
		state.parts[i] = state.searchChunk(r, t, c)
		if state.problem == "" {
			state.problem = state.parts[i].problem
		}
	}
	return state.report()
}

// searchFile searches one file.
func searchFile(t testing.TB, s *Searcher, name string) Report {
	t.Helper()
	reports, err := s.Files(t.Context(), []File{{Path: name}})
	if err != nil {
		t.Fatal(err)
	}
	return reports[0]
}

func writeFile(t testing.TB, data []byte) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(name, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// described returns what has to be the same however a file is cut.
func described(hits []Hit) []string {
	var all []string
	for _, h := range hits {
		all = append(all, fmt.Sprintf("%s %q at %d-%d, %d:%d", h.Rule, h.Value.Reveal(), h.Start, h.End, h.Line, h.Column))
	}
	return all
}

// values returns the values of hits.
func values(hits []Hit) []string {
	var all []string
	for _, h := range hits {
		all = append(all, h.Value.Reveal())
	}
	return all
}

func github(name string) string { return fixture.Secret(1, "github", name) }

// quoted returns text as a JSON string.
func quoted(text string) string {
	encoded, err := json.Marshal(text)
	if err != nil {
		return `""`
	}
	return string(encoded)
}

func record(text string) string { return `{"type":"message","text":` + quoted(text) + `}` + "\n" }

func filler(size int) string {
	return strings.Repeat("lorem ipsum dolor sit amet ", size/27+1)[:size]
}
