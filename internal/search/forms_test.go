package search

import (
	"encoding/base64"
	"encoding/json"
	"net/url"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/clawsecrets/clawsecrets/internal/fixture"
	"github.com/clawsecrets/clawsecrets/internal/rules"
)

// awkward are values with whatever an encoding has to do something about.
func awkward() map[string]string {
	key := "-----BEGIN PRIVATE KEY-----\n" + strings.Repeat(fixture.Secret(3, "hex", "line")+"\n", 4) + "-----END PRIVATE KEY-----"
	return map[string]string{
		"six":        "k3y+/=",
		"short":      "hunter" + "2x",
		"quotes":     `pa"ss'wo` + "`rd",
		"backslash":  `pa\ss\n\"word`,
		"spaces":     "correct horse battery 7",
		"spaces two": `two  words & "more"`,
		"plus":       "a+b/c==d1 e+f",
		"umlaut":     "schlüssel-für-7",
		"umlauts":    "ü7ä8ö9ß0",
		"emoji":      "pass😀word",
		"percent":    "100%25%zz-7",
		"html":       "<b>&amp;7</b>",
		"token":      fixture.Secret(3, "anthropic", "token"),
		"pem":        key,
		"pem line":   key + "\n",
	}
}

func inJSON(text string) string { return quoted(text)[1 : len(quoted(text))-1] }

// encodings are the ways in which a value is written where it is copied to.
func encodings() map[string]func(string) string {
	twice := func(text string) string { return inJSON(inJSON(text)) }
	component := func(text string) string { // encodeURIComponent
		return strings.NewReplacer("+", "%20", "%21", "!", "%27", "'", "%28", "(", "%29", ")", "%2A", "*").Replace(url.QueryEscape(text))
	}
	onlyASCII := func(text string) string {
		var b strings.Builder
		for _, unit := range utf16Of(inJSON(text)) {
			if unit < 0x80 {
				b.WriteByte(byte(unit))
			} else {
				b.WriteString(`\u` + hex4(unit))
			}
		}
		return b.String()
	}
	all := map[string]func(string) string{
		"json": inJSON, "json ascii": onlyASCII, "json twice": twice, "path": url.PathEscape, "query": url.QueryEscape, "component": component,
		"percent in json": func(text string) string { return inJSON("?q=" + url.PathEscape(text)) },
		"json in percent": func(text string) string { return url.PathEscape(quoted(text)) },
	}
	for name, encoding := range map[string]*base64.Encoding{
		"std": base64.StdEncoding, "raw std": base64.RawStdEncoding, "url": base64.URLEncoding, "raw url": base64.RawURLEncoding,
	} {
		encode := func(text string) string { return encoding.EncodeToString([]byte(text)) }
		all["base64 "+name] = encode
		for _, user := range []string{"a:", "ab:", "abc:", "ü:"} {
			all["basic "+user+name] = func(text string) string { return encode(user + text) }
		}
		all["base64 in json "+name] = func(text string) string { return inJSON(`{"a":"` + encode(text) + `"}`) }
		all["json in base64 "+name] = func(text string) string { return encode(`{"a":` + quoted(text) + `}`) }
	}
	return all
}

func utf16Of(text string) []rune {
	var units []rune
	for _, char := range text {
		if char < 0x10000 {
			units = append(units, char)
		} else {
			char -= 0x10000
			units = append(units, 0xd800+char>>10, 0xdc00+char&0x3ff)
		}
	}
	return units
}

func hex4(unit rune) string {
	const digits = "0123456789abcdef"
	return string([]byte{digits[unit>>12], digits[unit>>8&15], digits[unit>>4&15], digits[unit&15]})
}

// files are kinds of files, with a place for a text; those of JSON encode it once more.
func files() map[string]func(text string) string {
	return map[string]func(string) string{
		"jsonl": func(text string) string {
			return `{"type":"session"}` + "\n" + `{"message":{"text":` + quoted("use "+text+" there") + "}}\n" + `{"end":1}` + "\n"
		},
		"json": func(text string) string {
			pretty, _ := json.MarshalIndent(map[string]any{"a": "b", "c": []string{"x", text}}, "", "  ") // strings always encode
			return string(pretty)
		},
		"log":     func(text string) string { return "10:00 [gateway] ready\n10:01 said " + text + " to me\n10:02 end\n" },
		"md":      func(text string) string { return "# Notes\n\nThe login is `" + text + "`.\n" },
		"dotenv":  func(text string) string { return "A=1\nB=\"" + text + "\"\n" },
		"history": func(text string) string { return "ls\ncurl -H 'Authorization: Basic " + text + "' x\n" },
	}
}

func hitsIn(t *testing.T, s *Searcher, text []byte) []Hit {
	t.Helper()
	hits, err := s.Text(t.Context(), text)
	if err != nil {
		t.Fatal(err)
	}
	return hits
}

