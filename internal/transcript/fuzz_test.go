package transcript

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"path"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// FuzzAdjust holds for any line and any spans: what is valid JSON stays so, what is not
// does not become it, and besides the markers nothing changes but what may be removed.
func FuzzAdjust(f *testing.F) {
	for _, text := range []string{
		`{"type":"message","id":"a","message":{"role":"assistant","content":[{"type":"thinking","thinking":"a «S» b","thinkingSignature":"c2ln"},{"type":"toolCall","id":"t","arguments":{"a":"«\ud83d\ude00\n»"}}],"api":"bedrock-converse-stream"}}`,
		`{"type":"message","message":{"content":[{"text":"«S»","textSignature":"{\"id\":\"rs\",\"summary\":[{\"text\":\"é\\n«S»\"}]}"}]}}`,
		`{"type":"custom_message","content":[{"thinkingSignature":"c2","thinking":"«S»","x":1},{"text":"\\\"«S»"}]}`,
		`{"a":"b«","c»":1}`, `K=«S»`, "{\"x\":\"«\t»\"}", `[1,«2»,{"«a»":["«b»"]}]`,
	} {
		record, spans := marked(text)
		var cuts []byte
		at := 0
		for _, s := range spans {
			cuts = append(cuts, byte(s.Start-at), byte(s.End-s.Start))
			at = s.End
		}
		f.Add(record, cuts)
	}
	f.Fuzz(func(t *testing.T, record, cuts []byte) {
		var spans []Span
		at := 0
		for pair := range slices.Chunk(cuts, 2) {
			start := at + int(pair[0])
			at = start + int(pair[len(pair)-1])
			spans = append(spans, Span{start, at})
		}
		check(t, record, spans)
	})
}

// FuzzAdjustRecords holds for records of the product's form with secrets in all kinds of
// places, which random bytes seldom reach.
func FuzzAdjustRecords(f *testing.F) {
	for seed := range uint64(300) {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, seed uint64) {
		record := makeRecord(rand.New(rand.NewPCG(seed, 1)))
		var spans []Span
		for at := 0; ; {
			next := bytes.Index(record[at:], []byte("SECRET"))
			if next < 0 {
				break
			}
			spans = append(spans, Span{at + next, at + next + len("SECRET")})
			at += next + len("SECRET")
		}
		check(t, record, spans)
	})
}

// check fails the test if Adjust breaks its word.
func check(t *testing.T, record []byte, spans []Span) {
	remove, refused := Adjust(record, 2, spans)
	if len(refused) != len(spans) {
		t.Fatalf("%d reasons for %d spans", len(refused), len(spans))
	}
	if !slices.Contains(refused, "") && len(remove) > 0 {
		t.Fatal("something is removed though nothing is replaced")
	}
	after := apply(record, spans, remove, refused)
	if !json.Valid(record) {
		if json.Valid(after) {
			t.Fatalf("a broken record came to life: %q", after)
		}
		return
	}
	if !json.Valid(after) {
		t.Fatalf("the record is broken:\n%q\n%q", record, after)
	}
	was, is := parse(t, record), parse(t, after)
	if !same(was, is, "") {
		t.Fatalf("more than the markers has changed:\n%q\n%q", record, after)
	}
	if !bytes.Contains(record, []byte(marker)) && falselySigned(is) {
		t.Fatalf("a signature is no longer true:\n%q\n%q", record, after)
	}
}

// falselySigned reports whether one of a message's blocks holds a marker beside a
// signature that is neither JSON nor a label.
func falselySigned(record any) bool {
	fields, _ := record.(map[string]any)
	message, _ := fields["message"].(map[string]any)
	for _, content := range []any{message["content"], fields["content"]} {
		blocks, _ := content.([]any)
		for _, element := range blocks {
			block, _ := element.(map[string]any)
			signed, changed := false, false
			for name, value := range block {
				text, _ := value.(string)
				if isSignature([]byte(name)) {
					label := strings.HasPrefix(text, "msg_") || strings.HasPrefix(text, "reasoning")
					signed = signed || strings.TrimSpace(text) != "" && !label && !json.Valid([]byte(text))
				} else {
					encoded, _ := json.Marshal(value)
					changed = changed || bytes.Contains(encoded, []byte(marker))
				}
			}
			if signed && changed {
				return true
			}
		}
	}
	return false
}

func parse(t *testing.T, text []byte) any {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		t.Fatal(err)
	}
	return value
}

