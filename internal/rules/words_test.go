package rules

import (
	"slices"
	"strings"
	"testing"
)

// FuzzWordIndex: the index finds exactly the words that the text contains.
func FuzzWordIndex(f *testing.F) {
	f.Add("sk-ant token a.b", "sk token a s. nt ke")
	f.Add("", "a")
	f.Add("aaaa", "a aa aaa aaaa aaaaa")
	f.Fuzz(func(t *testing.T, text, list string) {
		words := strings.Fields(list)
		slices.Sort(words)
		words = slices.Compact(words)
		var index wordIndex
		index.add("")
		var want []string
		for _, word := range words {
			index.add(word)
			if strings.Contains(text, word) {
				want = append(want, word)
			}
		}
		var got []string
		index.each(text, func(word string) bool {
			got = append(got, word)
			return true
		})
		slices.Sort(got)
		if got = slices.Compact(got); !slices.Equal(got, want) {
			t.Errorf("words %q in %q: got %q, want %q", words, text, got, want)
		}
	})
}

func TestWordIndexStops(t *testing.T) {
	var index wordIndex
	index.add("a")
	index.add("ab")
	for _, text := range []string{"ababab", "xab"} {
		calls := 0
		index.each(text, func(string) bool { calls++; return false })
		if calls != 1 {
			t.Errorf("in %q the index went on %d times after it was told to stop", text, calls-1)
		}
	}
}
