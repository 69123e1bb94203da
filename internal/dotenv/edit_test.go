package dotenv

import (
	"errors"
	"strings"
	"testing"

	"github.com/clawsecrets/clawsecrets/internal/secret"
)

func TestSet(t *testing.T) {
	tests := []struct{ name, before, value, want string }{
		{"empty file", "", "v", "K=v\n"},
		{"append", "A=1\n", "v", "A=1\nK=v\n"},
		{"append without a final line end", "A=1", "v", "A=1\nK=v\n"},
		{"append CRLF", "A=1\r\nB=2", "v", "A=1\r\nB=2\r\nK=v\r\n"},
		{"append to mostly LF", "A=1\r\nB=2\nC=3\n", "v", "A=1\r\nB=2\nC=3\nK=v\n"},
		{"append after a lone CR", "A=1\r# c\r", "v", "A=1\r# c\r\nK=v\n"},
		{"append after a comment with a quote", "# don't\n", "a b", "# don't\nK='a b'\n"},
		{"byte order mark", "\ufeffA=1\n", "v", "\ufeffA=1\nK=v\n"},
		{"byte order mark alone", "\ufeff", "v", "\ufeffK=v\n"},
		{"byte order mark before the name", "\ufeffK=1\n", "v", "\ufeffK=v\n"},
		{"replace", "A=1\nK=old\nB=2\n", "v", "A=1\nK=v\nB=2\n"},
		{"replace keeps CRLF", "K=old\r\nB=2\r\n", "a b", "K='a b'\r\nB=2\r\n"},
		{"replace keeps the comment", "K='old'  # it's\n", "v", "K=v  # it's\n"},
		{"replace keeps export", "  export K = old\n", "v", "  export K=v\n"},
		{"replace colon", "K: old\n", "v", "K=v\n"},
		{"replace empty", "K=\nA=1\n", "v", "K=v\nA=1\n"},
		{"replace empty with space", "K= \nA=1\n", "v", "K=v \nA=1\n"},
		{"replace empty colon", "K: \nA=1\n", "v", "K=v \nA=1\n"},
		{"replace value on the next line", "K=\n'old'\nA=1\n", "v", "K=v\nA=1\n"},
		{"replace several lines", "K='a\nb'\nA=1\n", "v", "K=v\nA=1\n"},
		{"the last one counts", "K=1\nK=2\n# end\n", "v", "K=1\nK=v\n# end\n"},
		{"quotes where a comment touches", "K=abc#def\n", "v", "K='v'#def\n"},
		{"quotes between two comments", "K=abc # c # d\n", "v", "K='v' # c # d\n"},
		{"same value", "K = 'v' # c\n", "v", "K = 'v' # c\n"},
		{"same value, unlike for the second reader", "K=`v`\n", "v", "K=v\n"},
		{"mends an open quote", "K=\"open\nA=1\n", "v", "K=v\nA=1\n"},
		{"unreadable neighbour of the product's", "A=$B\n", "v", "A=$B\nK=v\n"},
	}
	for _, test := range tests {
		f := Parse([]byte(test.before))
		if err := f.Set("K", secret.New(test.value)); err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		if got := string(f.Bytes()); got != test.want {
			t.Errorf("%s: got %q, want %q", test.name, got, test.want)
		}
		if got, ok := f.Get("K"); !ok || got != test.value {
			t.Errorf("%s: Get returns %q, %v", test.name, got, ok)
		}
	}
}

