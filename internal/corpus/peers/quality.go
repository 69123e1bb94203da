package main

import (
	"encoding/base64"
	"slices"
	"strings"

	"github.com/clawsecrets/clawsecrets/internal/corpus"
)

// quality says what a peer found of what is planted.
type quality struct {
	Planted int
	// Exact is how many planted values were told exactly, Near how many more were told
	// with something missing or too much, or as the base64 text that holds them.
	Exact, Near int
	// Known is the share of the values told exactly of kinds that gitleaks has a rule for.
	Known float64
	// Unplanted is how many different values it told that have nothing to do with a planted one.
	Unplanted int
	// Missed has the recall of each kind that is below 1.
	Missed map[string]float64
}

// share counts hits.
type share struct{ hits, of int }

func (s *share) add(hit bool) {
	s.of++
	if hit {
		s.hits++
	}
}

func (s share) value() float64 {
	if s.of == 0 {
		return 1
	}
	return float64(s.hits) / float64(s.of)
}

func judge(planted []corpus.Planted, told []string) quality {
	values := map[string]bool{} // that were told
	for _, value := range told {
		values[plain(value)] = true
	}
	q := quality{Planted: len(planted), Missed: map[string]float64{}}
	kinds, known := map[string]*share{}, share{}
	exact := map[string]bool{}
	for _, p := range planted {
		hit := values[plain(p.Value)]
		if kinds[p.Kind] == nil {
			kinds[p.Kind] = &share{}
		}
		kinds[p.Kind].add(hit)
		if p.HasGitleaksRule {
			known.add(hit)
		}
		if hit {
			q.Exact++
			exact[plain(p.Value)] = true
		}
	}
	for kind, s := range kinds {
		if s.value() < 1 {
			q.Missed[kind] = s.value()
		}
	}
	q.Known = known.value()
	q.Near, q.Unplanted = others(planted, values, exact)
	return q
}

// others says how many values that were not told exactly were told nearly, and how many
// of those told are nowhere near a planted one.
func others(planted []corpus.Planted, values, exact map[string]bool) (near, unplanted int) {
	touched := map[string]bool{}
	for value := range values {
		if exact[value] {
			continue
		}
		decoded, _ := base64.StdEncoding.DecodeString(value) // what came before an error counts
		i := slices.IndexFunc(planted, func(p corpus.Planted) bool {
			want := plain(p.Value)
			return strings.Contains(value, want) || strings.Contains(string(decoded), want) ||
				len(value) >= 8 && strings.Contains(want, value)
		})
		if i < 0 {
			unplanted++
		} else if want := plain(planted[i].Value); !exact[want] {
			touched[want] = true
		}
	}
	return len(touched), unplanted
}

// plain undoes the escapes of JSON, however often they were made, as a scanner that does
// not know JSON tells a value with them; and what surrounds it.
func plain(value string) string {
	for strings.Contains(value, `\\`) {
		value = strings.ReplaceAll(value, `\\`, `\`)
	}
	return strings.TrimSpace(strings.NewReplacer(`\n`, "\n", `\"`, `"`).Replace(value))
}
