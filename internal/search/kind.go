package search

import (
	"bytes"
	"path/filepath"
	"strings"
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

// encrypted says why nothing can be found in a database of noise.
const encrypted = "an encrypted database, or none: its rows cannot be read"

// isEncrypted reports whether a file has the name of a database and begins with noise.
func isEncrypted(name string, head []byte) bool {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".db", ".db3", ".sqlite", ".sqlite3":
	default:
		return false
	}
	var seen [256]bool
	different := 0
	for _, b := range head {
		if !seen[b] {
			seen[b] = true
			different++
		}
	}
	return different >= 240 // of 4096 random bytes all 256 are, in all likelihood
}
