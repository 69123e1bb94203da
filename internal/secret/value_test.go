package secret

import (
	"bytes"
	"encoding/gob"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"log"
	"log/slog"
	"strings"
	"testing"
	"text/template"
)

const marker = "marker-0123456789-abcdef"

// wrapped holds a value in an unexported field, where package fmt does not call
// its methods.
type wrapped struct{ value Value }

type exported struct {
	Value Value
	List  []Value
	Map   map[string]Value
}

// No way to print, encode or log a value gives it away.
func TestValueCannotBePrinted(t *testing.T) {
	v := New(marker)
	shapes := []any{
		v, &v, wrapped{v}, &wrapped{v}, []Value{v}, map[string]Value{"k": v}, map[Value]string{v: "k"},
		exported{v, []Value{v}, map[string]Value{"k": v}}, fmt.Errorf("%v", v), errors.Join(fmt.Errorf("%s", v)),
	}
	tried := 0
	check := func(how, out string) {
		tried++
		hexed := fmt.Sprintf("%x", marker)
		if strings.Contains(out, marker) || strings.Contains(strings.ToLower(out), hexed) || strings.Contains(out, fmt.Sprint([]byte(marker))) {
			t.Errorf("%s gives it away", how)
		}
	}
	for i, shape := range shapes {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%t", "%p", "%T", "%10.3s"} {
			check(fmt.Sprintf("shape %d, %s", i, verb), fmt.Sprintf(verb, shape))
		}
		var out bytes.Buffer
		text, _ := json.Marshal(shape)
		check("json", string(text))
		text, _ = xml.Marshal(shape)
		check("xml", string(text))
		_ = gob.NewEncoder(&out).Encode(shape)
		slog.New(slog.NewTextHandler(&out, nil)).Info("x", "v", shape)
		slog.New(slog.NewJSONHandler(&out, nil)).Info("x", "v", shape)
		log.New(&out, "", 0).Print(shape)
		_ = template.Must(template.New("").Parse("{{.}} {{printf `%x` .}}")).Execute(&out, shape)
		check(fmt.Sprintf("shape %d, gob, slog, log, template", i), out.String())
		func() {
			defer func() { check("panic", fmt.Sprint(recover())) }()
			panic(shape)
		}()
	}
	t.Logf("%d ways", tried)
	if v.Reveal() != marker {
		t.Error("Reveal does not give the value")
	}
}

func TestMask(t *testing.T) {
	for value, want := range map[string]string{
		"":                         "********",
		"short":                    "********",
		"elevenchars":              "********",
		"twelve-chars":             "twel********",
		"sk-ant-api03-abcdefghijk": "sk-a********",
		"\x1b[31mred-and-long":     "?[31********",
		"äöüß-and-more-of-it":      "äöüß********",
	} {
		if got := New(value).Mask(); got != want {
			t.Errorf("%q: got %q, want %q", value, got, want)
		}
	}
}

func TestFingerprint(t *testing.T) {
	a, b := Key{1}, Key{2}
	v := New("hunter2")
	if a.Fingerprint(v) != a.Fingerprint(New("hunter2")) || a.Fingerprint(v) == b.Fingerprint(v) || a.Fingerprint(v) == a.Fingerprint(New("hunter3")) {
		t.Error("a fingerprint must depend on the key and on the value, and on nothing else")
	}
	if len(a.Fingerprint(v)) != 16 {
		t.Error("a fingerprint has 16 hex digits")
	}
	if !a.Verify([]byte("text"), a.MAC([]byte("text"))) || a.Verify([]byte("text"), b.MAC([]byte("text"))) {
		t.Error("Verify must accept its own key's MAC and no other's")
	}
	if out := fmt.Sprintf("%v %s %#v %x", a, a, a, a); strings.Contains(out, "01000") || strings.Contains(out, "[1 0") {
		t.Errorf("a key is printed: %s", out)
	}
}
