package transcript

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
)

const marker = "[redacted:NAME]"

// apply returns the record after what Adjust says about it.
func apply(record []byte, spans, remove []Span, refused []string) []byte {
	gone := func(s Span) bool {
		return slices.ContainsFunc(remove, func(r Span) bool { return r.Start <= s.Start && s.End <= r.End })
	}
	type edit struct {
		Span
		text string
	}
	var edits []edit
	for i, s := range spans {
		if refused[i] == "" && !gone(s) {
			edits = append(edits, edit{s, marker})
		}
	}
	for _, r := range remove {
		edits = append(edits, edit{r, ""})
	}
	slices.SortFunc(edits, func(a, b edit) int { return a.Start - b.Start })
	var after []byte
	at := 0
	for _, e := range edits {
		after = append(append(after, record[at:e.Start]...), e.text...) // panics where edits overlap
		at = e.End
	}
	return append(after, record[at:]...)
}

// marked takes the spans out of a text where they stand in guillemets.
func marked(text string) (record []byte, spans []Span) {
	for {
		before, rest, found := strings.Cut(text, "«")
		record = append(record, before...)
		if !found {
			return record, spans
		}
		span, after, _ := strings.Cut(rest, "»")
		spans = append(spans, Span{len(record), len(record) + len(span)})
		record, text = append(record, span...), after
	}
}

