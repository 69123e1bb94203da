package search

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"io"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/clawsecrets/clawsecrets/internal/secret"
)

// slowPointers returns the pointer of every byte of every string in a document, by way of
// encoding/json.
func slowPointers(document []byte) (map[int]string, error) {
	type level struct {
		list  bool
		index int
		name  string
		named bool
	}
	pointers := map[int]string{}
	decoder := json.NewDecoder(bytes.NewReader(document))
	var open []level
	for {
		before := decoder.InputOffset()
		token, err := decoder.Token()
		if err == io.EOF {
			return pointers, nil
		}
		if err != nil {
			return nil, err
		}
		top := len(open) - 1
		switch value := token.(type) {
		case json.Delim:
			if value == '{' || value == '[' {
				open = append(open, level{list: value == '['})
				continue
			}
			if open = open[:top]; top > 0 {
				open[top-1].index++
				open[top-1].named = false
			}
			continue
		case string:
			key := top >= 0 && !open[top].list && !open[top].named
			if key {
				open[top].name, open[top].named = value, true
			}
			pointer := ""
			for _, l := range open {
				name := l.name
				if l.list {
					name = strconv.Itoa(l.index)
				}
				pointer += "/" + strings.ReplaceAll(strings.ReplaceAll(name, "~", "~0"), "/", "~1")
			}
			end := int(decoder.InputOffset())
			start := int(before) + bytes.IndexByte(document[before:end], '"')
			for at := start; at < end; at++ {
				pointers[at] = pointer
			}
			if key {
				continue
			}
		}
		if top >= 0 {
			open[top].index++
			open[top].named = false
		}
	}
}

func FuzzPointer(f *testing.F) {
	for _, document := range []string{
		`{"a":"b"}`, `[1,"x",{"a/b":["~",null,{"é\"\\":"\ud83e\udd9e"}]}]`, ` { "a" : { } , "b" : [ ] , "c" : "d" , "" : "" } `,
		`{"a":{"b":1,"c":"x"},"d":"y"}`, `"x"`, `[[],[[]],"z"]`, `{"a":true,"b":-1.5e3,"c":{"d":["e",{"f":"g"}]}}`,
	} {
		f.Add([]byte(document))
	}
	f.Fuzz(func(t *testing.T, document []byte) {
		want, err := slowPointers(document)
		if err != nil || !json.Valid(document) || !utf8.Valid(document) {
			p := pointing{text: document}
			for at := range document {
				_, _ = p.to(at) // ends, and does not panic
			}
			return
		}
		p := pointing{text: document}
		for at := range document {
			pointer, ok := want[at]
			if !ok || len(pointer) > longestPointer {
				continue
			}
			if got, _ := p.to(at); got != pointer {
				t.Fatalf("byte %d of %q: got %q, want %q", at, document, got, pointer)
			}
			if got, _ := (&pointing{text: document}).to(at); got != pointer {
				t.Fatalf("byte %d of %q at once: got %q, want %q", at, document, got, pointer)
			}
		}
	})
}

func TestPointers(t *testing.T) {
	one, two := github("one"), github("two")
	for _, test := range []struct{ line, want string }{
		{`{"message":{"content":[1,{"text":"x ` + one + `"}]}}`, "/message/content/1/text"},
		{`{"a/b":{"~":"` + one + `"}}`, "/a~1b/~0"},
		{`["` + one + `"]`, "/0"},
		{`{"` + one + `":"value"}`, ""},                 // the key is the secret
		{`{"x-` + one + `":{"a":["` + two + `"]}}`, ""}, // a key on the way is
		{`{"` + strings.ReplaceAll(one, "_", `\u005f`) + `":{"a":"` + two + `"}}`, ""},
		{`{"` + base64.StdEncoding.EncodeToString([]byte("key "+one)) + `":{"a":"` + two + `"}}`, ""},
		{`{"` + strings.Repeat("a", 2*longestPointer) + `":"` + one + `"}`, ""},
		{strings.Repeat(`[`, 5000) + `"` + one + `"` + strings.Repeat(`]`, 5000), ""},
	} {
		hits := searchData(newSearcher(), []byte(test.line+"\n")).Hits
		if len(hits) == 0 {
			t.Errorf("nothing found in %.80q", test.line)
		}
		for _, h := range hits {
			if h.Pointer != test.want {
				t.Errorf("%.80q: got %q, want %q", test.line, h.Pointer, test.want)
			}
		}
	}
}

// TestPointerHoldsNoValue has values that are no secret where they are a key.
func TestPointerHoldsNoValue(t *testing.T) {
	for _, test := range []struct{ text, value, want string }{
		{`{"abc":"hunter22"}`, "hunter22", "/abc"},
		{`{"xhunter22y":{"a":"hunter22"}}`, "hunter22", ""},
		{`{"hunter/22":{"a":"hunter/22"}}`, "hunter/22", ""},
		{`{"hunter":{"22":"hunter/22"}}`, "hunter/22", ""},
		{`{"hunter~22":["hunter~22"]}`, "hunter~22", ""},
	} {
		at := int64(strings.LastIndex(test.text, test.value))
		hits := []Hit{{Value: secret.New(test.value), Start: at, End: at + int64(len(test.value))}}
		if point([]byte(test.text), hits); hits[0].Pointer != test.want {
			t.Errorf("%s: got %q, want %q", test.text, hits[0].Pointer, test.want)
		}
	}
}
