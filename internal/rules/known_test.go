package rules

import (
	"slices"
	"strings"
	"testing"
)

func TestKnown(t *testing.T) {
	short, long := "hunter"+"2x", strings.Repeat("k3y-", 5)
	for _, test := range []struct {
		known Known
		text  string
		want  []string
	}{
		{Known{Value: short}, "a " + short + " b, x" + short + ", " + short + "y", []string{short}},
		{Known{Value: short, Within: true}, "x" + short + "y", []string{short}},
		{Known{Value: long}, "x" + long + "y", []string{long}},
		{Known{Value: "short"}, "short", nil},
		{Known{Value: "no\xfftext"}, "no\xfftext", nil},
		{Known{Value: long + "\n"}, long + "\n", []string{long + "\n"}},
		{Known{Value: long + "\n"}, long + " and " + long + "\r\n", []string{long, long}},
		{Known{Value: long + "\r\n"}, long + "\n" + long + "\r\n", []string{long, long + "\r\n"}},
		{Known{Value: "abc\n\n\n"}, "abc\n\n\n", nil},
		{Known{Value: "a.c(e)+"}, "abcce a.c(e)+", []string{"a.c(e)+"}},
		{Known{Value: "schlüssel"}, "(schlüssel)", []string{"schlüssel"}},
	} {
		for _, set := range []*Set{OnlyKnown([]Known{test.known}), New(Options{Known: []Known{test.known}})} {
			var got []string
			for _, m := range set.Find(test.text) {
				if m.Detector == DetectorKnown {
					got = append(got, test.text[m.Start:m.End])
				}
			}
			if !slices.Equal(got, test.want) || set.Err() != nil {
				t.Errorf("%q in %q: got %q, want %q; error %v", test.known.Value, test.text, got, test.want, set.Err())
			}
		}
	}
}

// A set of known values finds nothing else.
func TestOnlyKnown(t *testing.T) {
	key := newGenerator(5).matching(t, `sk-or-v1-[0-9a-f]{64}`)
	if found := OnlyKnown([]Known{{Value: "hunter" + "2x"}}).Find("the key " + key); len(found) > 0 {
		t.Errorf("found %d", len(found))
	}
}