// same reports whether two values differ in nothing that may not change; where is the
// path of names that leads to them, with a slash before each.
func same(was, is any, where string) bool {
	switch was := was.(type) {
	case string:
		is, ok := is.(string)
		if ok && was != is && aBlock(path.Dir(where)) && isSignature([]byte(path.Base(where))) {
			return sameEncoded(was, is)
		}
		return ok && (was == is || mayChange(where) && sameText(was, is))
	case []any:
		is, ok := is.([]any)
		return ok && sameElements(was, is, where)
	case map[string]any:
		is, ok := is.(map[string]any)
		return ok && sameMembers(was, is, where)
	}
	return reflect.DeepEqual(was, is)
}

// mayChange reports whether a string may.
func mayChange(where string) bool {
	return !slices.Contains([]string{
		"/type", "/id", "/parentId", "/timestamp", "/provider", "/customType", "/message/role", "/message/api",
		"/message/toolCallId", "/message/content/#/type", "/message/content/#/id", "/message/content/#/name",
		"signature/id", "signature/encrypted_content",
	}, where)
}

// aBlock reports whether a path leads to a block of a message.
func aBlock(where string) bool {
	return path.Dir(where) == "/message/content" || path.Dir(where) == "/content"
}

// sameText reports whether is differs from was in markers alone.
func sameText(was, is string) bool {
	parts := strings.Split(is, marker)
	if len(parts) == 1 || !strings.HasPrefix(was, parts[0]) {
		return was == is
	}
	was = was[len(parts[0]):]
	for _, part := range parts[1 : len(parts)-1] {
		_, rest, found := strings.Cut(was, part)
		if !found {
			return false
		}
		was = rest
	}
	return strings.HasSuffix(was, parts[len(parts)-1])
}

// sameEncoded is same for strings that are JSON.
func sameEncoded(was, is string) bool {
	var a, b any
	return json.Unmarshal([]byte(was), &a) == nil && json.Unmarshal([]byte(is), &b) == nil && same(a, b, "signature")
}

// sameElements allows that thoughts of a message are gone.
func sameElements(was, is []any, where string) bool {
	for _, element := range was {
		if len(is) > 0 && same(element, is[0], where+"/#") {
			is = is[1:]
		} else if thought, _ := element.(map[string]any); thought["type"] != "thinking" || !strings.HasSuffix(where, "content") {
			return false
		}
	}
	return len(is) == 0
}

// sameMembers allows that the signatures of a block are gone.
func sameMembers(was, is map[string]any, where string) bool {
	for name, value := range was {
		kept, ok := is[name]
		if ok && !same(value, kept, where+"/"+name) || !ok && !(aBlock(where) && isSignature([]byte(name))) {
			return false
		}
	}
	for name := range is {
		if _, ok := was[name]; !ok {
			return false
		}
	}
	return true
}

// makeRecord returns a record of the product's form, now and then with a secret.
func makeRecord(r *rand.Rand) []byte {
	pick := func(choices ...string) string { return choices[r.IntN(len(choices))] }
	text := func() string {
		return pick("", "a", "é ", `\n`, `\\`, `\"`, `\ud83d\ude00`) + pick("SECRET", "", "b", "aSECRETSECRET") + pick("", "z", `\u0000`, `\\`)
	}
	block := func() string {
		members := []string{
			`"type":"` + pick("thinking", "text", "toolCall", "image") + `"`, `"` + pick("thinking", "text", "data") + `":"` + text() + `"`,
			`"arguments":{"id":"` + text() + `","x":[1,"` + text() + `"]}`, `"id":"` + text() + `"`,
		}
		for _, name := range []string{"thinkingSignature", "textSignature", "thoughtSignature", "signature"} {
			if r.IntN(2) == 0 {
				members = append(members, `"`+name+`":`+pick(`"c2ln"`, `""`, `null`, `"msg_`+text()+`"`, `"c2SECRET"`,
					`"{\"id\":\"SECRET\",\"summary\":[{\"text\":\"\\nSECRET\\\"\"}],\"encrypted_content\":\"g\"}"`))
			}
		}
		r.Shuffle(len(members), func(i, j int) { members[i], members[j] = members[j], members[i] })
		return "{" + strings.Join(members[:r.IntN(len(members)+1)], pick(",", " , ")) + "}"
	}
	var blocks []string
	for range r.IntN(5) {
		blocks = append(blocks, block())
	}
	content := `"content":[` + strings.Join(blocks, pick(",", ", ")) + `]`
	message := []string{content, `"api":"` + pick(bedrockAPI, "anthropic-messages") + `"`, `"role":"` + text() + `"`, `"details":{"text":"` + text() + `"}`}
	r.Shuffle(len(message), func(i, j int) { message[i], message[j] = message[j], message[i] })
	return []byte(`{"type":"message","id":"` + text() + `","message":{` + strings.Join(message, ",") + `},"data":{"provider":"` + text() + `"},` + content + "}")
}
