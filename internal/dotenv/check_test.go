package dotenv

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/clawsecrets/clawsecrets/internal/secret"
)

func TestCheck(t *testing.T) {
	tests := []struct {
		name, text, check string
		want              string // "" for no error
	}{
		{"alike", "A=1\nB='2'\nC=\"a\\nb\"\nD=\n", "A B C D", ""},
		{"nothing asked", "some words\n", "", ""},
		{"unset", "A=1\n", "A B", "B: " + problemUnset},
		{"hash", "A=1\nTOKEN=a#b\n", "A TOKEN", "line 2, column 1: TOKEN: " + problemDiffers},
		{"backticks", "A=1\n export K=`x`\n", "K", "line 2, column 2: K: " + problemDiffers},
		{"dollar", "A=1\nK=$A\n", "K", "line 2, column 1: K: " + problemDiffers},
		{"dollar elsewhere", "A=1\nK=$A\n", "A", ""},
		{"backslash in double quotes", `K="a\tb"`, "K", "line 1, column 1: K: " + problemDiffers},
		{"open quote elsewhere", "A=1\nB=\"x\n", "A", "line 2, column 1: B: " + problemOpen},
		{"text", "A=1\n words here\n", "A", "line 2, column 2: " + problemText},
		{"swallowed", "B='a\\'\nC='#it\n", "C", "line 2, column 1: C: " + problemEnclosed},
		{"swallows", "B='a\\'\nC='#it\n", "B", "line 2, column 1: " + problemEnclosed},
		{"key with padding", "A='-----BEGIN X-----\nABC=\nABC==\n-----END X-----\n'\n", "A", ""},
		{"byte order mark", "\ufeffA=1\n", "A", ""},
		{"CR alone", "A=1\rB=2\r", "A B", ""},
		{"comment to a CR", "# c\rB=2\r", "B", "line 2, column 1: B: " + problemDiffers},
		{"too large", "A=1\n" + strings.Repeat("#\n", maxSecondSize/2), "A", "line 1, column 1: A: " + problemTooLarge},
	}
	for _, test := range tests {
		err := Parse([]byte(test.text)).Check(strings.Fields(test.check)...)
		got := ""
		if err != nil {
			got = err.Error()
			if re := new(ReadError); !errors.As(err, &re) {
				t.Errorf("%s: %T is no ReadError", test.name, err)
			}
		}
		if got != test.want {
			t.Errorf("%s:\n got %q\nwant %q", test.name, got, test.want)
		}
	}
}

func TestProblems(t *testing.T) {
	tests := []struct {
		name, text string
		want       []string
	}{
		{"none", "# don't\n\nA=1\n export B='2' # c\r\nC=\n", nil},
		{"skipped", "A=1\nsome words\n  A\n", []string{"line 2, column 1: " + problemSkipped, "line 3, column 3: " + problemSkipped}},
		{"no space after the colon", "A:1\n", []string{"line 1, column 1: " + problemSkipped}},
		{"lost name", "__proto__=1\n", []string{"line 1, column 1: " + problemSkipped}},
		{"open quote", "A=1\nB=\"x\nC=2\n", []string{"line 2, column 1: B: " + problemOpen}},
		{"differs", "A=1\nB=a#b\nB=c#d\n", []string{"line 3, column 1: B: " + problemDiffers}},
		{"name that may be a secret", "ABCDEFGHIJKLMNOP=a#b\n", []string{"line 1, column 1: " + problemDiffers}},
		{"swallowed", "B='a\\'\nC='#it\n", []string{"line 2, column 1: " + problemEnclosed}},
		{"byte order mark", "\ufeffA=1\n", []string{"line 1, column 1: " + problemMark}},
	}
	for _, test := range tests {
		var got []string
		for _, problem := range Parse([]byte(test.text)).Problems() {
			got = append(got, problem.Error())
		}
		if !slices.Equal(got, test.want) {
			t.Errorf("%s:\n got %q\nwant %q", test.name, got, test.want)
		}
	}
}

// TestProblemsOfBareKey has a private key without quotes, whose lines npm dotenv
// takes for text and for names.
func TestProblemsOfBareKey(t *testing.T) {
	const text = "A=-----BEGIN PRIVATE KEY-----\nMIIEabcd+/abcd\nABCDEFGHIJKLMNOP=\nQRSTabcd01==\n-----END PRIVATE KEY-----\n"
	var lines []int
	for _, problem := range Parse([]byte(text)).Problems() {
		lines = append(lines, problem.Line)
		if got := problem.Error(); strings.Contains(got, "MIIE") || strings.Contains(got, "ABCD") || strings.Contains(got, "QRST") {
			t.Errorf("quotes the key: %s", got)
		}
	}
	if want := []int{2, 5}; !slices.Equal(lines, want) {
		t.Errorf("problems on lines %v, want %v", lines, want)
	}
}

// TestLargeComments has a file of the kind that, some times larger, would end the
// process if godotenv were given it.
func TestLargeComments(t *testing.T) {
	src := bytes.Repeat([]byte("#\n"), maxSecondSize/2+1)
	f := Parse(src)
	var refusal *ReadError
	if err := f.Set("K", secret.New("v")); !errors.As(err, &refusal) || refusal.Problem != problemTooLarge {
		t.Errorf("Set: %v", err)
	}
	if problems := f.Problems(); len(problems) != 1 || problems[0].Problem != problemTooLarge {
		t.Errorf("Problems: %v", problems)
	}
}
