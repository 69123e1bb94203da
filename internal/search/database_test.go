package search

import (
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// makeDatabase has Python's sqlite3 carry out statements on a database whose path it returns.
// With "leave" as the last one the process dies with its transactions in the log.
func makeDatabase(t testing.TB, statements ...string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "data.sqlite")
	const program = `
import os, sqlite3, sys
db = sqlite3.connect(sys.argv[1], isolation_level=None)
for statement in sys.argv[2:]:
    if statement == "leave":
        os._exit(0)
    db.execute(statement).fetchall()
`
	output, err := exec.Command("python3", append([]string{"-c", program, name}, statements...)...).CombinedOutput()
	if errors.Is(err, exec.ErrNotFound) {
		if os.Getenv("CI") != "" {
			t.Fatal("python3 is missing")
		}
		t.Skip("python3 is missing")
	}
	if err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	return name
}

func pointers(hits []Hit) []string {
	var all []string
	for _, h := range hits {
		all = append(all, h.Pointer)
	}
	return all
}

func insert(text string) string { return "insert into t(b) values ('" + text + "')" }

func TestDatabase(t *testing.T) {
	one, two := github("one"), github("two")
	name := makeDatabase(t, "pragma secure_delete = off", "create table t(a integer primary key, b text)", insert("x "+one), insert(`{"key":["é `+two+`"]}`),
		insert(strings.Repeat("gone ", 20)+github("gone")), "delete from t where a = 3")
	report := searchFile(t, newSearcher(), name)
	if report.Problem != "" || report.Cached != 0 {
		t.Fatalf("problem %q", report.Problem)
	}
	if got, want := values(report.Hits), []string{one, two, github("gone")}; !slices.Equal(got, want) {
		t.Fatalf("got %q, want %q", got, want)
	}
	if got := pointers(report.Hits); got[0] != "t/1/1" || got[1] != "t/2/1/key/0" || !strings.HasPrefix(got[2], "page ") {
		t.Errorf("pointers %q", got)
	}
	for i, h := range report.Hits {
		if h.Start != 0 || h.End != 0 || h.Line != 0 || h.Column != 0 || h.Deleted != (i == 2) {
			t.Errorf("%d: %+v", i, h)
		}
	}
}

func TestDatabaseUTF16(t *testing.T) {
	for _, encoding := range []string{"UTF-16le", "UTF-16be"} {
		name := makeDatabase(t, "pragma secure_delete = off", "pragma encoding = '"+encoding+"'", "create table t(a integer primary key, b text)", insert("x "+github("one")),
			insert(strings.Repeat("gone ", 20)+github("gone")), insert(strings.Repeat("gone ", 20)+"x"+github("odd")), "delete from t where a > 1")
		report := searchFile(t, newSearcher(), name)
		got := values(report.Hits)
		if report.Problem != "" || len(got) == 0 || got[0] != github("one") {
			t.Fatalf("%s: problem %q, %q", encoding, report.Problem, got)
		}
		if !slices.Contains(got, github("gone")) {
			t.Errorf("%s: what was deleted is not found: %q", encoding, got)
		}
	}
}

func TestDatabaseWithLog(t *testing.T) {
	one, two := github("one"), github("two")
	name := makeDatabase(t, "pragma journal_mode = wal", "create table t(a integer primary key, b text)", insert("x "+one), "pragma wal_checkpoint(truncate)",
		insert("y "+two), "leave")
	if got := values(searchFile(t, newSearcher(), name).Hits); !slices.Contains(got, one) || !slices.Contains(got, two) {
		t.Errorf("with its log: %q", got)
	}
	if got := values(searchFile(t, newSearcher(), name+"-wal").Hits); !slices.Contains(got, two) {
		t.Errorf("the log by itself: %q", got)
	}
	reports, err := newSearcher().Files(t.Context(), []File{{Path: name + "-wal"}, {Path: name}})
	if err != nil || reports[0].Excluded == "" || len(reports[0].Hits) != 0 || len(reports[1].Hits) != 2 {
		t.Errorf("both: %+v, %v", reports, err)
	}
	if err := os.Remove(name + "-wal"); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(name+"-wal", 0o700); err != nil {
		t.Fatal(err)
	}
	if report := searchFile(t, newSearcher(), name); report.Problem == "" {
		t.Error("no word of a log that cannot be read")
	}
}

