package json5

import (
	"slices"
	"strings"
	"testing"
)

func TestComments(t *testing.T) {
	source := "// one\n{ /* two */ a /* three */ : /* four */ 1 /* five */ , // six\n b: [ 2, /* seven */ ], /* eight */ } // nine"
	document, err := Parse([]byte(source))
	if err != nil {
		t.Fatal(err)
	}
	var words []string
	document.Comments(func(start, end int) {
		for _, word := range strings.Fields(source[start:end]) {
			if word != "//" && word != "/*" && word != "*/" {
				words = append(words, word)
			}
		}
	})
	slices.Sort(words)
	want := "eight five four nine one seven six three two"
	if got := strings.Join(words, " "); got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
}