func TestAdjust(t *testing.T) {
	message := func(block string) string {
		return `{"type":"message","id":"a1","message":{"role":"assistant","content":[` + block + `],"api":"anthropic-messages"}}`
	}
	bedrock := func(blocks string) string {
		return `{"message":{"content":[` + blocks + `],"api":"bedrock-converse-stream"}}`
	}
	tests := []struct {
		name   string
		record string // spans in guillemets
		want   string // with the marker as *, "" for the record as it was
		why    string // of the refused spans, all the same
	}{
		{name: "nothing to do", record: `{"id":"x"}`},
		{name: "the whole of a string", record: `{"summary":"«S»"}`, want: `{"summary":"*"}`},
		{name: "within text", record: `{"summary":"my key \"«S»\"\nthanks"}`, want: `{"summary":"my key \"*\"\nthanks"}`},
		{name: "an escape within", record: `{"summary":"«-----\nABC\n»x"}`, want: `{"summary":"*x"}`},
		{name: "a character of two escapes", record: `{"summary":"a«\ud83d\ude00»b«é»c"}`, want: `{"summary":"a*b*c"}`},
		{name: "half a pair that stands alone", record: `{"summary":"«\ud83d»\u0041"}`, want: `{"summary":"*\u0041"}`},
		{name: "next to each other", record: `{"summary":"«S»«T»"}`, want: `{"summary":"**"}`},
		{name: "a string in an array", record: `["«S»",1,"«T»"]`, want: `["*",1,"*"]`},
		{name: "a record that is a string", record: ` "a«S»" `, want: ` "a*" `},
		{name: "white space", record: " { \"summary\" :\t\"«S»\" ,\r\"x\" : [ ] }\r\n", want: " { \"summary\" :\t\"*\" ,\r\"x\" : [ ] }\r\n"},
		{name: "a name among arguments", record: message(`{"type":"toolCall","id":"t1","arguments":{"id":"«S»","type":"«S»","x":{"name":["«S»"]}}}`),
			want: message(`{"type":"toolCall","id":"t1","arguments":{"id":"*","type":"*","x":{"name":["*"]}}}`)},
		{name: "details of a result", record: `{"message":{"toolCallId":"t","details":{"aggregated":"«S»","id":"«S»"}}}`,
			want: `{"message":{"toolCallId":"t","details":{"aggregated":"*","id":"*"}}}`},
		{name: "a shell's record", record: `{"message":{"role":"bashExecution","command":"«S»","output":"K=«S»"}}`,
			want: `{"message":{"role":"bashExecution","command":"*","output":"K=*"}}`},
		{name: "a branch's, a label's and a session's name", record: `{"summary":"«S»","label":"«S»","name":"«S»"}`,
			want: `{"summary":"*","label":"*","name":"*"}`},
		{name: "a whole image", record: message(`{"type":"image","data":"«S»"}`), want: message(`{"type":"image","data":"*"}`)},

		{name: "a thought loses its signature", record: message(`{"type":"thinking","thinking":"a «S»","thinkingSignature":"c2ln"}`),
			want: message(`{"type":"thinking","thinking":"a *"}`)},
		{name: "a signature that comes first", record: message(`{"thinkingSignature":"c2ln" , "thinking":"«S»"}`), want: message(`{"thinking":"*"}`)},
		{name: "a signature between", record: message(`{"type":"text","textSignature":"c2ln","text":"«S»"}`), want: message(`{"type":"text","text":"*"}`)},
		{name: "a name with an escape", record: message(`{"text":"«S»","textSign\u0061ture":"c2ln"}`), want: message(`{"text":"*"}`)},
		{name: "two of that name", record: message(`{"text":"«S»","textSignature":"c2","textSignature":"c3","x":1}`), want: message(`{"text":"*","x":1}`)},
		{name: "all its signatures", record: message(`{"signature":"c2","x":1,"thought_signature":"c3","text":"«S»","thoughtSignature":"c4","signature":"c5"}`),
			want: message(`{"x":1,"text":"*"}`)},
		{name: "a call", record: message(`{"type":"toolCall","name":"exec","arguments":{"command":["«S»"]},"thoughtSignature":"c2ln"}`),
			want: message(`{"type":"toolCall","name":"exec","arguments":{"command":["*"]}}`)},
		{name: "a signature that is not text", record: message(`{"text":"«S»","textSignature":null}`), want: message(`{"text":"*","textSignature":null}`)},
		{name: "an empty one", record: message(`{"text":"«S»","textSignature":""}`), want: message(`{"text":"*","textSignature":""}`)},
		{name: "an OpenAI message's id", record: message(`{"text":"«S»","textSignature":"msg_1"}`), want: message(`{"text":"*","textSignature":"msg_1"}`)},
		{name: "the field that a thought came in", record: message(`{"thinking":"«S»","thinkingSignature":"reasoning_content"}`),
			want: message(`{"thinking":"*","thinkingSignature":"reasoning_content"}`)},
		{name: "other blocks keep theirs", record: message(`{"text":"a","textSignature":"c2"},{"text":"«S»"},{"thinking":"a","thinkingSignature":"c2"}`),
			want: message(`{"text":"a","textSignature":"c2"},{"text":"*"},{"thinking":"a","thinkingSignature":"c2"}`)},
		{name: "a secret in a signature", record: message(`{"text":"a","textSignature":"c2«S»"}`), want: message(`{"text":"a"}`)},
		{name: "a signature that nobody reads", record: `{"details":{"text":"«S»","textSignature":"c2"}}`, want: `{"details":{"text":"*","textSignature":"c2"}}`},
		{name: "a custom message's blocks", record: `{"type":"custom_message","content":[{"text":"«S»","textSignature":"c2"}]}`,
			want: `{"type":"custom_message","content":[{"text":"*"}]}`},
		{name: "a refused span changes nothing", record: message(`{"type":"text","text":"a","na«me»":"","textSignature":"c2"}`), why: whyOutside},

		{name: "an OpenAI item",
			record: message(`{"type":"thinking","thinking":"«S»","thinkingSignature":"{\"id\":\"rs_1\",\"summary\":[{\"text\":\"a\\n«S»\"}],\"encrypted_content\":\"gAAA\"}"}`),
			want:   message(`{"type":"thinking","thinking":"*","thinkingSignature":"{\"id\":\"rs_1\",\"summary\":[{\"text\":\"a\\n*\"}],\"encrypted_content\":\"gAAA\"}"}`)},
		{name: "its texts", record: message(`{"thinkingSignature":"{\"a\":\"\\n«S»\\n\",\"b\":[\"«S»\"],\"c\":\"«S»\"}"}`),
			want: message(`{"thinkingSignature":"{\"a\":\"\\n*\\n\",\"b\":[\"*\"],\"c\":\"*\"}"}`)},
		{name: "its texts alone", record: message(`{"thinkingSignature":"{\"a\":\"«S»\"}","textSignature":"c2"}`),
			want: message(`{"thinkingSignature":"{\"a\":\"*\"}","textSignature":"c2"}`)},
		{name: "its encrypted content", record: message(`{"thinkingSignature":"{\"a\":\"\\n\\n\",\"encrypted_content\":\"«S»\"}"}`), why: whyEncrypted},
		{name: "its structure", record: message(`{"thinkingSignature":"{\"a\":\"b«\",\"c»\":\"\"}"}`), why: whyOutside},
		{name: "its number", record: message(`{"thinkingSignature":"{\"a\":«12»}"}`), why: whyOutside},
		{name: "its escapes", record: message(`{"thinkingSignature":"{\"a\":\"\\«nS»\"}"}`), why: whyCut},

		{name: "Bedrock's thought", record: bedrock(`{"type":"thinking","thinking":"«S»","thinkingSignature":"c2"},{"type":"text","text":"«S»"}`),
			want: bedrock(`{"type":"text","text":"*"}`)},
		{name: "Bedrock's last thoughts", record: bedrock(`{"type":"text","text":"a"} , {"type":"thinking","thinking":"«S»","thinkingSignature":"c2"},{"thinking":"«S»","type":"thinking","thinkingSignature":"c2"}`),
			want: bedrock(`{"type":"text","text":"a"}`)},
		{name: "Bedrock's only thought", record: bedrock(`{"type":"thinking","thinking":"«S»","thinkingSignature":"c2"}`), want: bedrock(``)},
		{name: "Bedrock's unsigned thought", record: bedrock(`{"type":"thinking","thinking":"«S»","thinkingSignature":""}`),
			want: bedrock(`{"type":"thinking","thinking":"*","thinkingSignature":""}`)},

		{name: "a name", record: `{"data":{"«S»":1}}`, why: whyOutside},
		{name: "a number", record: `{"x":«123»}`, why: whyOutside},
		{name: "its quotes", record: `{"x":«"S"»}`, why: whyOutside},
		{name: "two strings", record: `{"x":["a«b","c»d"]}`, why: whyOutside},
		{name: "the end of a string", record: `{"x":"a«b"»}`, why: whyOutside},
		{name: "an escape's end", record: `{"x":"a\«nb»"}`, why: whyCut},
		{name: "an escape's beginning", record: `{"x":"«a\»nb"}`, why: whyCut},
		{name: "a long escape", record: `{"x":"«a\u00»e9b"}`, why: whyCut},
		{name: "a pair of escapes", record: `{"x":"«a\ud83d»\ude00b"}`, why: whyCut},
		{name: "a backslash", record: `{"x":"\\\«\S»"}`, why: whyCut},
		{name: "a character", record: "{\"x\":\"«a\xc3»\xa9\"}", why: whyCut},
		{name: "a part of an image", record: message(`{"type":"image","data":"iVBOR«S»AAA"}`), why: whyImage},
		{name: "a second header", record: `{"type":"session","cwd":"«S»"}`, why: whyHeader},
		{name: "a second header that says so last", record: `{"cwd":"«S»","type":"sess\u0069on"}`, why: whyHeader},

		{name: "no JSON", record: `K=«S», {"x":12`, want: `K=*, {"x":12`},
		{name: "a record cut short", record: `{"type":"message","id":"«S»`, want: `{"type":"message","id":"*`},
		{name: "a record that would come to life", record: "{\"x\":\"«a\tb»\"}", why: whyRevives},
		{name: "a record that only we cannot read", record: strings.Repeat("[", 10_001) + `"«S»"` + strings.Repeat("]", 10_001), why: whyTooDeep},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			record, spans := marked(test.record)
			remove, refused := Adjust(record, 2, spans)
			for i, why := range refused {
				if why != test.why {
					t.Errorf("span %d: refused with %q, want %q", i, why, test.why)
				}
			}
			want := strings.ReplaceAll(test.want, "*", marker)
			if test.want == "" {
				want = string(record)
			}
			if after := apply(record, spans, remove, refused); string(after) != want {
				t.Errorf("after:\n%s\nwant:\n%s", after, want)
			}
		})
	}
}

