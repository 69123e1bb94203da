package dotenv

import (
	"bytes"
	"maps"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/joho/godotenv"

	"github.com/clawsecrets/clawsecrets/internal/secret"
)

// addSeeds gives a fuzz test the measured files and some mutated ones.
func addSeeds(f *testing.F, add func(src []byte, value string)) {
	g := newGenerator(4)
	for _, m := range measuredFiles(f) {
		add([]byte(m.Text), g.value(g.class()))
	}
	for range 2000 {
		add(g.mutated(), g.value(g.class()))
	}
}

// godotenvReads is what godotenv makes of src, apart from a byte order mark.
func godotenvReads(src []byte) (map[string]string, bool) {
	values, err := godotenv.UnmarshalBytes(bytes.TrimPrefix(src, []byte(byteOrderMark)))
	return values, err == nil
}

// FuzzParse: whatever the text, parsing keeps it; entries lie in it, in order and
// apart, on the lines they claim; the last one of a name counts; and the second
// reader's statements end where godotenv does.
func FuzzParse(f *testing.F) {
	addSeeds(f, func(src []byte, _ string) { f.Add(src) })
	f.Fuzz(func(t *testing.T, src []byte) {
		file := Parse(src)
		if !bytes.Equal(file.Bytes(), src) {
			t.Fatalf("Bytes returns %q", file.Bytes())
		}
		last, line := 0, 1
		want := map[string]string{}
		for _, e := range file.Entries() {
			if e.Start < last || e.End <= e.Start || e.End > len(src) {
				t.Fatalf("%d:%d after %d", e.Start, e.End, last)
			}
			if e.Line < line || e.Column < 1 || e.Column > e.Start+1 {
				t.Fatalf("line %d, column %d after line %d", e.Line, e.Column, line)
			}
			if text := string(src[e.Start:e.End]); !strings.HasPrefix(strings.TrimLeft(strings.TrimPrefix(text, "export"), "\t\n\v\f\r \u00a0\u2028\u2029\u3000\ufeff"), e.Name) && !strings.HasPrefix(text, e.Name) {
				t.Fatalf("%q does not assign %s", text, e.Name)
			}
			if !utf8.ValidString(e.Value) {
				t.Fatalf("value %q", e.Value)
			}
			last, line = e.End, e.Line
			want[e.Name] = e.Value
		}
		if !maps.Equal(file.Map(), want) {
			t.Fatalf("Map returns %q, want %q", file.Map(), want)
		}
		sameStatements(t, src)
		line = 0
		for _, p := range file.Problems() {
			if p.Line < max(line, 1) || p.Column < 1 || p.Problem == "" {
				t.Fatalf("problem %+v after line %d", p, line)
			}
			line = p.Line
		}
	})
}

// sameStatements fails if [statements] fails where godotenv does not, or the
// other way about, or in another place.
func sameStatements(t *testing.T, src []byte) {
	t.Helper()
	values, ok := godotenvReads(src)
	spans, failed := statements(src)
	if ok != (failed == nil) {
		t.Fatalf("%q: godotenv reads it: %v; statements: %+v", src, ok, failed)
	}
	if failed == nil {
		if len(spans) < len(values) {
			t.Fatalf("%q: %d statements, but godotenv has %q", src, len(spans), values)
		}
		return
	}
	if _, ok := godotenvReads(src[:failed.offset]); !ok {
		t.Fatalf("%q: godotenv fails before %d", src, failed.offset)
	}
	if _, ok := godotenvReads(append(src[:failed.offset:failed.offset], "A=1\n"...)); !ok {
		t.Fatalf("%q: %d is within a statement", src, failed.offset)
	}
}

// FuzzSet: Set makes both readers read the value and leaves every other name and
// byte alone, or it changes nothing; a second Set changes nothing; and Delete
// takes the name away and leaves every other one alone.
func FuzzSet(f *testing.F) {
	i := 0
	addSeeds(f, func(src []byte, value string) {
		f.Add(src, []string{"K", "L", "KEY_A", "NEW_NAME"}[i%4], value)
		i++
	})
	f.Fuzz(func(t *testing.T, src []byte, name, value string) {
		file := Parse(src)
		err := file.Set(name, secret.New(value))
		if err != nil {
			if !bytes.Equal(file.Bytes(), src) {
				t.Fatalf("%v, yet the file is now %q", err, file.Bytes())
			}
			if len(value) > 12 && value != name && strings.Contains(err.Error(), value) {
				t.Fatalf("the error holds the value: %v", err)
			}
		} else {
			checkSet(t, src, file, name, value)
		}
		checkDelete(t, file, name)
	})
}

func checkSet(t *testing.T, src []byte, file *File, name, value string) {
	t.Helper()
	after := file.Bytes()
	if got, ok := file.Get(name); !ok || got != value || file.Check(name) != nil {
		t.Fatalf("%q: reads as %q, %v, %v", after, got, ok, file.Check(name))
	}
	if got, ok := godotenvReads(after); !ok || got[name] != value {
		t.Fatalf("%q: godotenv reads %q, %v", after, got[name], ok)
	}
	othersSame(t, src, after, name)

	start, end, more := len(src), len(src), 0
	if entry, ok := Parse(src).effective(name); ok {
		start, end = entry.Start, entry.End
	} else {
		more = len("\r\n")
	}
	if !bytes.HasPrefix(after, src[:start]) || !bytes.HasSuffix(after, src[end:]) {
		t.Fatalf("%q became %q", src, after)
	}
	if written := len(after) - start - (len(src) - end); written > end-start+2*more+len(name)+2*len(value)+3 {
		t.Fatalf("%q became %q: %d bytes written", src, after, written)
	}
	if err := file.Set(name, secret.New(value)); err != nil || !bytes.Equal(file.Bytes(), after) {
		t.Fatalf("a second Set: %v, %q became %q", err, after, file.Bytes())
	}
}

func checkDelete(t *testing.T, file *File, name string) {
	t.Helper()
	before := file.Bytes()
	_, had := file.Get(name)
	done := file.Delete(name)
	_, has := file.Get(name)
	switch {
	case done && (has || !had):
		t.Fatalf("%q became %q", before, file.Bytes())
	case !done && !bytes.Equal(file.Bytes(), before):
		t.Fatalf("not done, yet %q became %q", before, file.Bytes())
	}
	othersSame(t, before, file.Bytes(), name)
}

// othersSame fails if a name other than one reads differently in before and after,
// in a reader that could read before.
func othersSame(t *testing.T, before, after []byte, except string) {
	t.Helper()
	same := func(reader string, was, is map[string]string) {
		delete(was, except)
		delete(is, except)
		if !maps.Equal(was, is) {
			t.Fatalf("%q became %q: %s read %q, now %q", before, after, reader, was, is)
		}
	}
	same("npm dotenv", Parse(before).Map(), Parse(after).Map())
	if was, ok := godotenvReads(before); ok {
		is, ok := godotenvReads(after)
		if !ok {
			t.Fatalf("%q became %q: godotenv cannot read it any more", before, after)
		}
		same("godotenv", was, is)
	}
}
