package unwrap

import (
	"bytes"
	"math/rand/v2"
	"net/url"
	"strings"
	"testing"
)

func TestPercent(t *testing.T) {
	tests := []struct{ name, src, want string }{
		{"empty", "", ""},
		{"plain", "100 %, 5%", "100 %, 5%"},
		{"bytes", "a%20b%2Bc%2bd", "a b+c+d"},
		{"plus", "a+b", "a+b"},
		{"no digits", "%zz%1g%", "%zz%1g%"},
		{"percent before one", "%%41", "%A"},
		{"decoded once", "%2541", "%41"},
		{"binary", "%00%ff", "\x00\xff"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := string(Percent([]byte("before"), []byte(test.src))); got != "before"+test.want {
				t.Errorf("Percent(%q) = %q, want %q behind what was there", test.src, got, test.want)
			}
			if got, want := HasPercent([]byte(test.src)), test.src != test.want; got != want {
				t.Errorf("HasPercent(%q) = %v", test.src, got)
			}
		})
	}
}

var percentPieces = []string{"%", "%2", "%41", "%c3%a9", "4", "F", "a", " ", "/", "%%"}

func FuzzPercent(f *testing.F) {
	f.Add([]byte("https://example.org/?q=a%20b&token=%2Fx"), 3, 20)
	f.Add([]byte("%%41%zz%"), 0, 2)
	f.Fuzz(checkPercent)
}

func TestPercentOfDenseText(t *testing.T) {
	random := rand.New(rand.NewPCG(9, 10))
	for i := range 5_000 {
		checkPercent(t, dense(random, i%100, percentPieces...), random.IntN(100), random.IntN(100))
		if t.Failed() {
			return
		}
	}
}

// checkPercent compares with net/url where that takes src, and checks the span.
func checkPercent(t *testing.T, src []byte, start, end int) {
	got := Percent(nil, src)
	if want, err := url.PathUnescape(string(src)); err == nil && string(got) != want {
		t.Errorf("Percent(%q) = %q, net/url says %q", src, got, want)
	}
	if HasPercent(src) == bytes.Equal(got, src) && !bytes.Equal(got, src) {
		t.Errorf("HasPercent(%q) = false, but it decodes to %q", src, got)
	}
	checkSpan(t, src, start, end, Percent, PercentSpan, 1)
	checkStitched(t, src, collect(t, src, PercentSegments), Percent)
}

func TestPercentSegments(t *testing.T) {
	space := strings.Repeat(" ", 200)
	tests := []struct {
		name, text string
		want       []part
	}{
		{"none", space + "https://example.org/ 5% %zz" + space, nil},
		{"one", space + "https://example.org/a%20b?c=d\"" + space, []part{{136, 229}}},
		{"at the borders", "a%20b", []part{{0, 5}}},
		{"two in one run", space + "a%20b%20c" + space, []part{{136, 209}}},
		{"two near", space + "a%20b and%20c" + space, []part{{136, 213}}},
		{"two touching", space + "a%20b" + space[:64] + "c%20d" + space, []part{{136, 274}}},
		{"two a byte apart", space + "a%20b" + space[:65] + "c%20d" + space, []part{{136, 205}, {206, 275}}},
		{"two apart", space + "a%20b" + space + "c%20d" + space, []part{{136, 205}, {341, 410}}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := collect(t, []byte(test.text), PercentSegments)
			if len(got) != len(test.want) {
				t.Fatalf("got %v, want %v", got, test.want)
			}
			for i := range got {
				if got[i] != test.want[i] {
					t.Errorf("got %v, want %v", got, test.want)
				}
			}
		})
	}
}