func TestAdjustKeepsLinks(t *testing.T) {
	for where, names := range map[string]string{
		`{"%s":"a«S»"}`:                          "type id parentId timestamp firstKeptEntryId fromId targetId provider modelId customType thinkingLevel",
		`{"data":{"%s":"«S»"}}`:                  "provider modelApi modelId",
		`{"message":{"%s":"«S»"}}`:               "role toolCallId toolUseId toolName api provider model customType stopReason timestamp",
		`{"message":{"content":[{"%s":"«S»"}]}}`: "type id name mimeType",
		`{"message":{"content":[{"thinkingSignature":"{\"%s\":\"«S»\"}"}]}}`:           "type id encrypted_content data",
		`{"message":{"content":[{"thinkingSignature":"{\"a\":[{\"%s\":\"«S»\"}]}"}]}}`: "type id encrypted_content data",
		`{"message":{"content":[{"%s":"msg_«S»"}]}}`:                                   "textSignature",
	} {
		for name := range strings.FieldsSeq(names) {
			record, spans := marked(fmt.Sprintf(where, name))
			if remove, refused := Adjust(record, 2, spans); len(remove) > 0 || refused[0] == "" {
				t.Errorf("%s: remove %v, refused %q", record, remove, refused)
			}
		}
	}
}

