package dotenv

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// measured is a file and what npm dotenv 17.4.2 returned for it.
type measured struct {
	Text string            `json:"text"`
	Want map[string]string `json:"want"`
}

func measuredFiles(t testing.TB) []measured {
	t.Helper()
	file, err := os.Open(filepath.Join("..", "..", "testdata", "env", "npm-dotenv-17.4.2.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var all []measured
	for lines := bufio.NewScanner(file); lines.Scan(); {
		var m measured
		if err := json.Unmarshal(lines.Bytes(), &m); err != nil {
			t.Fatal(err)
		}
		all = append(all, m)
	}
	if len(all) < 100 {
		t.Fatalf("only %d measured files", len(all))
	}
	return all
}

func TestParseMeasured(t *testing.T) {
	for _, m := range measuredFiles(t) {
		f := Parse([]byte(m.Text))
		if got := f.Map(); !maps.Equal(got, m.Want) {
			t.Errorf("%q: got %q, npm dotenv reads %q", m.Text, got, m.Want)
		}
		for name, want := range m.Want {
			if got, ok := f.Get(name); !ok || got != want {
				t.Errorf("%q: Get(%q) = %q, %v", m.Text, name, got, ok)
			}
		}
		if got := f.Names(); !slices.Equal(got, slices.Sorted(maps.Keys(m.Want))) {
			t.Errorf("%q: Names() = %q", m.Text, got)
		}
	}
}

// TestParseBrokenUTF8 counts replacement characters as the product's runtime does.
func TestParseBrokenUTF8(t *testing.T) {
	for broken, want := range map[string]int{
		"\xff": 1, "\xff\xfe": 2, "\xe2\x80": 1, "\xe2\xe2\x80": 2, "\xf0\x9f\x98": 1, "\xed\xa0\x80": 3, "\xc0\xaf": 2, "\xf4\x90\x80\x80": 4, "\x80": 1,
	} {
		if got, _ := Parse([]byte("K=a" + broken + "b")).Get("K"); got != "a"+strings.Repeat("\ufffd", want)+"b" {
			t.Errorf("%q reads as %q, want %d replacement characters", broken, got, want)
		}
	}
}

func TestEntries(t *testing.T) {
	tests := []struct{ text, want string }{
		{"A=1\nB='2' # c\nA=3\n", "1:1 A=1|2:1 B='2'|3:1 A=3"},
		{"  export A = 1  #x\r\n\r\n\tB: \"y\"\r\n", "1:3 export A = 1|3:2 B: \"y\""},
		{"\ufeffA=1\rB=2", "1:1 A=1|2:1 B=2"},
		{"A=\n# c\nB=\n'x'\nC= \n", "1:1 A=|3:1 B=\n'x'|5:1 C="},
		{"A:\nB=1\n", "1:1 A:\nB=1"},
		{"A: \nB=1\n", "1:1 A:|2:1 B=1"},
		{"é\u2028A=1", "1:3 A=1"},
		{"A='x\r\ny'\r\nB=2", "1:1 A='x\r\ny'|3:1 B=2"},
		{"export\nA=1", "1:1 export\nA=1"},
		{"__proto__=x\n A=", "2:2 A="},
		{"", ""},
	}
	for _, test := range tests {
		f := Parse([]byte(test.text))
		var got []string
		for _, e := range f.Entries() {
			got = append(got, fmt.Sprintf("%d:%d %s", e.Line, e.Column, test.text[e.Start:e.End]))
		}
		if got := strings.Join(got, "|"); got != test.want {
			t.Errorf("%q:\n got %q\nwant %q", test.text, got, test.want)
		}
	}
}

// TestBytesAreOwned changes what was passed in and handed out.
func TestBytesAreOwned(t *testing.T) {
	src := []byte("A=1\n")
	f := Parse(src)
	src[2] = '2'
	f.Bytes()[2] = '3'
	f.Entries()[0].Value = "4"
	if got, _ := f.Get("A"); got != "1" || string(f.Bytes()) != "A=1\n" {
		t.Errorf("got %q in %q", got, f.Bytes())
	}
}

func TestFormatHidesValues(t *testing.T) {
	f := Parse([]byte("TOKEN=topsecret\n"))
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		got := fmt.Sprintf(verb+verb+verb, f, f.Entries(), f.Entries()[0])
		if strings.Contains(got, "secret") || strings.Contains(got, fmt.Sprintf("%x", "secret")) || strings.Contains(got, "115 101") {
			t.Errorf("%s prints %s", verb, got)
		}
	}
}

// BenchmarkParseHostile parses files on which matching the product's expression takes
// quadratic time, minutes each: a linear parser has the same rate on all of them.
func BenchmarkParseHostile(b *testing.B) {
	const size = 256 << 10
	parts := []string{
		"\n", " \n", "K\n", "K \n\n", "K=\"\n", "K='a\\' x\n", "export\n", "K=`\\`\n'", "#\n", "K=\u2028'", "'\u2028", "K=\n", ":\n", "\\'", "\\' ", "A: ", "\xe2",
	}
	for _, part := range parts {
		for _, head := range []string{"", "A='", "A=\"", "A="} {
			src := append([]byte(head), bytes.Repeat([]byte(part), size/len(part))...)
			b.Run(fmt.Sprintf("%q %q", head, part), func(b *testing.B) {
				b.SetBytes(size)
				for b.Loop() {
					Parse(src)
				}
			})
		}
	}
}
