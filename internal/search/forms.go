package search

import (
	"bytes"
	"encoding/base64"
	"net/url"
	"strings"
	"sync"

	"github.com/clawsecrets/clawsecrets/internal/rules"
	"github.com/clawsecrets/clawsecrets/internal/unwrap"
)

// forms finds where known values stand in a form that does not show by itself: the base64
// of a text too short to be told from a word, or in other letters than ASCII; and spaces as
// plus signs in a URL that has no percent sign. Whatever is found there is decoded as a
// layer and searched like any other.
type forms struct {
	set    *rules.Set // of what those forms look like; nil: no value has one
	spaces bool       // a value has a space
}

// The forms, as the rules of the set.
const (
	formBase64 = "base64-" // and how many bytes there are before the value in its group of three
	formSpaces = "spaces"
)

func newForms(known []rules.Known) *forms {
	f := &forms{}
	var all []rules.Known
	taken := map[rules.Known]bool{}
	add := func(k rules.Known) {
		if !taken[k] {
			taken[k] = true
			all = append(all, k)
		}
	}
	for _, k := range known {
		if !showsInBase64(k.Value) {
			for before := range 3 {
				for _, encoding := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
					add(rules.Known{Rule: formBase64 + string(rune('0'+before)), Value: base64Core(encoding, k.Value, before), Within: true})
				}
			}
		}
		if strings.Contains(k.Value, " ") {
			f.spaces = true
			if form := url.QueryEscape(k.Value); !strings.Contains(form, "%") {
				add(rules.Known{Rule: formSpaces, Value: form})
			}
		}
	}
	if len(all) > 0 {
		f.set = rules.OnlyKnown(all)
	}
	return f
}

// showsInBase64 reports whether base64 of the value is recognised whatever stands beside it:
// see [unwrap.Base64].
func showsInBase64(value string) bool {
	const enough = 22 // bytes of ASCII: five groups of three wherever they begin, and their neighbours
	run := 0
	for i := range len(value) {
		run++
		if c := value[i]; c >= 0x80 || c < ' ' && c != '\n' && c != '\t' && c != '\r' {
			run = 0
		}
		if run == enough {
			return true
		}
	}
	return false
}

// base64Core returns the characters of base64 that hold nothing but bits of the value, which
// has so many bytes before it in its group of three.
func base64Core(encoding *base64.Encoding, value string, before int) string {
	text := encoding.EncodeToString([]byte(strings.Repeat("\x00", before) + value))
	return text[firstOwn(before) : (before+len(value))*8/6]
}

// firstOwn returns which character of a group is the first that holds nothing of the bytes
// before the value.
func firstOwn(before int) int { return (before*8 + 5) / 6 }

// found is a form of a known value in a text.
type found struct {
	form       string
	start, end int
}

// finder returns what finds the forms in one text after another, for one goroutine.
func (f *forms) finder() func(text []byte) []found {
	if f.set == nil {
		return func([]byte) []found { return nil }
	}
	finder := f.set.Finder()
	return func(text []byte) []found {
		var all []found
		for _, m := range finder.Find(text, nil) {
			all = append(all, found{m.Rule, m.Start, m.End})
		}
		return all
	}
}

// hidden searches the runs of base64 that hold a known value and were not recognised as
// base64; seen are those that were.
func (t *texts) hidden(text []byte, all []found, seen spans, l *layer, depth int) {
	done := 0
	for _, f := range all {
		before, ok := strings.CutPrefix(f.form, formBase64)
		if !ok || f.start < done || seen.overlap(int64(f.start), int64(f.end)) {
			continue
		}
		start, end, decoded := unwrap.Base64At(text, f.start-firstOwn(int(before[0]-'0')))
		if start <= f.start && f.end <= end {
			done = end
			t.run(text, start, end, decoded, l, depth)
		}
	}
}

// spaced searches known values with plus signs for their spaces.
func (t *texts) spaced(text []byte, all []found, l *layer, depth int) {
	for _, f := range all {
		if f.form == formSpaces {
			t.form(text, f.start, f.end, l, depth)
		}
	}
}

// form searches a part of a text as a form sends it: percent-encoded, with plus signs for
// spaces.
func (t *texts) form(text []byte, start, end int, l *layer, depth int) {
	outer := text[start:end]
	decoded := decodedForm(t.buffers[depth][:0], outer)
	t.buffers[depth] = decoded
	t.layer(decoded, &layer{kind: layerForm, outer: outer, start: start, around: l, decoded: len(decoded)}, depth+1)
}

func decodedForm(dst, text []byte) []byte {
	return unwrap.Percent(dst, bytes.ReplaceAll(text, []byte("+"), []byte(" ")))
}

// decodedBase64 decodes a run of base64 of either alphabet, broken into lines or not; ok is
// false for a text with anything else in it.
func decodedBase64(run []byte) (decoded []byte, ok bool) {
	var text []byte
	for _, c := range run {
		switch {
		case c == '-':
			c = '+'
		case c == '_':
			c = '/'
		case strings.IndexByte("=\r\n\t ", c) >= 0:
			continue
		}
		text = append(text, c)
	}
	if len(text)%4 == 1 {
		text = text[:len(text)-1] // holds no byte
	}
	decoded = make([]byte, base64.RawStdEncoding.DecodedLen(len(text)))
	n, err := base64.RawStdEncoding.Decode(decoded, text)
	return decoded[:n], err == nil
}

// formsOnce works out the forms of the values that a searcher looks for, once.
type formsOnce struct {
	once  sync.Once
	forms *forms
}

func (o *formsOnce) of(set *rules.Set) *forms {
	o.once.Do(func() { o.forms = newForms(set.Known()) })
	return o.forms
}
