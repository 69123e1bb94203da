package search

import (
	"bytes"
	"unicode/utf16"
	"unicode/utf8"
)

// What a file is, by its first bytes.
type content int

const (
	textual content = iota // text or anything that may hold some
	sqliteFile
	wideLittle // UTF-16, low byte first
	wideBig
	packed // compressed, or a picture, sound or film
)

// headSize is how many bytes decide.
const headSize = 4096

// contentOf tells by the first bytes of a file what is in it.
func contentOf(head []byte) content {
	switch {
	case bytes.HasPrefix(head, []byte("SQLite format 3\x00")):
		return sqliteFile
	case bytes.HasPrefix(head, []byte("\xff\xfe")):
		return wideLittle
	case bytes.HasPrefix(head, []byte("\xfe\xff")):
		return wideBig
	}
	for _, magic := range []string{
		"\x89PNG\r\n", "\xff\xd8\xff", "GIF87a", "GIF89a", "\x1f\x8b", "PK\x03\x04", "BZh", "\xfd7zXZ\x00", "7z\xbc\xaf",
		"\x28\xb5\x2f\xfd", "OggS", "ID3", "fLaC", "%PDF-", "\x1a\x45\xdf\xa3", "Rar!\x1a",
	} {
		if bytes.HasPrefix(head, []byte(magic)) {
			return packed
		}
	}
	if len(head) > 12 && (string(head[:4]) == "RIFF" || string(head[4:8]) == "ftyp") {
		return packed
	}
	return wide(head)
}

// wide recognises UTF-16 without a mark: most of its text is ASCII, so that every other
// byte is 0.
func wide(head []byte) content {
	if len(head) < 16 {
		return textual
	}
	var zeros [2]int
	for i, b := range head {
		if b == 0 {
			zeros[i%2]++
		}
	}
	most := len(head) / 2 * 9 / 10
	switch {
	case zeros[1] >= most && zeros[0] == 0:
		return wideLittle
	case zeros[0] >= most && zeros[1] == 0:
		return wideBig
	}
	return textual
}

// narrow returns UTF-16 text as UTF-8.
func narrow(text []byte, kind content) []byte {
	units := make([]uint16, 0, len(text)/2)
	for i := 0; i+1 < len(text); i += 2 {
		low, high := text[i], text[i+1]
		if kind == wideBig {
			low, high = high, low
		}
		units = append(units, uint16(low)|uint16(high)<<8)
	}
	return []byte(string(utf16.Decode(units)))
}

// wideOffset returns where in the UTF-16 text byte at of its UTF-8 form stands.
func wideOffset(narrowed []byte, at int) int {
	offset := 0
	for i := 0; i < at; {
		char, size := utf8.DecodeRune(narrowed[i:])
		offset += 2 * utf16.RuneLen(max(char, 0))
		i += size
	}
	return offset
}
