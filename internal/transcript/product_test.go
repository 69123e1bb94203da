package transcript

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/clawsecrets/clawsecrets/internal/fixture"
	"github.com/clawsecrets/clawsecrets/internal/gatewaytest"
)

// reading is what the product reads from a transcript.
type reading struct {
	Header  map[string]any    `json:"header"`
	Entries []map[string]any  `json:"entries"`
	Leaf    string            `json:"leaf"`
	Name    string            `json:"name"`
	Context []map[string]any  `json:"context"`
	Sent    map[string]string `json:"sent"` // by provider, what it would be sent, as JSON
}

// The product reads the same from a transcript before and after, but for the markers and
// what they cost: it is its own writer, reader and sender that say so.
func TestProductReadsTheSame(t *testing.T) {
	product := gatewaytest.Product(t)
	awkward := fixture.Secret(1, "password", "transcript") + "\"\\é😀\n\t\x01" + fixture.Secret(1, "github", "transcript")
	picture := pixel(t)

	var built struct{ File string }
	drive(t, product, map[string]string{"secret": awkward, "image": picture}, &built, "build", t.TempDir())
	var before, after reading
	drive(t, product, nil, &before, "load", built.File)
	redactFile(t, built.File, []string{escape(t, escape(t, awkward)), escape(t, awkward), picture})
	drive(t, product, nil, &after, "load", built.File)

	blotOut := func(text string) string {
		text = strings.ReplaceAll(text, escape(t, awkward), marker) // in the item of OpenAI
		return strings.ReplaceAll(strings.ReplaceAll(text, awkward, marker), picture, marker)
	}
	if !reflect.DeepEqual(after.Header, before.Header) || after.Leaf != before.Leaf || after.Name != blotOut(before.Name) {
		t.Error("the header, the last entry or the name has changed")
	}
	if len(before.Entries) < 20 || len(after.Entries) != len(before.Entries) {
		t.Fatalf("%d entries, then %d", len(before.Entries), len(after.Entries))
	}
	for i, entry := range before.Entries {
		want := blotted(unsigned(entry), blotOut)
		if !reflect.DeepEqual(after.Entries[i], want) {
			t.Errorf("entry %d:\n%v\nwant\n%v", i, after.Entries[i], want)
		}
	}
	if len(after.Context) != len(before.Context) {
		t.Errorf("%d messages, then %d", len(before.Context), len(after.Context))
	}

	marked := func(text string) string { return strings.ReplaceAll(text, "*", marker) }
	for provider, want := range map[string]struct{ has, hasNot []string }{
		"anthropic": {
			has:    []string{`{"type":"text","text":"I use * now"}`, `{"type":"thinking","thinking":"nothing to hide","signature":"RXJ0Y3"}`, `"id":"toolu_1","name":"exec","input":{"command":"echo *","id":"*"}`},
			hasNot: []string{"RXJ0Y2"},
		},
		"bedrock":     {has: []string{`{"text":"It is *"}`, `"toolUseId":"tooluse_1"`}, hasNot: []string{"reasoningContent", "RXJ0Y4"}},
		"google":      {has: []string{`{"thought":true,"text":"I use * now"}`, `{"text":"It is *"}`}, hasNot: []string{"Z3Rob3VnaHQ=", "Z3RleHQ=", "Z2NhbGw="}},
		"gemini3":     {has: []string{`called tool \"exec\" with arguments`}, hasNot: []string{"Z3Rob3VnaHQ=", "Z2NhbGw="}},
		"openai":      {has: []string{`{"id":"rs_1","type":"reasoning","summary":[{"type":"summary_text","text":"I use * now"}],"encrypted_content":"gAAAAsecret"}`, `"id":"msg_1"`, `"call_id":"call_3"`}},
		"completions": {has: []string{`"reasoning_content":"I use * now"`}},
	} {
		sent := after.Sent[provider]
		for _, has := range want.has {
			if !strings.Contains(sent, marked(has)) {
				t.Errorf("%s is not sent %s but\n%s", provider, has, sent)
			}
		}
		for _, hasNot := range append(want.hasNot, escape(t, awkward), picture, `"data":"[redacted`) {
			if strings.Contains(sent, hasNot) {
				t.Errorf("%s is sent %s", provider, hasNot)
			}
		}
	}
}

// What is expected of the tests above would be seen if it were not so.
func TestProductSendsWhatItReads(t *testing.T) {
	product := gatewaytest.Product(t)
	var built struct{ File string }
	drive(t, product, map[string]string{"secret": "hunter2", "image": pixel(t)}, &built, "build", t.TempDir())
	var before reading
	drive(t, product, nil, &before, "load", built.File)
	for provider, has := range map[string]string{
		"anthropic": `{"type":"thinking","thinking":"I use hunter2 now","signature":"RXJ0Y2"}`,
		"bedrock":   `{"reasoningText":{"text":"I use hunter2 now","signature":"RXJ0Y4"}}`,
		"google":    `{"text":"It is hunter2","thoughtSignature":"Z3RleHQ="}`,
		"gemini3":   `"thoughtSignature":"Z2NhbGw="`,
	} {
		if !strings.Contains(before.Sent[provider], has) {
			t.Errorf("%s is not sent %s but\n%s", provider, has, before.Sent[provider])
		}
	}
}

