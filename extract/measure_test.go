package extract

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/clawsecrets/clawsecrets/internal/gateway"
	"github.com/clawsecrets/clawsecrets/internal/secret"
	"github.com/clawsecrets/clawsecrets/internal/transcript"
	"github.com/clawsecrets/clawsecrets/scan"
)

// measured runs a measurer over data, cut into random parts, with a spot for every
// place of the word, and returns what the file becomes and why spots were refused.
func measured(t *testing.T, r *rand.Rand, data, word string, setUp func(m *measurer)) (after string, refused []string, m *measurer) {
	t.Helper()
	key := secret.Key{7}
	file := &gateway.File{Rel: "x"}
	m = &measurer{
		before: key.NewMAC(), after: key.NewMAC(),
		take:   func(_ spot, raw []byte) piece { return piece{Text: string(raw)} },
		put:    func(text []byte) piece { return piece{Text: string(text)} },
		refuse: func(_ spot, why string) { refused = append(refused, why) },
	}
	for at := 0; ; {
		i := strings.Index(data[at:], word)
		if i < 0 {
			break
		}
		start := at + i
		at = start + len(word)
		m.spots = append(m.spots, spot{
			start: int64(start), end: int64(at), text: "[redacted:X]",
			findings: []*scan.Finding{{Value: secret.New(word), Location: scan.Location{File: file, Start: start, End: at}}},
		})
	}
	if setUp != nil {
		setUp(m)
	}
	for rest := []byte(data); len(rest) > 0; {
		n := 1 + r.IntN(len(rest))
		if err := m.part(rest[:n]); err != nil {
			t.Fatal(err)
		}
		rest = rest[n:]
	}
	step := m.finish()
	var out bytes.Buffer
	if err := spliced(&out, strings.NewReader(data), m.edits); err != nil {
		t.Fatal(err)
	}
	after = out.String()
	if m.changed {
		return after, refused, m
	}
	if step.Was != key.MAC([]byte(data)) || step.Now != key.MAC([]byte(after)) || step.WasSize != int64(len(data)) || step.NowSize != int64(len(after)) {
		t.Errorf("of %q: the step does not lead to %q", data, after)
	}
	return after, refused, m
}

func TestMeasure(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for range 200 {
		data := strings.Repeat("one\nSECRET two SECRET\n\nthree", r.IntN(5)) + "SECRET"
		after, refused, _ := measured(t, r, data, "SECRET", nil)
		if want := strings.ReplaceAll(data, "SECRET", "[redacted:X]"); after != want || len(refused) > 0 {
			t.Fatalf("%q became %q (%v)", data, after, refused)
		}
	}
}

// TestMeasureOverLines: a secret of several lines is one record with them.
func TestMeasureOverLines(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 1))
	after, _, _ := measured(t, r, "a\nb BEGIN\nmiddle\nEND c\nd\n", "BEGIN\nmiddle\nEND", nil)
	if after != "a\nb [redacted:X] c\nd\n" {
		t.Errorf("became %q", after)
	}
}

// TestMeasureTranscript: what the form of a record forbids stays, and what goes with a
// text goes.
func TestMeasureTranscript(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 1))
	data := `{"type":"session","id":"SECRET"}` + "\n" +
		`{"type":"message","id":"1","parentId":null,"message":{"role":"assistant","content":[{"type":"thinking","thinking":"a SECRET","thinkingSignature":"c2lnbmVk"}]}}` + "\n"
	after, refused, _ := measured(t, r, data, "SECRET", func(m *measurer) { m.adjust = transcript.Adjust })
	want := `{"type":"session","id":"SECRET"}` + "\n" +
		`{"type":"message","id":"1","parentId":null,"message":{"role":"assistant","content":[{"type":"thinking","thinking":"a [redacted:X]"}]}}` + "\n"
	if after != want || len(refused) != 1 {
		t.Errorf("became %q, refused %q", after, refused)
	}
}

// TestMeasureChanged: a file in which a secret is no longer where it was found is not
// to be written.
func TestMeasureChanged(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 1))
	_, _, m := measured(t, r, "a SECRET b\n", "SECRET", func(m *measurer) { m.spots[0].findings[0].Value = secret.New("other1") })
	if !m.changed {
		t.Error("the change went unnoticed")
	}
	_, _, m = measured(t, r, "a SECRET b\n", "SECRET", func(m *measurer) {
		m.spots[0].findings[0].Start, m.spots[0].findings[0].End = 100, 106
		m.spots[0].start, m.spots[0].end = 100, 106
	})
	if !m.changed {
		t.Error("a spot behind the end went unnoticed")
	}
}

// TestMeasureJSON: a stretch across the marks of JSON is refused, in a line and in a
// whole file.
func TestMeasureJSON(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 1))
	for _, whole := range []bool{false, true} {
		data := "{\"a\":\"SEC\",\"b\":\"RET\"}\n"
		after, refused, _ := measured(t, r, data, `SEC","b":"RET`, func(m *measurer) { m.adjust, m.whole = staysJSON(isJSON5), whole })
		if !isJSON5([]byte(after)) {
			t.Errorf("whole %v: became %q, refused %q", whole, after, refused)
		}
		data = "{\"a\":[\"SECRET\"]}\n"
		after, refused, _ = measured(t, r, data, `SECRET"]`, func(m *measurer) { m.adjust, m.whole = staysJSON(isJSON5), whole })
		if after != data || len(refused) != 1 {
			t.Errorf("whole %v: became %q, refused %q", whole, after, refused)
		}
	}
}

func BenchmarkMeasure(b *testing.B) {
	key := secret.Key{7}
	line := fmt.Appendf(nil, `{"type":"message","message":{"content":"%s"}}`+"\n", strings.Repeat("text ", 200))
	data := bytes.Repeat(line, 1000)
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		m := &measurer{before: key.NewMAC(), after: key.NewMAC()}
		_ = m.part(data)
		m.finish()
	}
}
