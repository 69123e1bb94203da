package search

import (
	"encoding/base64"
	"encoding/json"
	"net/url"
	"strings"
	"testing"

	"github.com/clawsecrets/clawsecrets/internal/fixture"
)

// wrapping is one way to write a text into a line, and to read it from there.
type wrapping struct {
	name   string
	wrap   func(text string) string
	unwrap func(t *testing.T, text string) string
	base64 bool
}

func wrappings() []wrapping {
	inJSON := func(text string) string { return `{"before":"é\t","text":` + quoted(text) + `,"after":1}` }
	fromJSON := func(t *testing.T, text string) string {
		var object struct{ Text string }
		if err := json.Unmarshal([]byte(text), &object); err != nil {
			t.Fatalf("%v in %q", err, text)
		}
		return object.Text
	}
	inASCII := func(text string) string {
		var out strings.Builder
		for _, char := range inJSON(text) {
			switch char {
			case '=', '&', '-', '_':
				out.WriteString(map[rune]string{'=': `\u003d`, '&': `\u0026`, '-': `\u002D`, '_': `\u005f`}[char])
			default:
				out.WriteRune(char)
			}
		}
		return out.String()
	}
	inURL := func(text string) string { return "see https://a.test/x?q=" + url.PathEscape(text) + " there" }
	fromURL := func(t *testing.T, text string) string {
		decoded, err := url.PathUnescape(strings.TrimSuffix(strings.TrimPrefix(text, "see https://a.test/x?q="), " there"))
		if err != nil {
			t.Fatal(err)
		}
		return decoded
	}
	in64 := func(text string) string { return base64.StdEncoding.EncodeToString([]byte(text)) }
	plain := func(text string) string { return text }
	same := func(_ *testing.T, text string) string { return text }
	twice := func(f func(string) string, g func(string) string) func(string) string {
		return func(text string) string { return g(f(text)) }
	}
	from := func(f, g func(*testing.T, string) string) func(*testing.T, string) string {
		return func(t *testing.T, text string) string { return f(t, g(t, text)) }
	}
	double, fromDouble := twice(inJSON, inJSON), from(fromJSON, fromJSON)
	return []wrapping{
		{"plain", plain, same, false},
		{"json", inJSON, fromJSON, false},
		{"ascii json", inASCII, fromJSON, false},
		{"json in json", double, fromDouble, false},
		{"ascii json in json", twice(inASCII, inJSON), fromDouble, false},
		{"json in json in json", twice(double, inJSON), from(fromDouble, fromJSON), false},
		{"percent", inURL, fromURL, false},
		{"percent in json", twice(inURL, inJSON), from(fromURL, fromJSON), false},
		{"json in percent in json", twice(twice(inJSON, inURL), inJSON), from(from(fromJSON, fromURL), fromJSON), false},
		{"base64", in64, nil, true},
		{"base64 in json", twice(in64, inJSON), nil, true},
		{"json in base64", twice(inJSON, in64), nil, true},
		{"json in base64 in json", twice(twice(inJSON, in64), inJSON), nil, true},
		{"percent in base64 in json", twice(twice(inURL, in64), inJSON), nil, true},
	}
}

// TestLayers replaces what a hit names in the file: that changes the secret in the text that
// was wrapped, and nothing else.
func TestLayers(t *testing.T) {
	pem := strings.TrimSpace(fixture.Secret(1, "pem", "layers"))
	for _, w := range wrappings() {
		for kind, secret := range map[string]string{
			"github": github("layers"), "anthropic": fixture.Secret(1, "anthropic", "layers"), "pem": pem,
		} {
			for _, around := range [][2]string{
				{"first line\nsecond: \"", "\" and\n\tmore"}, {"x=", "&y=2"}, {"漢🦞 ", " é"}, {"\"\\", "\\\""}, {strings.Repeat("\n\"", 300), strings.Repeat("\\\"", 300)},
			} {
				text := around[0] + secret + around[1]
				line := w.wrap(text)
				if !strings.Contains(w.name, "plain") || kind != "pem" {
					line += "\n"
				}
				report := searchData(newSearcher(), []byte("a line\n"+line))
				if got := values(report.Hits); len(got) != 1 || got[0] != secret {
					t.Errorf("%s in %s, %q: got %q", kind, w.name, around[0], described(report.Hits))
					continue
				}
				h := report.Hits[0]
				start, end := h.Start-7, h.End-7
				if w.base64 {
					value, ok := Unwrapped([]byte(line[start:end]), h.Layers, h.From, h.To)
					if !ok || string(value) != secret {
						t.Errorf("%s in %s: bytes %d to %d with %q hold something else", kind, w.name, start, end, h.Layers)
					}
					continue
				}
				changed := line[:start] + "[redacted]" + line[end:]
				if got := w.unwrap(t, strings.TrimSuffix(changed, "\n")); strings.TrimSuffix(got, "\n") != around[0]+"[redacted]"+around[1] {
					t.Errorf("%s in %s, %q: after the replacement it reads %q", kind, w.name, around[0], got)
				}
			}
		}
	}
}
