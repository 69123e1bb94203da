package rules

import (
	"bytes"
	"cmp"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"
)

func TestMostSpecific(t *testing.T) {
	text := "abc abc xyz\nabc xyz"
	match := func(r rank, start, end int) candidate {
		names := map[rank]string{rankProvider: "provider", rankShape: "shape", rankContext: "context", rankGeneric: "generic"}
		detector := DetectorGitleaks
		if r == rankShape {
			detector = DetectorShape
		}
		return candidate{Match: Match{Rule: names[r], Detector: detector, Start: start, End: end}, rank: r, matchStart: start}
	}
	for _, test := range []struct {
		name  string
		found []candidate
		want  []string
	}{
		{"nothing", nil, nil},
		{"the same characters", []candidate{match(rankGeneric, 0, 3), match(rankProvider, 0, 3)}, []string{"provider abc"}},
		{"part of a better one", []candidate{match(rankGeneric, 1, 3), match(rankShape, 0, 3)}, []string{"shape abc"}},
		{"more than a better one", []candidate{match(rankContext, 0, 7), match(rankShape, 0, 3)}, []string{"shape abc", "context abc abc"}},
		{"generic, the same text on the line", []candidate{match(rankGeneric, 4, 7), match(rankProvider, 0, 3)}, []string{"provider abc"}},
		{"generic, the same text on another line", []candidate{match(rankGeneric, 12, 15), match(rankProvider, 0, 3)},
			[]string{"provider abc", "generic abc"}},
		{"no generic, the same text on the line", []candidate{match(rankContext, 4, 7), match(rankShape, 0, 3)},
			[]string{"shape abc", "context abc"}},
		{"two of gitleaks", []candidate{match(rankContext, 0, 3), match(rankProvider, 0, 3)}, []string{"context abc", "provider abc"}},
		{"gitleaks before ours", []candidate{match(rankShape, 0, 3), match(rankProvider, 0, 3)}, []string{"provider abc"}},
		{"in order", []candidate{match(rankShape, 8, 11), match(rankShape, 0, 3)}, []string{"shape abc", "shape xyz"}},
		{"twice", []candidate{match(rankShape, 0, 3), match(rankShape, 0, 3)}, []string{"shape abc"}},
	} {
		if got := found(text, mostSpecific([]byte(text), test.found)); !slices.Equal(got, test.want) {
			t.Errorf("%s: got %q, want %q", test.name, got, test.want)
		}
	}
}

// TestMostSpecificIsAsDefined compares with the definition, pair by pair.
func TestMostSpecificIsAsDefined(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	dropped := 0
	for range 20_000 {
		text := make([]byte, 4+random.IntN(40))
		for i := range text {
			text[i] = "ab\n"[min(random.IntN(7)/3, 2)]
		}
		found := make([]candidate, random.IntN([]int{9, 2 * few}[random.IntN(2)]))
		for i := range found {
			start := random.IntN(len(text))
			end := start + 1 + random.IntN(len(text)-start)
			r := rank(random.IntN(int(rankGeneric) + 1))
			detector := []string{DetectorGitleaks, DetectorShape, DetectorKnown}[random.IntN(3)]
			found[i] = candidate{
				Match: Match{Rule: strconv.Itoa(i), Detector: detector, Start: start, End: end, Rank: int(r)},
				rank:  r, matchStart: random.IntN(start + 1),
			}
		}
		want := mostSpecificByPairs(text, found)
		got := mostSpecific(text, slices.Clone(found))
		if !slices.Equal(got, want) {
			t.Fatalf("in %q of\n%+v\ngot  %+v\nwant %+v", text, found, got, want)
		}
		dropped += len(found) - len(want)
	}
	if dropped == 0 {
		t.Error("no match was superfluous")
	}
}

func mostSpecificByPairs(text []byte, found []candidate) []Match {
	var kept []Match
	for _, m := range found {
		superfluous := slices.ContainsFunc(found, func(other candidate) bool {
			within := other.Start <= m.Start && m.End <= other.End
			if m.rank == rankGeneric {
				within = within || sameLine(text, m.matchStart, other.matchStart) &&
					bytes.Contains(text[other.Start:other.End], text[m.Start:m.End])
			} else {
				within = within && (m.Detector != DetectorGitleaks || other.Detector != DetectorGitleaks)
			}
			return other.rank < m.rank && within
		})
		if !superfluous {
			kept = append(kept, m.Match)
		}
	}
	slices.SortFunc(kept, func(a, b Match) int {
		return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.End, b.End), cmp.Compare(a.Rule, b.Rule))
	})
	return kept
}

// sameLine reports whether two offsets are on one line of text; a line feed belongs to the
// line that it opens.
func sameLine(text []byte, a, b int) bool {
	return bytes.IndexByte(text[min(a, b)+1:max(a, b)+1], '\n') < 0
}

func BenchmarkMostSpecific(b *testing.B) {
	for _, count := range []int{10, 1000, 100_000} {
		text := bytes.Repeat([]byte("0123456789abcdef"), count)
		found := make([]candidate, count)
		for i := range found {
			r := []rank{rankGeneric, rankShape}[i%2]
			found[i] = candidate{Match: Match{Start: 16 * i, End: 16*i + 9}, rank: r, matchStart: 16 * i}
		}
		b.Run(strconv.Itoa(count), func(b *testing.B) {
			for b.Loop() {
				mostSpecific(text, found)
			}
		})
	}
}
