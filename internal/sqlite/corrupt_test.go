package sqlite

import (
	"bytes"
	"encoding/binary"
	"errors"
	"slices"
	"strings"
	"testing"
)

// place is where something of a database is in its file.
type place struct {
	page   treePage
	offset int // of the page
}

// find returns the first b-tree page of a kind for which accept is true.
func find(t *testing.T, main []byte, kind byte, accept func(*treePage) bool) place {
	t.Helper()
	db, err := open(main, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Tables(); err != nil {
		t.Fatal(err)
	}
	var found *place
	w := db.newWalk(pageSet{}, pageSet{})
	for _, root := range db.schema.roots {
		w.tree(root, 1, func(p *treePage) bool {
			if found == nil && p.kind == kind && accept(p) {
				found = &place{*p, int(p.number-1) * db.pageSize}
				found.page.cells = append([]cell(nil), p.cells...)
			}
			return found == nil
		})
		if found != nil {
			return *found
		}
	}
	t.Fatalf("the database has no page of kind %d to damage", kind)
	return place{}
}

func put16(data []byte, at int, value uint16) { binary.BigEndian.PutUint16(data[at:], value) }
func put32(data []byte, at int, value uint32) { binary.BigEndian.PutUint32(data[at:], value) }

func anyPage(*treePage) bool { return true }

func overflows(p *treePage) bool { return p.cells[len(p.cells)-1].overflow != 0 && p.number > 1 }

func TestDamageIsNamedAndTheRestIsRead(t *testing.T) {
	whole := build(t, "small")
	all, err := allRows(whole.open(t))
	if err != nil {
		t.Fatal(err)
	}
	size := len(whole.main)
	for name, test := range map[string]struct {
		damage func(t *testing.T, main []byte) []byte
		want   string // in the error
		least  int    // of the bytes that remain readable, in percent
	}{
		"child is the page itself": {func(t *testing.T, main []byte) []byte {
			p := find(t, main, interiorTable, anyPage)
			put32(main, p.offset+p.page.cells[0].start, p.page.number)
			return main
		}, "in use elsewhere", 40},
		"child is out of range": {func(t *testing.T, main []byte) []byte {
			p := find(t, main, interiorTable, anyPage)
			put32(main, p.offset+8, 1<<31)
			return main
		}, "points to page 2147483648", 35},
		"child is page 0": {func(t *testing.T, main []byte) []byte {
			p := find(t, main, interiorTable, anyPage)
			put32(main, p.offset+8, 0)
			return main
		}, "points to page 0", 35},
		"page is of no kind": {func(t *testing.T, main []byte) []byte {
			main[find(t, main, leafTable, overflows).offset] = 7
			return main
		}, "is of kind 7", 30},
		"page is of another tree's kind": {func(t *testing.T, main []byte) []byte {
			p := find(t, main, interiorTable, anyPage)
			main[(int(p.page.children[0])-1)*512] = leafIndex
			return main
		}, "which its parent is not", 40},
		"more cells than a page": {func(t *testing.T, main []byte) []byte {
			put16(main, find(t, main, leafTable, overflows).offset+3, 60000)
			return main
		}, "claims 60000 cells", 30},
		"cell out of the page": {func(t *testing.T, main []byte) []byte {
			put16(main, find(t, main, leafTable, overflows).offset+8, 511)
			return main
		}, "has a cell, number 1, that is not within it", 30},
		"cell in the page's header": {func(t *testing.T, main []byte) []byte {
			put16(main, find(t, main, leafTable, overflows).offset+8, 4)
			return main
		}, "has a cell, number 1, that is not within it", 30},
		"payload of nearly all there is": {func(t *testing.T, main []byte) []byte {
			p := find(t, main, leafTable, overflows)
			at := p.offset + p.page.cells[len(p.page.cells)-1].start
			copy(main[at:], "\xff\xff\xff\xff\xff\xff\xff\xff\x7f")
			return main
		}, "damaged", 30},
		"overflow chain is a loop": {func(t *testing.T, main []byte) []byte {
			p := find(t, main, leafTable, overflows)
			first := p.page.cells[len(p.page.cells)-1].overflow
			put32(main, int(first-1)*512, first)
			return main
		}, "in use elsewhere", 50},
		"overflow chain ends": {func(t *testing.T, main []byte) []byte {
			p := find(t, main, leafTable, overflows)
			put32(main, int(p.page.cells[len(p.page.cells)-1].overflow-1)*512, 0)
			return main
		}, "bytes early", 50},
		"record header is too long": {func(t *testing.T, main []byte) []byte {
			p := find(t, main, leafTable, func(p *treePage) bool { return p.number > 1 && p.cells[0].overflow == 0 })
			main[p.offset+bytes.Index(main[p.offset:], p.page.cells[0].local)] = 0x7f
			return main
		}, "has a row", 60},
		"value of unknown type": {func(t *testing.T, main []byte) []byte {
			p := find(t, main, leafTable, func(p *treePage) bool { return p.number > 1 && p.cells[0].overflow == 0 })
			main[p.offset+bytes.Index(main[p.offset:], p.page.cells[0].local)+1] = 10
			return main
		}, "unknown type of value", 60},
		"two tables at one page": {func(t *testing.T, main []byte) []byte {
			p := find(t, main, leafTable, anyPage)
			for _, c := range p.page.cells {
				record := main[bytes.Index(main, c.local):][:c.size]
				fields(record, func(column int, _ uint64, content []byte) {
					if column == 3 {
						content[0] = 2
					}
				})
			}
			return main
		}, "puts two tables or indexes at page 2", 20},
		"file is cut":              {func(_ *testing.T, main []byte) []byte { return main[:size/2+100] }, "damaged", 10},
		"file is cut in page 1":    {func(_ *testing.T, main []byte) []byte { return main[:300] }, "page 1 is cut off", 0},
		"last page is missing":     {func(_ *testing.T, main []byte) []byte { return main[:size-512] }, "points to page", 35},
		"all but page 1 is random": {func(_ *testing.T, main []byte) []byte { scramble(main[512:]); return main }, "damaged", 3},
	} {
		t.Run(name, func(t *testing.T) {
			main := test.damage(t, bytes.Clone(whole.main))
			db, err := open(main, nil)
			if err != nil {
				t.Fatal(err)
			}
			got, err := allRows(db)
			var damage *CorruptError
			if !errors.As(err, &damage) || !strings.Contains(err.Error(), test.want) {
				t.Errorf("the error is %v, want one with %q", err, test.want)
			}
			if len(got)*100 < len(all)*test.least {
				t.Errorf("%d of %d bytes were read, want %d %%", len(got), len(all), test.least)
			}
			if _, err := collect(db.Free); err == nil && !strings.Contains(test.want, "has a row") && !strings.Contains(test.want, "value") {
				t.Error("Free finds nothing wrong")
			}
			checkRead(t, main, nil)
		})
	}
}

func scramble(data []byte) {
	state := uint32(1)
	for i := range data {
		state = state*1664525 + 1013904223
		data[i] = byte(state >> 24)
	}
}

func TestOpenRefuses(t *testing.T) {
	valid := build(t, "small").main
	with := func(at int, value byte) []byte {
		main := bytes.Clone(valid)
		main[at] = value
		return main
	}
	random := bytes.Clone(valid)
	scramble(random)
	for name, test := range map[string]struct {
		main []byte
		want string
	}{
		"text":           {[]byte("not a database, but long enough for one"), ErrNotDatabase.Error()},
		"one byte":       {valid[:1], ErrNotDatabase.Error()},
		"encrypted":      {random, ErrNotDatabase.Error()},
		"half a header":  {valid[:50], "page 1 ends before its header"},
		"page size 768":  {with(16, 3), "page size of 768"},
		"all reserved":   {with(20, 255), "255 of them reserved"},
		"a new version":  {with(19, 3), "version 3"},
		"a new encoding": {with(59, 4), "text encoding 4"},
	} {
		if _, err := open(test.main, nil); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: the error is %v, want one with %q", name, err, test.want)
		}
	}
}