// What stands before a run of base64 is no part of it, in whatever form.
func TestContextOfBase64(t *testing.T) {
	one, two := `pa"ss%w0rd ü`, "hunter"+"2x"
	s := &Searcher{Rules: rules.OnlyKnown([]rules.Known{{Rule: "known", Value: one}, {Rule: "known", Value: two}})}
	text := "open?key=" + url.PathEscape(one) + " secret: " + base64.StdEncoding.EncodeToString([]byte("login with "+two+" please")) + "\n"
	for _, line := range []string{text, quoted(text), "{\"a\":" + quoted(text) + "}"} {
		hits := hitsIn(t, s, []byte(line))
		if len(hits) != 2 || hits[0].Value.Reveal() != one || hits[1].Value.Reveal() != two {
			t.Errorf("%d hits in %s", len(hits), line)
		}
	}
}

// A line feed behind a run of base64 is none of the value that it holds.
func TestLineBehindBase64(t *testing.T) {
	value := awkward()["pem line"]
	s := &Searcher{Rules: rules.OnlyKnown([]rules.Known{{Rule: "known", Value: value}})}
	for _, end := range []string{"", "\n"} {
		body := strings.TrimRight(value, "\n") + end
		hits := hitsIn(t, s, []byte("key: "+base64.StdEncoding.EncodeToString([]byte("u:"+body))+"\nand\n"))
		if len(hits) != 1 || hits[0].Value.Reveal() != body {
			t.Errorf("with %q at its end: %d hits", end, len(hits))
		}
	}
}

// A known value is found in every form and every kind of file, exactly where it stands: it
// is gone when those bytes are, and it can be told from those bytes alone.
func TestKnownInEveryForm(t *testing.T) {
	ways := encodings()
	ways["raw"] = func(text string) string { return text }
	cases := 0
	for valueName, value := range awkward() {
		s := &Searcher{Rules: rules.OnlyKnown([]rules.Known{{Rule: "known", Value: value}})}
		for wayName, way := range ways {
			for fileName, file := range files() {
				data := []byte(file(way(value)))
				cases++
				found := hitsIn(t, s, data)
				if len(found) != 1 {
					t.Errorf("%s, %s in %s: %d hits\n%s", valueName, wayName, fileName, len(found), data)
					continue
				}
				h := found[0]
				if h.Value.Reveal() != value {
					t.Errorf("%s, %s in %s: found %q", valueName, wayName, fileName, h.Value.Reveal())
				}
				if text, ok := Unwrapped(data[h.Start:h.End], h.Layers, h.From, h.To); !ok || string(text) != value {
					t.Errorf("%s, %s in %s: %q unwraps to %q by %q", valueName, wayName, fileName, data[h.Start:h.End], text, h.Layers)
				}
				rest := append(append(append([]byte{}, data[:h.Start]...), "[gone]"...), data[h.End:]...)
				if again := hitsIn(t, s, rest); len(again) > 0 {
					t.Errorf("%s, %s in %s: is still there in\n%s", valueName, wayName, fileName, rest)
				}
			}
		}
	}
	t.Log(cases, "cases")
}

// Whatever text a value is, it is found in each of these forms, and told from its bytes.
func FuzzKnownForms(f *testing.F) {
	for _, value := range awkward() {
		f.Add(value)
	}
	forms := []func(string) string{
		inJSON, func(text string) string { return inJSON(inJSON(text)) }, url.PathEscape, url.QueryEscape,
		func(text string) string { return base64.StdEncoding.EncodeToString([]byte(text)) },
		func(text string) string { return base64.RawURLEncoding.EncodeToString([]byte("me:" + text)) },
	}
	f.Fuzz(func(t *testing.T, value string) {
		if len(value) < 6 || len(value) > 2000 || !utf8.ValidString(value) || strings.TrimSpace(value) != value ||
			strings.ContainsFunc(value, func(r rune) bool { return !unicode.IsPrint(r) }) {
			return
		}
		s := &Searcher{Rules: rules.OnlyKnown([]rules.Known{{Rule: "known", Value: value}})}
		for i, form := range forms {
			for _, data := range []string{"one\ntwo '" + form(value) + "' three\n", `{"a":` + quoted(`"`+form(value)+`"`) + "}\n"} {
				hits := hitsIn(t, s, []byte(data))
				found := false
				for _, h := range hits {
					text, ok := Unwrapped([]byte(data)[h.Start:h.End], h.Layers, h.From, h.To)
					if !ok || string(text) != value || h.Value.Reveal() != value {
						t.Errorf("form %d of %q in %q: %q by %q", i, value, data, text, h.Layers)
					}
					found = true
				}
				if !found {
					t.Errorf("form %d of %q is not found in %q", i, value, data)
				}
			}
		}
	})
}
