package rules

import (
	"slices"
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
