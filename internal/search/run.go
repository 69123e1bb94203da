package search

import (
	"context"
	"io/fs"
	"os"
	"runtime"
	"sync"
	"time"

	"github.com/clawsecrets/clawsecrets/internal/rules"
	"github.com/clawsecrets/clawsecrets/internal/scancache"
)

// File is a file to search.
type File struct {
	Path  string       // absolute
	Place *rules.Place // what the rules say of its path; nil: nothing
}

// Report is what the search of one file has found.
type Report struct {
	Hits []Hit
	// Mode is the file's permissions, and Bytes its size when its search began; Cached
	// counts those that an earlier search has seen.
	Mode          fs.FileMode
	Bytes, Cached int64
	// Excluded says why the file was left out on purpose, and Problem why it could not be
	// read, or not all of it. Both are "" where all is well.
	Excluded, Problem string
}

// Searcher searches files.
type Searcher struct {
	Rules *rules.Set
	Cache *scancache.Cache // may be nil
	// Raw leaves every layer on: lines are searched as they are.
	Raw bool
	// Workers is how many files or parts of files are searched at the same time, 0 for one
	// a core.
	Workers int
	// Progress, if set, is told of every part of a file that has been searched or need not
	// be, in bytes. It is called from several goroutines.
	Progress func(bytes int64)

	sizes sizes // zero for the usual ones
	forms formsOnce
}

// cuts returns the sizes that files are cut into.
func (s *Searcher) cuts() sizes {
	if s.sizes == (sizes{}) {
		return usualSizes()
	}
	return s.sizes
}

// Files searches the files and returns a report of each, in their order. When ctx is done
// it returns soon, with what has been found, and the error of ctx; the reports of files
// that were not searched to their end have a Problem.
func (s *Searcher) Files(ctx context.Context, files []File) ([]Report, error) {
	r := &run{Searcher: s, ctx: ctx, tasks: make(chan task), asked: map[string]bool{}}
	for _, file := range files {
		r.asked[file.Path] = true
	}
	workers := s.Workers
	if workers == 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	var group sync.WaitGroup
	for range workers {
		group.Go(r.work)
	}
	states := make([]*fileState, len(files))
	for i, file := range files {
		states[i] = r.start(file)
	}
	close(r.tasks)
	r.await(&group)
	reports := make([]Report, len(files))
	for i, state := range states {
		reports[i] = state.finalReport()
	}
	if err := s.Rules.Err(); err != nil {
		return reports, err
	}
	return reports, ctx.Err()
}

// grace is how long a worker may take to notice that the search is to end. One that runs
// an expression over a hostile text may need longer: it is left behind.
const grace = 50 * time.Millisecond

// await waits for the workers, but not long once the search is to end.
func (r *run) await(group *sync.WaitGroup) {
	finished := make(chan struct{})
	go func() {
		group.Wait()
		close(finished)
	}()
	select {
	case <-finished:
	case <-r.ctx.Done():
		select {
		case <-finished:
		case <-time.After(grace):
		}
	}
}

// run is one call of Files.
type run struct {
	*Searcher
	ctx   context.Context
	tasks chan task
	asked map[string]bool // the files by their paths
}

// task is a part of a file: a chunk, or all of it.
type task struct {
	state      *fileState
	part       int
	start, end int64
}

// work carries out tasks until there are no more.
func (r *run) work() {
	t := r.texts()
	var buffer []byte
	for task := range r.tasks {
		buffer = r.search(task, t, buffer)
	}
}

// texts returns what searches texts, for one goroutine.
func (s *Searcher) texts() *texts {
	forms := s.forms.of(s.Rules)
	return &texts{finder: s.Rules.Finder(), raw: s.Raw, forms: forms.finder(), spaces: forms.spaces}
}

// stopped reports whether the search is to end early.
func (r *run) stopped() bool { return r.ctx.Err() != nil }

func (r *run) progress(bytes int64) {
	if r.Progress != nil {
		r.Progress(bytes)
	}
}

// start opens a file and hands out its parts. It waits while all workers are busy, so that
// few files are open at a time.
func (r *run) start(file File) *fileState {
	state := &fileState{file: file}
	if r.stopped() {
		state.problem = interrupted
		return state
	}
	if state.excluded = r.searchedElsewhere(file); state.excluded != "" {
		return state
	}
	if !state.open() {
		return state
	}
	if state.kind == textual {
		state.resume(r.Cache)
		r.progress(state.from)
	}
	state.plan(int64(r.cuts().chunk))
	for i := range state.parts {
		part := &state.parts[i]
		select {
		case r.tasks <- task{state, i, part.start, part.end}:
		case <-r.ctx.Done():
			state.abandon(len(state.parts) - i)
			return state
		}
	}
	return state
}

const interrupted = "the scan was interrupted"

// search carries out one task with the buffer, and returns the buffer.
func (r *run) search(task task, t *texts, buffer []byte) []byte {
	state := task.state
	t.place = state.file.Place
	var result part
	if state.kind == textual {
		c := &chunk{sizes: r.cuts(), file: state.handle, start: task.start, end: task.end, size: state.size, buffer: buffer}
		result = state.searchChunk(r, t, c)
		buffer = c.buffer
	} else {
		result = state.searchWhole(r, t)
	}
	r.progress(task.end - task.start)
	state.finish(task.part, result, r)
	return buffer
}

// opened opens a regular file; problem says why it could not.
func opened(path string) (handle *os.File, info fs.FileInfo, problem string) {
	handle, err := openFile(path)
	if err == nil {
		if info, err = handle.Stat(); err != nil {
			_ = handle.Close()
		}
	}
	if err != nil {
		return nil, nil, cause(err)
	}
	if !info.Mode().IsRegular() {
		_ = handle.Close()
		return nil, nil, "not a regular file"
	}
	return handle, info, ""
}
