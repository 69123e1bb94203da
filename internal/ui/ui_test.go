package ui_test

import (
	"bytes"
	"context"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/clawsecrets/clawsecrets/internal/ui"
)

// terminal returns an IO that reads answers from in, and what it writes.
func terminal(in io.Reader) (o *ui.IO, out, stderr *bytes.Buffer) {
	out, stderr = &bytes.Buffer{}, &bytes.Buffer{}
	return &ui.IO{In: in, Out: out, Err: stderr, Terminal: true}, out, stderr
}

func TestClean(t *testing.T) {
	for _, test := range []struct{ in, want string }{
		{"", ""},
		{"plain text, ünïcode, 日本", "plain text, ünïcode, 日本"},
		{"a\tb", "a\tb"},
		{"a\nb\rc", "a?b?c"},
		{"\x1b[2J\x1b]0;title\x07", "?[2J?]0;title?"},
		{"\u009b31m", "?31m"},               // CSI in one character
		{"abc\u202efdp.exe", "abc?fdp.exe"}, // right-to-left override
		{"zero\u200bwidth", "zero?width"},   // invisible
		{"line\u2028separator", "line?separator"},
		{"\xff\xfe", "\ufffd\ufffd"},
	} {
		if got := ui.Clean(test.in); got != test.want {
			t.Errorf("%q: got %q, want %q", test.in, got, test.want)
		}
	}
}

func FuzzClean(f *testing.F) {
	f.Add("\x1b[31mred\x1b[0m")
	f.Fuzz(func(t *testing.T, text string) {
		clean := ui.Clean(text)
		if ui.Clean(clean) != clean {
			t.Errorf("%q: cleaning twice changes it", text)
		}
		if strings.ContainsFunc(clean, func(r rune) bool { return r < ' ' && r != '\t' || r >= 0x7f && r < 0xa0 }) {
			t.Errorf("%q: a control character is left in %q", text, clean)
		}
		if strings.Count(clean, "") != strings.Count(text, "") {
			t.Errorf("%q: characters were added or lost: %q", text, clean)
		}
	})
}

func TestTable(t *testing.T) {
	for _, test := range []struct {
		name string
		rows [][]string
		want string
	}{
		{"none", nil, ""},
		{"aligned", [][]string{{"a", "bb", "c"}, {"long", "b", "cc"}}, "> a     bb  c\n> long  b   cc\n"},
		{"characters, not bytes", [][]string{{"ü", "x"}, {"ab", "y"}}, "> ü   x\n> ab  y\n"},
		{"no blanks at the end", [][]string{{"a", ""}, {"bbb", "c"}}, "> a\n> bbb  c\n"},
		{"rows of unequal length", [][]string{{"a"}, {"bbb", "c"}}, "> a\n> bbb  c\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			o, out, _ := terminal(nil)
			o.Table("> ", test.rows)
			if out.String() != test.want {
				t.Errorf("got %q, want %q", out.String(), test.want)
			}
		})
	}
}

func TestTableDoesNotCountColour(t *testing.T) {
	rows := func(o *ui.IO) [][]string {
		return [][]string{{o.Paint(ui.Red, "a"), "x"}, {"long", "y"}, {o.Paint(ui.Bold, o.Paint(ui.Green, "bb")), "z"}}
	}
	plain, want, _ := terminal(nil)
	plain.Table("", rows(plain))
	coloured, got, _ := terminal(nil)
	if err := coloured.SetColor("always"); err != nil {
		t.Fatal(err)
	}
	coloured.Table("", rows(coloured))
	if !strings.Contains(got.String(), "\x1b[31m") {
		t.Fatal("there is no colour to leave out")
	}
	uncoloured := got.String()
	for _, code := range []string{"0", "1", "31", "32"} {
		uncoloured = strings.ReplaceAll(uncoloured, "\x1b["+code+"m", "")
	}
	if uncoloured != want.String() {
		t.Errorf("got %q, want %q", uncoloured, want.String())
	}
}

func TestConfirm(t *testing.T) {
	for answer, want := range map[string]bool{
		"y\n": true, "Y\n": true, "yes\n": true, " YES \r\n": true, "y": true,
		"": false, "\n": false, "n\n": false, "no\n": false, "yep\n": false, "ja\n": false, "\ny\n": false,
	} {
		o, out, stderr := terminal(strings.NewReader(answer))
		if got := o.Confirm(context.Background(), "Go on?"); got != want {
			t.Errorf("%q: got %v, want %v", answer, got, want)
		}
		if !strings.HasPrefix(stderr.String(), "Go on? [y/N] ") || out.Len() > 0 {
			t.Errorf("%q: asked %q, printed %q", answer, stderr.String(), out.String())
		}
	}
}

func TestConfirmEndsWithItsContext(t *testing.T) {
	in, write := io.Pipe() // nobody answers
	t.Cleanup(func() { _ = write.Close() })
	o, _, _ := terminal(in)
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Millisecond)
	defer cancel()
	if o.Confirm(ctx, "Go on?") {
		t.Error("no answer is taken for yes")
	}
}

func TestSetColor(t *testing.T) {
	file, err := os.Create(t.TempDir() + "/out")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	for _, test := range []struct {
		when string
		out  io.Writer
		want bool
	}{
		{"always", &bytes.Buffer{}, true},
		{"never", &bytes.Buffer{}, false},
		{"auto", &bytes.Buffer{}, false},
		{"auto", file, false},
	} {
		o := &ui.IO{Out: test.out}
		if err := o.SetColor(test.when); err != nil {
			t.Fatal(err)
		}
		if got := o.Paint(ui.Red, "x") == "\x1b[31mx\x1b[0m"; got != test.want {
			t.Errorf("%s on %T: colour is %v", test.when, test.out, got)
		}
	}
	o := &ui.IO{Out: &bytes.Buffer{}}
	if err := o.SetColor("blue"); err == nil || err.Error() != "--color takes auto, always or never" {
		t.Errorf("error %v", err)
	}
	if err := o.SetColor("always"); err != nil || o.Paint(ui.Red, "") != "" {
		t.Errorf("an empty text gets colour (%v)", err)
	}
}

func TestWarnf(t *testing.T) {
	o, out, stderr := terminal(nil)
	o.Warnf("%s is %d", "x", 1)
	if stderr.String() != "clawsecrets: x is 1\n" || out.Len() > 0 {
		t.Errorf("standard error %q, standard output %q", stderr.String(), out.String())
	}
}
