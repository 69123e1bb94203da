package search

import (
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/clawsecrets/clawsecrets/internal/secret"
)

type form struct {
	name string
	text func(count int) string
}

// manyForms are lines with many secrets, wrapped in every way.
func manyForms() []form {
	all := func(count int, between string) string {
		var text strings.Builder
		for i := range count {
			text.WriteString(github(fmt.Sprint(i)) + between)
		}
		return text.String()
	}
	return []form{
		{"list", func(count int) string { return `["` + all(count, `","`) + `"]` }},
		{"string", func(count int) string { return record(all(count, "\n")) }},
		{"json in json", func(count int) string { return record(record(all(count, "\n"))) }},
		{"base64", func(count int) string { return record(base64.StdEncoding.EncodeToString([]byte(all(count, "\n")))) }},
		{"percent", func(count int) string { return record("https://a.test/?q=" + url.QueryEscape(all(count, "\n"))) }},
		{"names", func(count int) string { return record(strings.ReplaceAll(all(count, "\n"), "ghp_", "api_key=")) }},
		{"text", func(count int) string { return all(count, " ") }},
	}
}

func countName(count int) string { return fmt.Sprint(count) }

// TestManySecrets has as many secrets on a line as would take hours if any step took a time
// that grows with the square of their number.
func TestManySecrets(t *testing.T) {
	count := 5000
	if testing.Short() {
		count = 1000
	}
	for _, form := range manyForms() {
		if report := searchData(newSearcher(), []byte(form.text(count))); len(report.Hits) < count*9/10 { // a few names have no noise enough
			t.Errorf("%s: %d secrets of %d", form.name, len(report.Hits), count)
		}
	}
}

func TestDistinct(t *testing.T) {
	hit := func(rule string, rank int, layers string, start, end int64) Hit {
		return Hit{Rule: rule, rank: rank, Layers: layers, Start: start, End: end, Value: secret.New("x")}
	}
	for _, test := range []struct {
		name string
		hits []Hit
		want []string
	}{
		{"none", nil, nil},
		{"the same bytes, by two rules", []Hit{hit("generic", 4, "", 0, 9), hit("provider", 1, "", 0, 9)}, []string{"provider 0-9"}},
		{"the same bytes, in two layers", []Hit{hit("a", 1, "", 0, 9), hit("a", 1, "j", 0, 9)}, []string{"a j 0-9"}},
		{"a rule in two layers, with other bytes", []Hit{hit("a", 1, "", 0, 20), hit("a", 1, "j", 0, 9)}, []string{"a j 0-9"}},
		{"a promising one in another layer", []Hit{hit("generic", 4, "", 2, 30), hit("a", 1, "j", 5, 9)}, []string{"a j 5-9"}},
		{"two rules of one rank", []Hit{hit("a", 1, "", 0, 9), hit("b", 1, "j", 5, 12)}, []string{"a 0-9", "b j 5-12"}},
		{"two rules in one layer", []Hit{hit("a", 1, "", 0, 9), hit("generic", 4, "", 5, 12)}, []string{"a 0-9", "generic 5-12"}},
		{"apart", []Hit{hit("a", 1, "j", 9, 12), hit("a", 1, "", 0, 9)}, []string{"a 0-9", "a j 9-12"}},
		{"behind one that lies within", []Hit{hit("long", 1, "", 0, 100), hit("short", 1, "", 10, 20), hit("generic", 4, "j", 30, 40)},
			[]string{"long 0-100", "short 10-20"}},
		{"superfluous beside a superfluous one", []Hit{hit("a", 1, "jj", 0, 10), hit("b", 2, "j", 5, 20), hit("c", 3, "", 15, 30)},
			[]string{"a jj 0-10", "c 15-30"}},
	} {
		var got []string
		for _, h := range distinct(test.hits) {
			got = append(got, strings.Join(strings.Fields(fmt.Sprintf("%s %s %d-%d", h.Rule, h.Layers, h.Start, h.End)), " "))
		}
		if !slices.Equal(got, test.want) {
			t.Errorf("%s: got %q, want %q", test.name, got, test.want)
		}
	}
}

// TestDistinctIsAsDefined compares with the definition, pair by pair.
func TestDistinctIsAsDefined(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for range 20_000 {
		hits := make([]Hit, random.IntN(12))
		for i := range hits {
			start := random.Int64N(30)
			rank := random.IntN(3)
			hits[i] = Hit{
				Rule: fmt.Sprint("rule", rank, random.IntN(2)), rank: rank, Layers: []string{"", "j", "p", "jj"}[random.IntN(4)],
				Start: start, End: start + 1 + random.Int64N(12), From: random.IntN(2),
			}
		}
		got := distinct(slices.Clone(hits))
		for i := range got {
			for k := range i {
				if got[i].repeats(got[k]) {
					t.Fatalf("%+v repeats %+v", got[i], got[k])
				}
			}
		}
		for _, h := range hits {
			if !slices.ContainsFunc(got, func(k Hit) bool { return h == k || h.repeats(k) && k.compare(&h) <= 0 }) {
				t.Fatalf("%+v is missing, and repeats none of %+v", h, got)
			}
		}
	}
}

// repeats is what distinct says of two hits.
func (h Hit) repeats(other Hit) bool {
	if h.Start >= other.End || other.Start >= h.End {
		return false
	}
	sameBytes := h.Start == other.Start && h.End == other.End && h.From == other.From && h.To == other.To
	return sameBytes || h.Layers != other.Layers && (h.Rule == other.Rule || h.rank != other.rank)
}