func TestSetRefuses(t *testing.T) {
	tests := []struct {
		name, before, value string
		line                int
		problem             string
	}{
		{"open quote", "A=1\nB=\"open\n", "v", 2, problemOpen},
		{"open quote meets ours", "A=1\nB='a\\'\nC=1\n", "a b", 2, problemSwallows},
		{"colon swallows", "B=1\nA:\n", "v", 2, problemSwallows},
		{"text", "A=1\n\nsome words\nB=2\n", "v", 3, problemText},
		{"text after the assignment", "K=1\nA=1\nsome words\n", "v", 3, problemText},
		{"text after a longer assignment", "K='a\nb\nc'\nsome words\n", "v", 4, problemText},
		{"last line becomes text", "A=1\nword", "v", 2, problemText},
		{"dash in a name", "A-1=x\n", "v", 1, problemText},
		{"another name refers to it", "K=1\nA=${K}x\n", "v", 2, problemDepends},
		{"another name will refer to it", "K=1\nB=2\nA=\"$K\"\n", "v", 3, problemDepends},
		{"another name would appear", "K=\"a\nB=2\"\u0085\n", "v", 2, problemDepends},
		{"no space for the second reader", "K='a'\ufeff# c\n", "v", 1, problemHidden},
		{"no line for the second reader", "# c\rK=1\n", "v", 2, problemHidden},
	}
	for _, test := range tests {
		f := Parse([]byte(test.before))
		err := f.Set("K", secret.New(test.value))
		var refusal *ReadError
		if !errors.As(err, &refusal) {
			t.Errorf("%s: got %v in %q, want a ReadError", test.name, err, f.Bytes())
			continue
		}
		if refusal.Line != test.line || refusal.Problem != test.problem {
			t.Errorf("%s: got %v, want line %d: %s", test.name, err, test.line, test.problem)
		}
		if string(f.Bytes()) != test.before {
			t.Errorf("%s: the file is now %q", test.name, f.Bytes())
		}
	}
}

func TestSetRefusesNamesAndValues(t *testing.T) {
	f := Parse([]byte("A=1\n"))
	for _, name := range []string{"", "a", "1A", "A-B", "A.B", "A B", "Ä", "A\n", "export A"} {
		if err := f.Set(name, secret.New("v")); !errors.Is(err, ErrName) {
			t.Errorf("Set(%q) = %v, want ErrName", name, err)
		}
	}
	if err := f.Set("K", secret.Value{}); !errors.Is(err, ErrEmpty) {
		t.Errorf("empty value: %v", err)
	}
	err := f.Set("K", secret.New(`topsecret\`))
	if !errors.Is(err, ErrUnquotable) || !strings.Contains(err.Error(), "K") || strings.Contains(err.Error(), "top") {
		t.Errorf("unquotable value: %v", err)
	}
	if string(f.Bytes()) != "A=1\n" {
		t.Errorf("the file is now %q", f.Bytes())
	}
}

func TestDelete(t *testing.T) {
	tests := []struct {
		name, before, want string
		done               bool
	}{
		{"absent", "A=1\n", "A=1\n", false},
		{"one", "A=1\nK=2\nB=3\n", "A=1\nB=3\n", true},
		{"all, with comments", "K=1\nA=1\n  export K='2' # it's\nB=3\n", "A=1\nB=3\n", true},
		{"last without a line end", "A=1\nK=2", "A=1\n", true},
		{"CRLF", "A=1\r\nK=2\r\nB=3\r\n", "A=1\r\nB=3\r\n", true},
		{"byte order mark", "\ufeffK=1\nA=1\n", "\ufeffA=1\n", true},
		{"several lines", "A=1\nK='a\nb'\nB=3\n", "A=1\nB=3\n", true},
		{"value on the next line", "K=\n'x'\nB=3\n", "B=3\n", true},
		{"neighbours that would join", "A=\nK=1\n'B'\n", "A=\n#\n'B'\n", true},
		{"behind a line separator", "# c\u2028K=1\nB=3\n", "# c\u2028\nB=3\n", true},
		{"twice on one line", "A=1\nK='a'\u2028K='b'\nB=3\n", "A=1\nB=3\n", true},
		{"holds a quote apart", "A='x\nK=it's\nB='\n", "A='x\nK=it's\nB='\n", false},
		{"another name refers to it", "K=1\nA=$K\n", "K=1\nA=$K\n", false},
	}
	for _, test := range tests {
		f := Parse([]byte(test.before))
		if done := f.Delete("K"); done != test.done || string(f.Bytes()) != test.want {
			t.Errorf("%s: got %v, %q; want %v, %q", test.name, done, f.Bytes(), test.done, test.want)
		}
	}
}
