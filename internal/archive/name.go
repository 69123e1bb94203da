package archive

import (
	"path"
	"strings"
	"unicode"
)

// maxName bounds the bytes of a name: an archive may give one of a megabyte.
const maxName = 4096

// join returns the name to show for a member of an archive that itself has the name
// outer, "" at the top. It leads out of no folder and holds nothing that could steer a
// terminal.
func join(outer, member string) string {
	member = path.Clean("/" + member[:min(len(member), maxName)])[1:]
	member = strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return '?'
	}, member)
	if member == "" {
		member = "?"
	}
	if outer == "" {
		return member
	}
	return outer + "/" + member
}
