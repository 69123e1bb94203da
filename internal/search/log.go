package search

import (
	"io"
	"strings"
)

// logOf is the ending of a database's write-ahead log.
const logOf = "-wal"

// searchedElsewhere says of a write-ahead log that it is searched with its database, "" of any
// other file and where no such database is among the files.
func (r *run) searchedElsewhere(file File) string {
	base, isLog := strings.CutSuffix(file.Path, logOf)
	if !isLog || !r.asked[base] {
		return ""
	}
	database, _, problem := opened(base)
	if problem != "" {
		return ""
	}
	defer func() { _ = database.Close() }()
	head := make([]byte, headSize)
	if n, _ := io.ReadFull(database, head); contentOf(head[:n]) != sqliteFile {
		return ""
	}
	return "a write-ahead log: it is read with its database"
}
