// Package corpus makes session transcripts as an AI gateway's agent leaves them, of any
// size, with planted fake secrets: what scanners are measured on. Tests and the benchmark
// program in peers use it; nothing that is shipped does.
//
// The package owns the look of a transcript, the text in it, and the list of what it has
// planted where. Everything follows from a seed and from files of this package: one seed
// gives the same bytes on every machine. It must not know how secrets are found.
package corpus

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"sync"
)

// Options says how large a corpus is. Every number must be positive, save Secrets.
type Options struct {
	Seed    uint64 // decides every byte
	Bytes   int64  // of all files together, a little more: every file ends with its turn, and with its secrets
	Files   int    // among which Bytes and Secrets are shared out evenly
	Secrets int    // different ones to plant
}

// Of returns the options for a corpus of about so many bytes. The two sizes that figures
// are quoted for are 64 MiB (24 files, 700 secrets) and 512 MiB (215 files, 1,400 secrets).
func Of(bytes int64) Options {
	o := Options{Seed: 1, Bytes: bytes}
	if bytes <= 64<<20 {
		o.Files = max(1, int(bytes*24/(64<<20)))
		o.Secrets = max(len(kinds), int(bytes*700/(64<<20)))
		return o
	}
	o.Files = int(bytes * 215 / (512 << 20))
	o.Secrets = 600 + int(bytes*800/(512<<20))
	return o
}

// Write writes a corpus to dir, which must not exist or be empty: .jsonl files that only
// their owner can read. It returns what is planted.
func Write(dir string, o Options) (*Manifest, error) {
	if o.Bytes <= 0 || o.Files <= 0 || o.Secrets < 0 {
		return nil, fmt.Errorf("corpus: bytes and files must be positive: %d, %d", o.Bytes, o.Files)
	}
	if err := makeEmptyDir(dir); err != nil {
		return nil, err
	}
	text, err := parseGrammar()
	if err != nil {
		return nil, err
	}
	plants := schedule(o)
	files := make([]File, o.Files)
	errs := make([]error, o.Files)
	var workers sync.WaitGroup
	next := make(chan int)
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for i := range next {
				files[i], errs[i] = writeFile(dir, o, i, text, plants[i])
			}
		})
	}
	for i := range files {
		next <- i
	}
	close(next)
	workers.Wait()
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	manifest := &Manifest{Options: o, Files: files}
	for i := range plants {
		manifest.Planted = append(manifest.Planted, plants[i]...)
	}
	return manifest, nil
}

// writeFile writes transcript number i. It notes file and line in plants.
func writeFile(dir string, o Options, i int, text grammar, plants []Planted) (file File, err error) {
	n := newNoise(o.Seed, uint64(i)+1)
	name := n.uuid() + ".jsonl"
	f, err := os.OpenFile(filepath.Join(dir, name), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return File{}, fmt.Errorf("corpus: %w", err)
	}
	defer func() {
		if closeErr := f.Close(); err == nil && closeErr != nil {
			err = fmt.Errorf("corpus: %w", closeErr)
		}
	}()
	out := bufio.NewWriterSize(f, 256<<10)
	for k := range plants {
		plants[k].File = name
	}
	limit := o.Bytes*int64(i+1)/int64(o.Files) - o.Bytes*int64(i)/int64(o.Files)
	s := newSession(n, text, out, limit, plants)
	if err := s.write(i); err != nil {
		return File{}, fmt.Errorf("corpus: %w", err)
	}
	if err := out.Flush(); err != nil {
		return File{}, fmt.Errorf("corpus: %w", err)
	}
	return File{Name: name, Bytes: s.size, Lines: s.lines}, nil
}

func makeEmptyDir(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("corpus: %w", err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return fmt.Errorf("corpus: %w", err)
	}
	if len(entries) > 0 {
		return fmt.Errorf("corpus: %s is not empty: name a new directory", dir)
	}
	return nil
}
