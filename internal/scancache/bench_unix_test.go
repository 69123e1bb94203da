//go:build linux || darwin

package scancache

import (
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// corpus creates files of 2.4 MB each, as 512 MB of transcripts are 215 of them. They
// are sparse: what is measured is not the disk.
func corpus(b *testing.B, files int) []string {
	b.Helper()
	const size = 2_400_000
	dir := b.TempDir()
	paths := make([]string, files)
	for i := range paths {
		paths[i] = filepath.Join(dir, fmt.Sprintf("agents-main-sessions-%08d.jsonl", i))
		f, err := os.Create(paths[i])
		must(b, err)
		_, err = f.WriteAt([]byte("\n"), size-1)
		must(b, err)
		must(b, f.Close())
	}
	return paths
}

// rememberAll returns the path of a cache that knows the files, with that many findings
// in each.
func rememberAll(b *testing.B, paths []string, findings int64) string {
	b.Helper()
	store := filepath.Join(b.TempDir(), "scan")
	c := openLater(store)
	for _, path := range paths {
		f, info := openFile(b, path)
		entry := Entry{Scanned: info.Size(), Lines: 1000}
		for i := range findings {
			entry.Findings = append(entry.Findings, Finding{
				Rule: "anthropic-api-key", Detector: "gitleaks", Start: i * 1000, End: i*1000 + 108, Line: int(i), Column: 77, Layers: "jj", To: 108,
			})
		}
		if !c.Store(path, f, info, entry) {
			b.Fatal("not remembered")
		}
		must(b, f.Close())
	}
	must(b, c.Save())
	return store
}

// reportCPU reports the CPU time of a benchmark, collector included, when what it
// returns is called.
func reportCPU(b *testing.B) func() {
	before := cpuTime(b)
	return func() {
		b.ReportMetric(float64((cpuTime(b)-before).Microseconds())/1000/float64(b.N), "cpu-ms/op")
	}
}

func cpuTime(b *testing.B) time.Duration {
	b.Helper()
	var usage syscall.Rusage
	must(b, syscall.Getrusage(syscall.RUSAGE_SELF, &usage))
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// BenchmarkRun is all that a scan of unchanged files costs: the cache is opened,
// every file is opened and looked up, and nothing is left to save. 4,266 files of
// 2.4 MB are 10 GB. Of files that grew, more is looked at.
func BenchmarkRun(b *testing.B) {
	for _, files := range []int{215, 4266} {
		paths := corpus(b, files)
		store := rememberAll(b, paths, 5)
		b.Run(fmt.Sprintf("%d unchanged", files), func(b *testing.B) { benchmarkRun(b, store, paths) })
		for _, path := range paths {
			appendTo(b, path, []byte("x"))
		}
		b.Run(fmt.Sprintf("%d grown", files), func(b *testing.B) { benchmarkRun(b, store, paths) })
	}
}

func benchmarkRun(b *testing.B, store string, paths []string) {
	defer reportCPU(b)()
	for b.Loop() {
		c := openLater(store)
		for _, path := range paths {
			if _, ok := lookup(b, c, path); !ok {
				b.Fatal("not known")
			}
		}
		must(b, c.Save())
	}
}

// BenchmarkOpen reads a cache of 5,000 entries.
func BenchmarkOpen(b *testing.B) {
	paths := corpus(b, 5000)
	for _, findings := range []int64{0, 1, 5} {
		store := rememberAll(b, paths, findings)
		b.Run(fmt.Sprintf("%d findings each", findings), func(b *testing.B) { benchmarkOpen(b, store) })
	}
}

func benchmarkOpen(b *testing.B, store string) {
	info, err := os.Stat(store)
	must(b, err)
	b.SetBytes(info.Size())
	b.ReportAllocs()
	defer reportCPU(b)()
	for b.Loop() {
		if c := openLater(store); len(c.records) != 5000 {
			b.Fatal("not read")
		}
	}
}

// BenchmarkSave writes a cache of 5,000 entries.
func BenchmarkSave(b *testing.B) {
	c := openLater(rememberAll(b, corpus(b, 5000), 5))
	for b.Loop() {
		c.changed = true
		must(b, c.Save())
	}
}

// BenchmarkStore remembers one file of 2.4 MB.
func BenchmarkStore(b *testing.B) {
	path := corpus(b, 1)[0]
	f, info := openFile(b, path)
	defer func() { _ = f.Close() }()
	c := open(filepath.Join(b.TempDir(), "scan"), testScope, testKey(1), time.Now())
	for b.Loop() {
		if !c.Store(path, f, info, Entry{Scanned: info.Size()}) {
			b.Fatal("not remembered")
		}
	}
}
