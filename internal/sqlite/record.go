package sqlite

import (
	"encoding/binary"
	"unicode/utf16"
	"unicode/utf8"
)

// maxColumns is SQLite's own limit. It bounds the memory of a row of empty values.
const maxColumns = 32767

// reader takes values off data. Behind the end it fails and gives zeros.
type reader struct {
	data   []byte
	at     int
	failed bool
}

func (r *reader) bytes(n int) []byte {
	if r.failed || n > len(r.data)-r.at {
		r.failed = true
		return nil
	}
	r.at += n
	return r.data[r.at-n : r.at]
}

func (r *reader) uint32() uint32 {
	if b := r.bytes(4); b != nil {
		return binary.BigEndian.Uint32(b)
	}
	return 0
}

// varint reads 7 bits a byte, most significant first, the ninth byte whole.
func (r *reader) varint() uint64 {
	var value uint64
	for i := range 9 {
		b := r.bytes(1)
		switch {
		case b == nil:
			return 0
		case i == 8:
			return value<<8 | uint64(b[0])
		}
		value = value<<7 | uint64(b[0]&0x7f)
		if b[0] < 0x80 {
			break
		}
	}
	return value
}

// fields gives use every column of a record: its number from 0, its serial type
// and its bytes. A column that reaches past the end is given as far as it goes.
// It returns what is wrong with the record, "" if nothing is.
func fields(record []byte, use func(column int, serial uint64, content []byte)) string {
	header := reader{data: record}
	length := header.varint()
	if header.failed || length > uint64(len(record)) {
		return "has a row whose header does not end"
	}
	header.data = record[:length]
	rest := record[length:]
	for column := 0; header.at < len(header.data); column++ {
		serial := header.varint()
		size, ok := contentSize(serial)
		switch {
		case header.failed || !ok:
			return "has a row with an unknown type of value"
		case column == maxColumns:
			return "has a row with too many columns"
		}
		whole := size <= uint64(len(rest))
		size = min(size, uint64(len(rest)))
		use(column, serial, rest[:size])
		if !whole {
			return "has a row whose values do not end"
		}
		rest = rest[size:]
	}
	return ""
}

// contentSize returns the bytes that a value of a serial type takes; false for
// the types that no file may have.
func contentSize(serial uint64) (uint64, bool) {
	switch serial {
	case 0, 8, 9: // NULL, 0, 1
		return 0, true
	case 1, 2, 3, 4:
		return serial, true
	case 5:
		return 6, true
	case 6, 7:
		return 8, true
	case 10, 11:
		return 0, false
	}
	return (serial - 12) / 2, true
}

// integer returns the number that content of an integer serial type is; 0 for
// another type.
func integer(serial uint64, content []byte) int64 {
	if serial == 9 {
		return 1
	}
	if serial == 0 || serial > 6 || len(content) == 0 {
		return 0
	}
	value := int64(int8(content[0]))
	for _, b := range content[1:] {
		value = value<<8 | int64(b)
	}
	return value
}

func isText(serial uint64) bool { return serial >= 13 && serial%2 == 1 }

func isBlob(serial uint64) bool { return serial >= 12 && serial%2 == 0 }

// appendUTF8 appends text, which is stored in encoding, as UTF-8.
func appendUTF8(to, text []byte, encoding Encoding) []byte {
	var order binary.ByteOrder = binary.LittleEndian
	switch encoding {
	case UTF8:
		return append(to, text...)
	case UTF16BE:
		order = binary.BigEndian
	}
	for ; len(text) >= 2; text = text[2:] {
		r := rune(order.Uint16(text))
		if utf16.IsSurrogate(r) {
			var low rune
			if len(text) >= 4 {
				low = rune(order.Uint16(text[2:]))
			}
			if r = utf16.DecodeRune(r, low); r != utf8.RuneError {
				text = text[2:]
			}
		}
		to = utf8.AppendRune(to, r)
	}
	return to
}