// onePage returns a database of 64 KiB whose only page has the cells given by
// their offsets, and at start the bytes of one.
func onePage(offsets []uint16, start int, content string) []byte {
	main := make([]byte, 65536)
	copy(main, magic)
	main[17], main[18], main[19], main[59] = 1, 1, 1, 1
	main[headerSize] = leafTable
	put16(main, headerSize+3, uint16(len(offsets)))
	for i, offset := range offsets {
		put16(main, headerSize+8+2*i, offset)
	}
	copy(main[start:], content)
	return main
}

// TestCellsThatShareBytes: else 64 KiB of file would be gigabytes to read.
func TestCellsThatShareBytes(t *testing.T) {
	const start = 45000
	// A payload of 20000 bytes, rowid 1, one blob.
	main := onePage(slices.Repeat([]uint16{start}, 20000), start, "\x81\x9c\x20\x01\x04\x82\xb8\x40")
	db, err := open(main, nil)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := allRows(db)
	if err == nil || !strings.Contains(err.Error(), "overlap") {
		t.Errorf("the error is %v, want one of cells that overlap", err)
	}
	if len(rows) > 2*len(main) {
		t.Errorf("%d bytes of rows out of %d bytes of file", len(rows), len(main))
	}
	checkRead(t, main, nil)
}

