package sqlite

import (
	"slices"
	"strings"
)

// maxDeclaration is the longest statement whose columns are looked for: SQLite's
// own default limit.
const maxDeclaration = 1_000_000

// storedColumns returns the names of the columns that a CREATE TABLE statement
// makes, in the order of the values in a record: virtual columns are not
// stored, and without rowids the primary key comes first. Nil if the statement
// is not understood.
func storedColumns(sql string, withoutRowID bool) []string {
	if len(sql) > maxDeclaration {
		return nil
	}
	var names, key []string
	for _, definition := range definitions(sql) {
		first := definition[0]
		constraint := !first.quoted && slices.Contains(
			[]string{"CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN"}, strings.ToUpper(first.text))
		if !constraint && (definition.find("AS") < 0 || definition.find("STORED") >= 0) {
			names = append(names, first.text)
		}
		i := definition.find("PRIMARY", "KEY")
		switch {
		case i < 0:
		case constraint:
			key = append(key, definition[i+2:].list()...)
		default:
			key = append(key, first.text)
		}
	}
	if !withoutRowID {
		return names
	}
	left := map[string]string{} // by lower case, as names are compared
	for _, name := range names {
		left[strings.ToLower(name)] = name
	}
	var ordered []string
	for _, name := range append(key, names...) {
		lower := strings.ToLower(name)
		if name, ok := left[lower]; ok {
			ordered = append(ordered, name)
			delete(left, lower)
		}
	}
	return ordered
}

// tokens are those of one definition between the commas of CREATE TABLE.
type tokens []token

type token struct {
	text   string
	quoted bool
	depth  int // of parentheses, 1 for the statement's own
}

// find returns where the keywords stand in a row outside of parentheses, else -1.
func (t tokens) find(keywords ...string) int {
	for i := range len(t) - len(keywords) + 1 {
		match := true
		for j, keyword := range keywords {
			at := t[i+j]
			match = match && at.depth == 1 && !at.quoted && strings.EqualFold(at.text, keyword)
		}
		if match {
			return i
		}
	}
	return -1
}

// list returns the first word of each item of the parenthesis that t begins with.
func (t tokens) list() []string {
	var items []string
	wanted := true
	for _, at := range t[min(1, len(t)):] {
		switch {
		case at.depth < 2:
			return items
		case at.depth == 2 && !at.quoted && at.text == ",":
			wanted = true
		case wanted:
			items = append(items, at.text)
			wanted = false
		}
	}
	return items
}

// definitions splits what is in the parentheses of CREATE TABLE. None is empty.
func definitions(sql string) []tokens {
	var all []tokens
	var current tokens
	depth := 0
	for at, rest := nextToken(sql); at.text != "" || at.quoted; at, rest = nextToken(rest) {
		open, shut := !at.quoted && at.text == "(", !at.quoted && at.text == ")"
		if open {
			depth++
		}
		at.depth = depth
		if shut {
			depth--
		}
		switch {
		case depth == 0 && !shut, open && depth == 1:
			continue
		case depth > 0 && (depth > 1 || at.quoted || at.text != ","):
			current = append(current, at)
			continue
		}
		if len(current) > 0 && len(all) < maxColumns {
			all = append(all, current)
		}
		current = nil
		if depth <= 0 {
			return all
		}
	}
	return nil
}

// nextToken cuts the first token off sql: a word, a name or string in quotes, or
// a character; an empty one at the end.
func nextToken(sql string) (token, string) {
	for {
		sql = strings.TrimLeft(sql, " \t\n\f\r")
		switch {
		case strings.HasPrefix(sql, "--"):
			_, sql, _ = strings.Cut(sql, "\n")
			continue
		case strings.HasPrefix(sql, "/*"):
			_, sql, _ = strings.Cut(sql[2:], "*/")
			continue
		case sql == "":
			return token{}, ""
		}
		break
	}
	if quote := strings.IndexByte("\"`'[", sql[0]); quote >= 0 {
		return quotedToken(sql[1:], "\"`']"[quote])
	}
	end := 0
	for end < len(sql) && isWord(sql[end]) {
		end++
	}
	end = max(end, 1)
	return token{text: sql[:end]}, sql[end:]
}

// quotedToken reads up to quote; two of them stand for one, save for brackets.
func quotedToken(sql string, quote byte) (token, string) {
	var text strings.Builder
	for {
		end := strings.IndexByte(sql, quote)
		if end < 0 {
			return token{}, "" // does not end: no statement that SQLite took
		}
		text.WriteString(sql[:end])
		sql = sql[end+1:]
		if quote == ']' || sql == "" || sql[0] != quote {
			return token{text: text.String(), quoted: true}, sql
		}
		text.WriteByte(quote)
		sql = sql[1:]
	}
}

// isWord reports whether b can be in a word; every byte of a non-ASCII letter is.
func isWord(b byte) bool {
	return b == '_' || b == '$' || b >= 0x80 || '0' <= b && b <= '9' || 'a' <= b|0x20 && b|0x20 <= 'z'
}