func TestDamagedDatabase(t *testing.T) {
	one := github("one")
	statements := []string{"create table t(a integer primary key, b text)"}
	for range 200 {
		statements = append(statements, insert(filler(200)))
	}
	name := makeDatabase(t, append(statements, insert(one))...)
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	for what, damage := range map[string]func([]byte) []byte{
		"a page":   func(data []byte) []byte { copy(data[4*4096:], strings.Repeat("\xff", 4096)); return data },
		"the end":  func(data []byte) []byte { return data[:len(data)-4096-100] },
		"the head": func(data []byte) []byte { return append(data[:16:16], strings.Repeat("\xff", 4096)...) },
		"a stub":   func(data []byte) []byte { return data[:50] },
	} {
		if err := os.WriteFile(name, damage(slices.Clone(data)), 0o600); err != nil {
			t.Fatal(err)
		}
		report := searchFile(t, newSearcher(), name)
		if report.Problem == "" || strings.Contains(report.Problem, "written while") {
			t.Errorf("%s is damaged: problem %q", what, report.Problem)
		}
		if what == "a page" && !slices.Contains(values(report.Hits), one) {
			t.Error("what is not damaged is not found")
		}
	}
}

// TestEncryptedDatabase has noise under the name of a database.
func TestEncryptedDatabase(t *testing.T) {
	noise := make([]byte, 20_000)
	_, _ = rand.NewChaCha8([32]byte{1}).Read(noise)
	for base, want := range map[string]string{"data.sqlite": encrypted, "data.db": encrypted, "data.bin": ""} {
		name := filepath.Join(t.TempDir(), base)
		if err := os.WriteFile(name, noise, 0o600); err != nil {
			t.Fatal(err)
		}
		if report := searchFile(t, newSearcher(), name); report.Problem != want {
			t.Errorf("%s: problem %q", base, report.Problem)
		}
	}
	name := filepath.Join(t.TempDir(), "text.db")
	if err := os.WriteFile(name, []byte(strings.Repeat("key=value\n", 500)+github("one")), 0o600); err != nil {
		t.Fatal(err)
	}
	if report := searchFile(t, newSearcher(), name); report.Problem != "" || len(report.Hits) != 1 {
		t.Errorf("text: problem %q, %d hits", report.Problem, len(report.Hits))
	}
}

func TestUntilQuiet(t *testing.T) {
	damaged := errors.New("page 7 is damaged")
	type attempt struct {
		written bool
		err     error
	}
	for _, test := range []struct {
		name     string
		attempts []attempt
		want     error
		reads    int
	}{
		{"quiet", []attempt{{false, nil}}, nil, 1},
		{"written, and well", []attempt{{true, nil}}, nil, 1},
		{"damaged", []attempt{{false, damaged}}, damaged, 1},
		{"written once", []attempt{{true, damaged}, {false, nil}}, nil, 2},
		{"written once, and damaged", []attempt{{true, damaged}, {false, damaged}}, damaged, 2},
		{"always written", []attempt{{true, damaged}, {true, damaged}, {true, damaged}, {true, damaged}, {false, nil}}, errWritten, 4},
	} {
		reads := 0
		hits, err := untilQuiet(context.Background(), func() ([]Hit, bool, error) {
			now := test.attempts[reads]
			reads++
			return make([]Hit, reads), now.written, now.err
		})
		if !errors.Is(err, test.want) || reads != test.reads || len(hits) != reads {
			t.Errorf("%s: error %v after %d reads, %d hits", test.name, err, reads, len(hits))
		}
	}
}

// TestBusyDatabase searches a database while a program writes it, in both journal modes.
func TestBusyDatabase(t *testing.T) {
	one := github("one")
	for _, mode := range []string{"wal", "delete"} {
		name := makeDatabase(t, "pragma journal_mode = "+mode, "create table t(a integer primary key, b text)", insert("x "+one))
		const program = `
import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
print("ready", flush=True)
while True:
    with db:
        db.executemany("insert into t(b) values (?)", [("lorem ipsum " * (i % 400),) for i in range(50)])
    with db:
        db.execute("delete from t where a > 1 and a % 3")
`
		command := exec.Command("python3", "-c", program, name)
		ready, err := command.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := command.Start(); err != nil {
			t.Fatal(err)
		}
		if _, err := ready.Read(make([]byte, 10)); err != nil {
			t.Fatal(err)
		}
		counts := map[string]int{}
		for range 40 {
			report := searchFile(t, newSearcher(), name)
			counts[report.Problem]++
			if report.Problem == "" && (len(report.Hits) == 0 || report.Hits[0].Value.Reveal() != one) {
				t.Errorf("%s: %d hits, and no problem", mode, len(report.Hits))
			}
			if report.Problem != "" && report.Problem != errWritten.Error() {
				t.Errorf("%s: problem %q", mode, report.Problem)
			}
		}
		_ = command.Process.Kill()
		_ = command.Wait()
		t.Logf("%s: %v", mode, counts)
	}
}
