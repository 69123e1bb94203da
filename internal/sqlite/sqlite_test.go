package sqlite

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// TestAgreesWithSQLite compares every text and blob of a database.
func TestAgreesWithSQLite(t *testing.T) {
	for _, name := range []string{
		"page512", "page1024", "page4096", "page32768", "page65536", "utf16le", "utf16be",
		"without512", "without4096", "vacuumfull", "vacuumincremental", "reserved", "declared", "fts5",
		"deleted", "empty", "wal", "wal512", "wal65536", "walcheckpoint", "walround", "walshrunk",
		"waluncommitted", "walbigendian", "walcut", "walbadframe", "walbadsalt", "walbadheader", "walbadmagic",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			made := build(t, name)
			db := made.open(t)
			if name != "empty" && (db.PageSize() != made.PageSize || db.Encoding().String() != made.Encoding) {
				t.Errorf("got %d bytes a page, %v; want %d, %s", db.PageSize(), db.Encoding(), made.PageSize, made.Encoding)
			}
			tables, err := db.Tables()
			if err != nil {
				t.Fatal(err)
			}
			if name == "empty" {
				made.Tables = nil
			}
			if len(tables) != len(made.Tables) {
				t.Fatalf("got %d tables, want %d", len(tables), len(made.Tables))
			}
			for i, table := range tables {
				compareTable(t, table, made.Tables[i])
			}
			pages := zeroPages(db) // Free leaves them out
			err = db.Free(func(_ int, data []byte) bool {
				if len(data) == db.PageSize() {
					pages++
				}
				return true
			})
			if err != nil {
				t.Error(err)
			}
			// VACUUM leaves pages behind the end of the database, too.
			if pages != made.FreePages && name != "walshrunk" {
				t.Errorf("Free gives %d whole pages, the freelist has %d", pages, made.FreePages)
			}
		})
	}
}

// zeroPages counts the free pages that were never written.
func zeroPages(db *DB) int {
	count := 0
	for n := range db.numbers() {
		data, err := db.read(n, db.newBuffer())
		if err == nil && len(bytes.Trim(data, "\x00")) == 0 {
			count++
		}
	}
	return count
}

func compareTable(t *testing.T, table *Table, want truthTable) {
	t.Helper()
	if table.Name != want.Name || table.WithoutRowID != want.WithoutRowID {
		t.Fatalf("got table %q, without rowid %v; want %q, %v", table.Name, table.WithoutRowID, want.Name, want.WithoutRowID)
	}
	if !slices.Equal(table.Columns, want.Columns) {
		t.Errorf("%s: got columns %q, want %q", table.Name, table.Columns, want.Columns)
	}
	var got []truthRow
	err := table.Rows(func(row Row) bool {
		values := [][3]any{}
		for _, v := range row.Values {
			values = append(values, [3]any{float64(v.Column), v.Text, base64.StdEncoding.EncodeToString(v.Bytes)})
		}
		got = append(got, truthRow{row.RowID, values})
		return true
	})
	if err != nil {
		t.Errorf("%s: %v", table.Name, err)
	}
	if table.WithoutRowID { // SQLite gives the key's order, Rows the file's
		sortRows(got)
		sortRows(want.Rows)
	}
	if len(got) != len(want.Rows) {
		t.Fatalf("%s: got %d rows, want %d", table.Name, len(got), len(want.Rows))
	}
	for i := range got {
		if !reflect.DeepEqual(got[i], want.Rows[i]) {
			t.Fatalf("%s: the %dth row (rowid %d) is not what SQLite reads", table.Name, i+1, want.Rows[i].RowID)
		}
	}
}

func sortRows(rows []truthRow) {
	slices.SortFunc(rows, func(a, b truthRow) int {
		left, _ := json.Marshal(a.Values)
		right, _ := json.Marshal(b.Values)
		return cmp.Compare(string(left), string(right))
	})
}

// collect returns all that a method yields, in one string, and its error.
func collect(method func(func(int, []byte) bool) error) (string, error) {
	var all strings.Builder
	err := method(func(_ int, data []byte) bool {
		all.Write(data)
		all.WriteByte('\n')
		return true
	})
	return all.String(), err
}

// allRows returns every value of every table, and the errors.
func allRows(db *DB) (string, error) {
	var all strings.Builder
	tables, err := db.Tables()
	for _, table := range tables {
		err = errors.Join(err, table.Rows(func(row Row) bool {
			for _, v := range row.Values {
				all.Write(v.Bytes)
				all.WriteByte('\n')
			}
			return true
		}))
	}
	return all.String(), err
}

