package main

import (
	"encoding/base64"
	"maps"
	"testing"

	"github.com/clawsecrets/clawsecrets/internal/corpus"
)

func TestJudge(t *testing.T) {
	planted := []corpus.Planted{
		{Kind: "one", Value: "exactly-this", HasGitleaksRule: true},
		{Kind: "one", Value: "told-with-more", HasGitleaksRule: true},
		{Kind: "two", Value: "armour\nof lines\n"},
		{Kind: "two", Value: "told-in-base64"},
		{Kind: "three", Value: "told-by-nobody"},
	}
	told := []string{"exactly-this", "exactly-this", "told-with-more&alt=sse", `armour\\nof lines\\n`,
		base64.StdEncoding.EncodeToString([]byte("told-in-base64")), "what is this?", "what is this?"}
	q := judge(planted, told)
	if q.Planted != 5 || q.Exact != 2 || q.Near != 2 || q.Unplanted != 1 || q.Known != 0.5 {
		t.Errorf("got %+v", q)
	}
	if want := map[string]float64{"one": 0.5, "two": 0.5, "three": 0}; !maps.Equal(q.Missed, want) {
		t.Errorf("missed %v, want %v", q.Missed, want)
	}
}

func TestFound(t *testing.T) {
	tests := []struct {
		name   string
		found  func([]byte) (int, []string, error)
		output string
		count  int // -1 for an error
	}{
		{"clawsecrets", clawsecretsFound, `{"findings":[{"secret":"a"},{"secret":"b"}]}`, 2},
		{"gitleaks", gitleaksFound, `[{"Secret":"a"}]`, 1},
		{"gitleaks cut off", gitleaksFound, `[{"Secret":`, -1},
		{"rg", rgFound, "/a/b:3\n/c:d:4\n", 7},
		{"rg on one file", rgFound, "12\n", 12},
		{"rg with a message", rgFound, "no such file\n", -1},
	}
	for _, test := range tests {
		count, _, err := test.found([]byte(test.output))
		if err != nil {
			count = -1
		}
		if count != test.count {
			t.Errorf("%s: found %d, want %d", test.name, count, test.count)
		}
	}
}

func TestParseSize(t *testing.T) {
	for text, want := range map[string]int64{"64MB": 64 << 20, "1mb": 1 << 20, "64": 0, "0MB": 0, "MB": 0, "-1MB": 0} {
		if got, err := parseSize(text); got != want || (err == nil) != (want > 0) {
			t.Errorf("parseSize(%q) = %d, %v, want %d", text, got, err, want)
		}
	}
}

func TestChoose(t *testing.T) {
	for _, test := range []struct {
		o    options
		want int // -1 for an error
	}{
		{options{bytes: 64 << 20}, 4},
		{options{bytes: 512 << 20}, 3}, // without the slow one
		{options{bytes: 512 << 20, peers: "gitleaks,rg"}, 2},
		{options{peers: "nobody"}, -1},
	} {
		chosen, err := choose(test.o)
		if got := len(chosen); err == nil && got != test.want || (err != nil) != (test.want < 0) {
			t.Errorf("%+v: %d peers, %v, want %d", test.o, got, err, test.want)
		}
	}
}
