package search

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/clawsecrets/clawsecrets/internal/corpus"
)

func corpusFiles(t *testing.T, bytes int64) []File {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "corpus")
	manifest, err := corpus.Write(dir, corpus.Of(bytes))
	if err != nil {
		t.Fatal(err)
	}
	var files []File
	for _, file := range manifest.Files {
		files = append(files, File{Path: filepath.Join(dir, file.Name)})
	}
	return files
}

func TestWorkersDoNotMatter(t *testing.T) {
	files := corpusFiles(t, 6<<20)
	files = append(files, File{Path: filepath.Join(t.TempDir(), "gone")}, files[0])
	var want []Report
	for _, workers := range []int{1, 2, 8} {
		s := newSearcher()
		s.Workers = workers
		s.sizes = sizes{chunk: 100_000, readOn: 50_000, longest: 400_000, overlap: 64 << 10, around: 16 << 10}
		reports, err := s.Files(t.Context(), files)
		if err != nil {
			t.Fatal(err)
		}
		if want == nil {
			want = reports
		}
		for i := range want {
			if !reflect.DeepEqual(reports[i].described(), want[i].described()) {
				t.Errorf("%d workers find something else in file %d", workers, i)
			}
		}
	}
	if len(want[0].Hits) == 0 {
		t.Error("nothing found")
	}
}

// described returns a report for comparison.
func (r Report) described() any {
	hits := described(r.Hits)
	for i, h := range r.Hits {
		hits[i] += " " + h.Pointer + " " + h.Layers
	}
	r.Hits = nil
	return []any{r, hits}
}

// TestCancel ends a search in its middle.
func TestCancel(t *testing.T) {
	files := corpusFiles(t, 8<<20)
	for _, after := range []int64{0, 1, 5} {
		ctx, cancel := context.WithCancel(t.Context())
		var parts, bytes, late atomic.Int64
		s := newSearcher()
		s.Workers = 2
		s.sizes = sizes{chunk: 50_000, readOn: 50_000, longest: 400_000, overlap: 64 << 10, around: 16 << 10}
		s.Progress = func(n int64) {
			if n == 0 {
				return
			}
			if ctx.Err() != nil {
				late.Add(1)
			}
			bytes.Add(n)
			if parts.Add(1) == after {
				cancel()
			}
		}
		if after == 0 {
			cancel()
		}
		reports, err := s.Files(ctx, files)
		cancel()
		if !errors.Is(err, context.Canceled) {
			t.Fatalf("error %v", err)
		}
		var all int64
		done := 0
		for _, report := range reports {
			all += report.Bytes
			if report.Problem == "" {
				done++
			} else if report.Problem != interrupted {
				t.Errorf("problem %q", report.Problem)
			}
		}
		// Each worker may be in a part, and be handed another one while ctx ends.
		if late.Load() > 2*int64(s.Workers) || done > int(after)+2*s.Workers {
			t.Errorf("after %d parts: %d parts later, %d of %d files searched", after, late.Load(), done, len(reports))
		}
	}
}

// TestCancelLine ends a search in the middle of a long line.
func TestCancelLine(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	r := &run{Searcher: newSearcher(), ctx: ctx}
	r.sizes = small
	file := &counting{cancel: cancel, after: 30}
	c := &chunk{sizes: small, file: file, end: int64(small.chunk), size: 100 << 20}
	result := (&fileState{}).searchChunk(r, r.texts(), c)
	if result.problem != interrupted || file.reads > file.after+2 {
		t.Errorf("problem %q, %d reads", result.problem, file.reads)
	}
}

// counting is a file of one long line. After some reads it cancels.
type counting struct {
	cancel       func()
	after, reads int
}

func (c *counting) ReadAt(data []byte, _ int64) (int, error) {
	if c.reads++; c.reads == c.after {
		c.cancel()
	}
	return copy(data, filler(len(data))), nil
}

// TestCancelReader ends the search of a stream that never ends.
func TestCancelReader(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	endless := &endlessText{after: 10, cancel: cancel}
	report, err := newSearcher().Reader(ctx, endless)
	if !errors.Is(err, context.Canceled) || report.Problem != interrupted {
		t.Errorf("error %v, problem %q", err, report.Problem)
	}
}

type endlessText struct {
	after  int
	cancel func()
}

func (e *endlessText) Read(data []byte) (int, error) {
	if e.after--; e.after == 0 {
		e.cancel()
	}
	return copy(data, strings.Repeat(filler(99)+"\n", len(data)/100+1)), nil
}

// TestReaderError reports what could not be read of a stream, and keeps what could.
func TestReaderError(t *testing.T) {
	report, err := newSearcher().Reader(t.Context(), &broken{text: github("one") + "\n"})
	if err != nil || report.Problem != "input/output error" || len(report.Hits) != 1 {
		t.Errorf("error %v, problem %q, %d hits", err, report.Problem, len(report.Hits))
	}
}

type broken struct{ text string }

func (b *broken) Read(data []byte) (int, error) {
	if b.text == "" {
		return 0, &os.PathError{Op: "read", Path: "/secret/path", Err: errors.New("input/output error")}
	}
	n := copy(data, b.text)
	b.text = b.text[n:]
	return n, nil
}
