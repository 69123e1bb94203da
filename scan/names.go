package scan

import (
	"cmp"
	"slices"
	"strings"

	"github.com/clawsecrets/clawsecrets/internal/json5"
	"github.com/clawsecrets/clawsecrets/internal/rules"
)

// Span is a part of a text, in bytes.
type Span struct{ From, To int }

// NameSearch finds secrets in names: of files, keys, tables and variables. Nobody
// looks for one there, so a name goes into reports and logs as it is.
type NameSearch struct {
	rules  *rules.Set
	values map[string][]string // by their first shortestName bytes
	found  map[string][]Span   // what was found in the names up to now
}

// shortestName is the length in bytes from which on a value is looked for in names. A
// shorter one, and one that is a plain word such as "anthropic" for a password, stands in
// names by coincidence: to mask it there would tell that it is the password.
const shortestName = 8

// NewNameSearch returns a search for what the rules find, and for values that are known.
func NewNameSearch(set *rules.Set, known ...string) *NameSearch {
	n := &NameSearch{rules: set, values: map[string][]string{}, found: map[string][]Span{}}
	taken := map[string]bool{}
	for _, value := range known {
		if taken[value] || len(value) < shortestName || !tellTale(value) {
			continue
		}
		taken[value] = true
		for _, text := range slices.Compact([]string{value, json5.EscapePointer(value)}) {
			head := text[:shortestName]
			n.values[head] = append(n.values[head], text)
		}
	}
	return n
}

// Names returns a search for the values that the scan found or services set, and for what
// its rules find.
func (r *Result) Names() *NameSearch {
	set := r.rules
	if set == nil {
		set = rules.New(rules.Options{})
	}
	var known []string
	for _, f := range slices.Concat(r.Findings, r.LeftOut) {
		known = append(known, f.Value.Reveal())
	}
	known = append(known, r.serviceSecrets()...)
	return NewNameSearch(set, known...)
}

// Find returns the parts of a name that are secret, in order. Those that overlap are both
// returned.
func (n *NameSearch) Find(name string) []Span {
	if found, ok := n.found[name]; ok {
		return found
	}
	found := n.known(name)
	if len(name) >= shortestSecret {
		found = append(found, n.byRules(name)...)
	}
	slices.SortFunc(found, func(a, b Span) int { return cmp.Or(a.From-b.From, a.To-b.To) })
	found = slices.Compact(found)
	n.found[name] = found
	return found
}

// known returns where known values stand in a name.
func (n *NameSearch) known(name string) []Span {
	var found []Span
	for i := 0; i+shortestName <= len(name); i++ {
		for _, value := range n.values[name[i:i+shortestName]] {
			if strings.HasPrefix(name[i:], value) {
				found = append(found, Span{i, i + len(value)})
			}
		}
	}
	return found
}

// byRules asks the rules about a name in several forms: many want the end of a word
// behind a token, which neither the ending of a file nor a slash is to them.
func (n *NameSearch) byRules(name string) []Span {
	var found []Span
	ask := func(text string, original []int) {
		for _, m := range n.rules.Find(text) {
			if original != nil {
				m.Start, m.End = original[m.Start], original[m.End]
			}
			found = append(found, Span{m.Start, m.End})
		}
	}
	asked := map[string]bool{}
	for _, form := range []string{name, elements(name), withoutEndings(elements(name)), words(name)} {
		if !asked[form] {
			asked[form] = true
			ask(form, nil)
		}
	}
	if strings.Contains(name, "~0") || strings.Contains(name, "~1") {
		ask(unescapePointer(name))
	}
	return found
}

// elements puts each element of a path or pointer on a line of its own.
func elements(name string) string { return strings.Map(newlineFor(`/\`), name) }

// words does so with each element of a config path, and each part of a file's name.
func words(name string) string { return strings.Map(newlineFor(`/\.`), name) }

func newlineFor(separators string) func(rune) rune {
	return func(r rune) rune {
		if strings.ContainsRune(separators, r) {
			return '\n'
		}
		return r
	}
}

// withoutEndings cuts off the last dot of each line, and leaves what is behind it on a
// line of its own.
func withoutEndings(lines string) string {
	split := strings.Split(lines, "\n")
	for i, line := range split {
		if dot := strings.LastIndexByte(line, '.'); dot >= 0 {
			split[i] = line[:dot] + "\n" + line[dot+1:]
		}
	}
	return strings.Join(split, "\n")
}

// unescapePointer returns the keys of a JSON Pointer, each on a line of its own, and where
// each of their bytes stands in the pointer.
func unescapePointer(pointer string) (keys string, original []int) {
	var b strings.Builder
	for i := 0; i < len(pointer); i++ {
		original = append(original, i)
		switch {
		case pointer[i] == '/':
			b.WriteByte('\n')
		case strings.HasPrefix(pointer[i:], "~1"):
			b.WriteByte('/')
			i++
		case strings.HasPrefix(pointer[i:], "~0"):
			b.WriteByte('~')
			i++
		default:
			b.WriteByte(pointer[i])
		}
	}
	return b.String(), append(original, len(pointer))
}