// What the product locks is open, until its process ends; and it names files as we think.
func TestProductLocksAndNames(t *testing.T) {
	product := gatewaytest.Product(t)
	path := filepath.Join(t.TempDir(), "9e67.jsonl")
	now := time.Now()
	write(t, path, "{}\n", now.Add(-time.Hour))

	command := productCommand(t, product, "lock", path)
	stdin, err := command.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	answers := json.NewDecoder(stdout)
	var held, left struct {
		PID  int    `json:"pid"`
		File string `json:"file"`
	}
	if err := answers.Decode(&held); err != nil {
		t.Fatal(err)
	}
	if why, want := Open(path, now), fmt.Sprintf("locked by process %d", held.PID); why != want {
		t.Errorf("held: %q, want %q", why, want)
	}
	names, err := Current([]byte(`{"a":{"sessionId":"9e67","lastThreadId":"1700.5 ü"}}`))
	if err != nil || !names[filepath.Base(held.File)] {
		t.Errorf("%v, %v without %s", names, err, filepath.Base(held.File))
	}
	_ = stdin.Close()
	if err := answers.Decode(&left); err != nil {
		t.Fatal(err)
	}
	if err := command.Wait(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path + lockSuffix); err != nil {
		t.Fatal("the lock is gone with its process: the test shows nothing")
	}
	if err := os.Rename(left.File, path); err != nil {
		t.Fatal(err)
	}
	if why := Open(path, now); why != "" {
		t.Errorf("left: %q", why)
	}
	if !IsTranscript(left.File) {
		t.Errorf("%s is no transcript", filepath.Base(left.File))
	}
}

// unsigned returns an entry without what Adjust removes, by another way than Adjust.
func unsigned(entry map[string]any) map[string]any {
	message, _ := entry["message"].(map[string]any)
	content, _ := message["content"].([]any)
	var kept []any
	for _, element := range content {
		block := element.(map[string]any)
		if block["thinking"] == "nothing to hide" {
			kept = append(kept, block)
			continue
		}
		if message["provider"] == "amazon-bedrock" && block["type"] == "thinking" {
			continue
		}
		if message["provider"] == "anthropic" || message["provider"] == "google" {
			for _, name := range []string{"thinkingSignature", "textSignature", "thoughtSignature"} {
				delete(block, name)
			}
		}
		kept = append(kept, block)
	}
	if content != nil {
		message["content"] = kept
	}
	return entry
}

// blotted returns a value with blotOut done to each of its strings.
func blotted(value any, blotOut func(string) string) any {
	switch value := value.(type) {
	case string:
		return blotOut(value)
	case []any:
		for i := range value {
			value[i] = blotted(value[i], blotOut)
		}
	case map[string]any:
		for name := range value {
			value[name] = blotted(value[name], blotOut)
		}
	}
	return value
}

// redactFile replaces texts in every line of a transcript, longer ones first.
func redactFile(t *testing.T, path string, texts []string) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var after []byte
	number := 0
	for line := range bytes.Lines(data) {
		number++
		spans := occurrences(line, texts)
		remove, refused := Adjust(line, number, spans)
		for i, why := range refused {
			if why != "" {
				t.Errorf("line %d, span %d: %s", number, i, why)
			}
		}
		after = append(after, apply(line, spans, remove, refused)...)
	}
	if err := os.WriteFile(path, after, 0o600); err != nil {
		t.Fatal(err)
	}
}

// occurrences returns where texts stand in a line.
func occurrences(line []byte, texts []string) []Span {
	var spans []Span
	rest := bytes.Clone(line)
	for _, text := range texts {
		for {
			at := bytes.Index(rest, []byte(text))
			if at < 0 {
				break
			}
			spans = append(spans, Span{at, at + len(text)})
			copy(rest[at:], bytes.Repeat([]byte{0}, len(text)))
		}
	}
	slices.SortFunc(spans, func(a, b Span) int { return a.Start - b.Start })
	return spans
}

// escape returns a text as it stands in JSON, without its quotes.
func escape(t *testing.T, text string) string {
	t.Helper()
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(text); err != nil {
		t.Fatal(err)
	}
	return strings.TrimSuffix(out.String(), "\"\n")[1:]
}

// pixel returns a small image in base64.
func pixel(t *testing.T) string {
	t.Helper()
	var out bytes.Buffer
	if err := png.Encode(&out, image.NewGray(image.Rect(0, 0, 2, 2))); err != nil {
		t.Fatal(err)
	}
	return base64.StdEncoding.EncodeToString(out.Bytes())
}

// drive runs testdata/product.mjs and decodes what it says.
func drive(t *testing.T, product *gatewaytest.Installation, input, output any, args ...string) {
	t.Helper()
	text, err := json.Marshal(input)
	if err != nil {
		t.Fatal(err)
	}
	command := productCommand(t, product, args...)
	command.Stdin = bytes.NewReader(text)
	var stderr bytes.Buffer
	command.Stderr = &stderr
	said, err := command.Output()
	if err != nil {
		t.Fatalf("product.mjs %s: %v\n%s", args[0], err, stderr.String())
	}
	if err := json.Unmarshal(said, output); err != nil {
		t.Fatalf("product.mjs %s: %v\n%s", args[0], err, said)
	}
}

func productCommand(t *testing.T, product *gatewaytest.Installation, args ...string) *exec.Cmd {
	script := filepath.Join("testdata", "product.mjs")
	command := exec.CommandContext(t.Context(), product.Node, append([]string{script, product.Modules}, args...)...)
	command.Env = []string{"PATH=/usr/bin:/bin", "HOME=" + t.TempDir(), "NO_COLOR=1"}
	return command
}
