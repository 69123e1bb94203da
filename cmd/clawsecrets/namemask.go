package main

import (
	"slices"
	"strconv"
	"strings"

	"github.com/clawsecrets/clawsecrets/internal/rules"
	"github.com/clawsecrets/clawsecrets/internal/secret"
	"github.com/clawsecrets/clawsecrets/scan"
)

// nameMasker masks secrets in names of files, keys and variables, and in what is said of
// them: those are not ours, and one may be a secret itself.
type nameMasker struct {
	search  *scan.NameSearch
	numbers map[string]int // of the secrets, among those with the same mask
	counts  map[string]int // by mask
}

// newNameMasker returns the masker for the names of a scan. Two secrets with the same mask
// are told apart by a number; every format and message gives the same ones.
func newNameMasker(result *scan.Result) *nameMasker {
	m := maskerOf(result.Names())
	for _, f := range slices.Concat(result.Findings, result.LeftOut) {
		m.mask(f.File.Rel)
		m.mask(label(f))
	}
	for _, s := range result.Coverage.Skipped {
		m.mask(s.File)
	}
	return m
}

// newRulesMasker returns a masker where nothing was scanned: it knows the rules alone.
func newRulesMasker() *nameMasker {
	return maskerOf(scan.NewNameSearch(rules.New(rules.Options{})))
}

func maskerOf(search *scan.NameSearch) *nameMasker {
	return &nameMasker{search: search, numbers: map[string]int{}, counts: map[string]int{}}
}

// mask returns a name with the secrets in it masked. On a nil masker it returns the name
// as it is: for who asked to see the secrets.
func (m *nameMasker) mask(name string) string {
	if m == nil {
		return name
	}
	spans := m.search.Find(name)
	if len(spans) == 0 {
		return name
	}
	var b strings.Builder
	done := 0
	for i := 0; i < len(spans); {
		from, to := spans[i].From, spans[i].To
		first := name[from:to] // of several from here the shortest, which shows the least
		for i++; i < len(spans) && spans[i].From < to; i++ {
			to = max(to, spans[i].To)
		}
		b.WriteString(name[done:from] + m.masked(first, name[from:to]))
		done = to
	}
	return b.String() + name[done:]
}

// masked returns what is shown of a secret that begins with first.
func (m *nameMasker) masked(first, text string) string {
	mask := secret.New(first).Mask()
	if m.numbers[text] == 0 {
		m.counts[mask]++
		m.numbers[text] = m.counts[mask]
	}
	if number := m.numbers[text]; number > 1 {
		return mask + "#" + strconv.Itoa(number)
	}
	return mask
}
