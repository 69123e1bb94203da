package transcript

import (
	"slices"
	"strings"
	"testing"
)

func TestPaths(t *testing.T) {
	for index, want := range map[string][]string{
		`{}`: nil,
		`{"a":{"sessionId":"x","sessionFile":" /h/sam/old/x.jsonl "},"b":{"sessionFile":"sub/y.jsonl"}}`: {"/h/sam/old/x.jsonl", "sub/y.jsonl"},
		`{"a":{"sessionFile":"C:\\state\\x.jsonl"}}`:                                                     {`C:\state\x.jsonl`},
		`{"a":null,"b":7,"c":{"sessionFile":7},"d":{"sessionFile":" "},"e":{}}`:                          nil,
	} {
		if paths, err := Paths([]byte(index)); err != nil || !slices.Equal(paths, want) {
			t.Errorf("%s: %q (%v), want %q", index, paths, err, want)
		}
	}
	for _, index := range []string{"", `{"hunter2":`, `["hunter2"]`, "null"} {
		if paths, err := Paths([]byte(index)); err == nil || paths != nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%q: %v, %v", index, paths, err)
		}
	}
}

// The file of a topic is named by the key of its conversation too.
func TestCurrentTopicOfKey(t *testing.T) {
	for key, want := range map[string]string{
		"agent:main:telegram:group:-100:topic:42":    "t-topic-42.jsonl",
		"agent:main:slack:channel:c1:thread:1700.5":  "t-topic-1700.5.jsonl",
		"agent:main:x:topic:a b":                     "t-topic-a%20b.jsonl",
		"agent:main:telegram:topic:1:group:topic:42": "t-topic-42.jsonl",
	} {
		names, err := Current([]byte(`{"` + key + `":{"sessionId":"t"}}`))
		if err != nil || len(names) != 2 || !names["t.jsonl"] || !names[want] {
			t.Errorf("%s: %v (%v), want %s", key, names, err, want)
		}
	}
	if names, err := Current([]byte(`{"agent:main:main":{"sessionId":"t"}}`)); err != nil || len(names) != 1 || !names["t.jsonl"] {
		t.Errorf("%v (%v)", names, err)
	}
}
