package scan_test

import (
	"bytes"
	"encoding/binary"
)

const sqlitePage = 4096

// sqliteDatabase returns a SQLite file with one table t of one column, a row for each
// text. All of them together fit on a page.
func sqliteDatabase(texts ...string) []byte {
	schema := record("table", "t", "t", byte(2), "CREATE TABLE t(v TEXT)")
	var rows [][]byte
	for _, text := range texts {
		rows = append(rows, record(text))
	}
	header := make([]byte, 100)
	copy(header, "SQLite format 3\x00")
	binary.BigEndian.PutUint16(header[16:], sqlitePage)
	copy(header[18:], []byte{1, 1, 0, 64, 32, 32})
	for offset, value := range map[int]uint32{24: 1, 28: 2, 40: 1, 44: 4, 56: 1, 92: 1, 96: 3_040_000} {
		binary.BigEndian.PutUint32(header[offset:], value)
	}
	return append(leaf(header, schema), leaf(nil, rows...)...)
}

// leaf returns a page of a table with the records, behind what stands at its beginning.
func leaf(head []byte, records ...[]byte) []byte {
	page := make([]byte, sqlitePage)
	at := copy(page, head)
	end := sqlitePage
	page[at] = 0x0d
	binary.BigEndian.PutUint16(page[at+3:], uint16(len(records)))
	for i, data := range records {
		cell := append(append(varint(len(data)), varint(i+1)...), data...)
		end -= len(cell)
		copy(page[end:], cell)
		binary.BigEndian.PutUint16(page[at+8+2*i:], uint16(end))
	}
	binary.BigEndian.PutUint16(page[at+5:], uint16(end))
	return page
}

// record returns a row of texts and small numbers as SQLite stores it.
func record(values ...any) []byte {
	var types, body bytes.Buffer
	for _, value := range values {
		switch value := value.(type) {
		case byte:
			types.WriteByte(1)
			body.WriteByte(value)
		case string:
			types.Write(varint(13 + 2*len(value)))
			body.WriteString(value)
		}
	}
	return append(append(varint(types.Len()+1), types.Bytes()...), body.Bytes()...)
}

// varint returns a number below 16384 as SQLite writes it.
func varint(n int) []byte {
	if n < 128 {
		return []byte{byte(n)}
	}
	return []byte{byte(n>>7) | 0x80, byte(n) & 0x7f}
}
