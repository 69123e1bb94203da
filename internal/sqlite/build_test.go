package sqlite

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// truth is a database and what SQLite reads from it.
type truth struct {
	Missing  string // why there is none
	PageSize int
	Encoding string
	// FreePages is the length of the freelist.
	FreePages int
	Tables    []truthTable
	// Deleted and Uncommitted are texts that are no row of the database.
	Deleted, Uncommitted []string

	main, wal []byte
}

type truthTable struct {
	Name         string
	Columns      []string
	WithoutRowID bool
	Rows         []truthRow
}

type truthRow struct {
	RowID  int64
	Values [][3]any // column, whether it is text, the bytes in base64
}

// build has Python's sqlite3 make the database of a case in testdata/build.py.
func build(t testing.TB, name string) *truth {
	t.Helper()
	dir := t.TempDir()
	command := exec.Command("python3", filepath.Join("testdata", "build.py"), dir, name)
	if output, err := command.CombinedOutput(); errors.Is(err, exec.ErrNotFound) {
		missing(t, "python3")
	} else if err != nil {
		t.Fatalf("build %s: %v\n%s", name, err, output)
	}
	var made truth
	text, err := os.ReadFile(filepath.Join(dir, name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &made); err != nil {
		t.Fatal(err)
	}
	if made.Missing != "" {
		missing(t, made.Missing)
	}
	if made.main, err = os.ReadFile(filepath.Join(dir, name+".db")); err != nil {
		t.Fatal(err)
	}
	if made.wal, err = os.ReadFile(filepath.Join(dir, name+".db-wal")); err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	return &made
}

// missing skips the test, or fails it where everything has to be installed.
func missing(t testing.TB, what string) {
	t.Helper()
	if os.Getenv("CI") != "" {
		t.Fatalf("%s is missing", what)
	}
	t.Skipf("%s is missing", what)
}

// open reads main and wal, which may be nil.
func open(main, wal []byte) (*DB, error) {
	if wal == nil {
		return Open(bytes.NewReader(main), int64(len(main)), nil, 0)
	}
	return Open(bytes.NewReader(main), int64(len(main)), bytes.NewReader(wal), int64(len(wal)))
}

func (made *truth) open(t testing.TB) *DB {
	t.Helper()
	db, err := open(made.main, made.wal)
	if err != nil {
		t.Fatal(err)
	}
	return db
}
