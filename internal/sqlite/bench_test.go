package sqlite

import (
	"os"
	"path/filepath"
	"testing"
)

// benchFile returns a database of 50000 rows, in a file as it is in use.
func benchFile(b *testing.B) (*DB, int64) {
	made := build(b, "bench")
	path := filepath.Join(b.TempDir(), "bench.db")
	if err := os.WriteFile(path, made.main, 0o600); err != nil {
		b.Fatal(err)
	}
	file, err := os.Open(path)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { file.Close() })
	db, err := Open(file, int64(len(made.main)), nil, 0)
	if err != nil {
		b.Fatal(err)
	}
	return db, int64(len(made.main))
}

func BenchmarkRows(b *testing.B) {
	db, size := benchFile(b)
	tables, err := db.Tables()
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(size)
	b.ReportAllocs()
	rows := 0
	for b.Loop() {
		if err := tables[1].Rows(func(Row) bool { rows++; return true }); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(rows)/b.Elapsed().Seconds(), "rows/s")
}

func BenchmarkFree(b *testing.B) {
	db, size := benchFile(b)
	b.SetBytes(size)
	for b.Loop() {
		if err := db.Free(func(int, []byte) bool { return true }); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkOpenLog(b *testing.B) {
	made := build(b, "wal")
	b.SetBytes(int64(len(made.wal)))
	for b.Loop() {
		if _, err := open(made.main, made.wal); err != nil {
			b.Fatal(err)
		}
	}
}