func TestFreeGivesDeletedRows(t *testing.T) {
	made := build(t, "deleted")
	db := made.open(t)
	free, err := collect(db.Free)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := allRows(db)
	if err != nil {
		t.Fatal(err)
	}
	left := 0
	for _, text := range made.Deleted {
		if strings.Contains(rows, text) {
			t.Errorf("Rows gives %q, which is deleted", text)
		}
		if !bytes.Contains(made.main, []byte(text)) {
			continue // overwritten
		}
		left++
		if !strings.Contains(free, text) {
			t.Errorf("Free does not give %q", text)
		}
	}
	if left < len(made.Deleted)/2 {
		t.Errorf("only %d of %d deleted texts are left in the file", left, len(made.Deleted))
	}
	made = build(t, "deletedsecure")
	free, err = collect(made.open(t).Free)
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range made.Deleted {
		if strings.Contains(free, text) {
			t.Errorf("Free gives %q, which SQLite wiped", text)
		}
	}
}

func TestSupersededGivesWhatTheLogHides(t *testing.T) {
	made := build(t, "waluncommitted")
	db := made.open(t)
	rows, err := allRows(db)
	if err != nil {
		t.Fatal(err)
	}
	old, err := collect(db.Superseded)
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range made.Uncommitted {
		if strings.Contains(rows, text) {
			t.Errorf("Rows gives %q, which is not committed", text)
		}
		if !strings.Contains(old, text) {
			t.Errorf("Superseded does not give %q", text)
		}
	}
}

// TestSupersededGivesTheRestOfTheLog: with Rows and Free, no page is left out.
func TestSupersededGivesTheRestOfTheLog(t *testing.T) {
	for _, name := range []string{"wal", "walround", "walcut", "walbadframe", "walbadheader", "smallwal"} {
		made := build(t, name)
		db := made.open(t)
		old, err := collect(db.Superseded)
		if err != nil {
			t.Fatal(err)
		}
		live := map[int64]bool{}
		for _, offset := range db.log.frames {
			live[offset] = true
		}
		step := int64(frameHeaderSize + db.pageSize)
		for offset := int64(logHeaderSize); offset < int64(len(made.wal)); offset += step {
			frame := made.wal[offset:min(offset+step, int64(len(made.wal)))]
			if !live[offset] && !strings.Contains(old, string(frame[frameHeaderSize:])) {
				t.Errorf("%s: the frame at %d is not given", name, offset)
			}
		}
	}
}

func TestChangedLogIsNoticed(t *testing.T) {
	made := build(t, "smallwal")
	db := made.open(t)
	if _, err := allRows(db); err != nil {
		t.Fatal(err)
	}
	for offset := logHeaderSize; offset < len(made.wal); offset += frameHeaderSize + made.PageSize {
		made.wal[offset+8]++ // the salts of another round
	}
	if _, err := allRows(db); !errors.Is(err, ErrChanged) {
		t.Errorf("got %v, want ErrChanged", err)
	}
}

func TestRowOverTheLimit(t *testing.T) {
	made := build(t, "page4096")
	db := made.open(t)
	db.MaxRow = 100_000
	count, longest := 0, 0
	tables, _ := db.Tables()
	err := tables[1].Rows(func(row Row) bool {
		count++
		for _, v := range row.Values {
			longest = max(longest, len(v.Bytes))
		}
		return true
	})
	var big *RowTooBigError
	if !errors.As(err, &big) || big.Limit != 100_000 || big.Size < 1_000_000 {
		t.Errorf("got %v, want a RowTooBigError", err)
	}
	if count != len(made.Tables[1].Rows) {
		t.Errorf("got %d rows, want %d", count, len(made.Tables[1].Rows))
	}
	if longest < 99_000 || longest > 100_000 {
		t.Errorf("the row's beginning has %d bytes, want nearly 100000", longest)
	}
	if _, err := collect(db.Free); err != nil {
		t.Errorf("Free: %v", err)
	}
}

func TestYieldEndsTheWalk(t *testing.T) {
	for _, name := range []string{"deleted", "smallwal"} {
		db := build(t, name).open(t)
		tables, _ := db.Tables()
		for method, walk := range map[string]func(func()) error{
			"Rows":       func(count func()) error { return tables[1].Rows(func(Row) bool { count(); return false }) },
			"Free":       func(count func()) error { return db.Free(func(int, []byte) bool { count(); return false }) },
			"Superseded": func(count func()) error { return db.Superseded(func(int, []byte) bool { count(); return false }) },
		} {
			count := 0
			if err := walk(func() { count++ }); err != nil {
				t.Errorf("%s: %s: %v", name, method, err)
			}
			if count > 1 || count == 0 && (method != "Superseded" || name == "smallwal") {
				t.Errorf("%s: %s yields %d times", name, method, count)
			}
		}
	}
}