func TestAdjustRefusesTheFirstLine(t *testing.T) {
	for _, text := range []string{`{"type":"session","id":"a","cwd":"/«S»"}`, `{"summary":"«S»"}`, `«S»`} {
		record, spans := marked(text)
		if remove, refused := Adjust(record, 1, spans); remove != nil || refused[0] != whyHeader {
			t.Errorf("%s: remove %v, refused %q", record, remove, refused)
		}
	}
}

func TestAdjustRefusesDisorder(t *testing.T) {
	record := []byte(`{"summary":"abcdef"}`)
	for _, spans := range [][]Span{
		{{14, 16}, {12, 13}},
		{{12, 14}, {13, 15}},
		{{12, 12}},
		{{13, 12}},
		{{-1, 12}},
		{{12, len(record) + 1}},
	} {
		_, refused := Adjust(record, 2, spans)
		if slices.Contains(refused, "") {
			t.Errorf("%v: accepted", spans)
		}
	}
}

// A reason is shown to people: it must never hold what is in the record.
func TestReasonsAreConstant(t *testing.T) {
	record, spans := marked(`{"id":"«hunter2»","x«hunter2»":"«hunter2\»n"}`)
	_, refused := Adjust(record, 2, spans)
	for _, why := range refused {
		if why == "" || strings.Contains(why, "hunter2") {
			t.Errorf("reason %q", why)
		}
	}
}

func BenchmarkAdjust(b *testing.B) {
	image := `{"type":"message","id":"a","message":{"role":"user","content":[{"type":"image","data":"` +
		strings.Repeat("iVBORw0KGgoAAAANSUhEUgAA", 32<<20/24) + `"},{"type":"text","text":"«S»"}]}}`
	output := `{"type":"message","id":"a","message":{"role":"toolResult","content":[{"type":"text","text":"` +
		strings.Repeat(`export PATH=\"/usr/bin\"\nK=«SECRET»\n`+strings.Repeat(`the \"gateway\" restarts für\t`, 300), 100) + `"}]}}`
	tree := `{"type":"custom","data":[` + strings.Repeat(`{"a":1,"b":["c",{"d":null}]},`, 30_000) + `"«S»"]}`
	for name, text := range map[string]string{"image 32 MiB": image, "output 1 MiB": output, "tree 1 MiB": tree} {
		record, spans := marked(text)
		if !json.Valid(record) {
			b.Fatal("the record is not valid")
		}
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(record)))
			b.ReportAllocs()
			for b.Loop() {
				if _, refused := Adjust(record, 2, spans); refused[0] != "" {
					b.Fatal(refused[0])
				}
			}
		})
	}
}

func TestAdjustLeavesTheRecord(t *testing.T) {
	record, spans := marked(`{"message":{"content":[{"text":"«S»","textSignature":"c2"}]}}`)
	before := bytes.Clone(record)
	Adjust(record, 2, spans)
	if !bytes.Equal(record, before) {
		t.Error("the record was written to")
	}
}