// TestTooManyColumns: each costs a byte in the file and far more in memory.
func TestTooManyColumns(t *testing.T) {
	// A payload of 40003 bytes, rowid 1, a header of as many: 40000 empty texts.
	main := onePage([]uint16{20000}, 20000, "\x82\xb8\x43\x01\x82\xb8\x43"+strings.Repeat("\x0d", 40000))
	db, err := open(main, nil)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := allRows(db)
	if err == nil || !strings.Contains(err.Error(), "too many columns") || len(rows) != maxColumns {
		t.Errorf("got %d values and the error %v, want %d and one of too many columns", len(rows), err, maxColumns)
	}
}

// TestWhatTheTreesDoNotReachIsFree: a damaged page is given whole, and so is what
// a row leaves of its last page.
func TestWhatTheTreesDoNotReachIsFree(t *testing.T) {
	main := build(t, "small").main
	leaf := find(t, main, leafTable, overflows)
	chain := leaf.page.cells[len(leaf.page.cells)-1].overflow
	for next := chain; next != 0; next = binary.BigEndian.Uint32(main[(chain-1)*512:]) {
		chain = next
	}
	const slack = "left behind a row"
	copy(main[chain*512-uint32(len(slack)):], slack)
	db, _ := open(main, nil)
	if free, err := collect(db.Free); err != nil || !strings.Contains(free, slack) {
		t.Errorf("Free does not give what is behind the end of a row; its error is %v", err)
	}
	main[leaf.offset] = 7
	db, _ = open(main, nil)
	if free, _ := collect(db.Free); !strings.Contains(free, string(main[leaf.offset:leaf.offset+512])) {
		t.Error("Free does not give a damaged page")
	}
}

// TestLogOfAnotherDatabase: SQLite reads none of it, and neither does Rows.
func TestLogOfAnotherDatabase(t *testing.T) {
	log := build(t, "smallwal").wal
	for offset := logHeaderSize; offset < len(log); offset += frameHeaderSize + 512 {
		if binary.BigEndian.Uint32(log[offset:]) == 1 { // which has the page size
			put32(log, offset, 2)
		}
	}
	repair(log)
	for name, main := range map[string][]byte{"no bytes": nil, "another page size": build(t, "declared").main} {
		alone, err := open(main, nil)
		if err != nil {
			t.Fatal(err)
		}
		want, _ := allRows(alone)
		db, err := open(main, log)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := allRows(db); err != nil || got != want {
			t.Errorf("%s: the log changes what is read; the error is %v", name, err)
		}
		frames := (len(log) - logHeaderSize) / (frameHeaderSize + 512)
		count := 0
		err = db.Superseded(func(int, []byte) bool { count++; return true })
		if err != nil || count != frames {
			t.Errorf("%s: Superseded gives %d of %d frames and the error %v", name, count, frames, err)
		}
	}
}
