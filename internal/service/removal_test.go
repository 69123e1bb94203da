package service

import (
	"errors"
	"os"
	"strings"
	"testing"
)

// removed returns what is left of a file without the variable, and the values as
// they were written there.
func removed(t *testing.T, kind, data, name string) (left string, written []string) {
	t.Helper()
	removals, err := Removals(kind, "/f", []byte(data), name)
	if err != nil {
		t.Fatal(err)
	}
	for _, removal := range removals {
		written = append(written, data[removal.ValueStart:removal.ValueEnd])
	}
	return string(without([]byte(data), removals)), written
}

func TestRemovalsOfUnit(t *testing.T) {
	tests := []struct{ name, service, want, written string }{
		{"alone", "A=1\nEnvironment=B=2\n", "~~Environment=B=2\n", "1"},
		{"first", "A=1 B=2\n", "B=2\n", "1"},
		{"in the middle", "C=3 A=1 B=2\n", "C=3 B=2\n", "1"},
		{"last", "B=2 A=1\n", "B=2\n", "1"},
		{"more blanks", "B=2 \t A=1 \t C=3\n", "B=2 \t \t C=3\n", "1"},
		{"quoted", "\"A=1 2\"\n", "~~", "1 2"},
		{"quoted among others", "B=2 'A=1 2' C=3\n", "B=2 C=3\n", "1 2"},
		{"value quoted", "A=\"1 2\" B=2\n", "B=2\n", `"1 2"`},
		{"quotes in the word", "A=1\"2 3\"4' 5' B=2\n", "B=2\n", `1"2 3"4' 5'`},
		{"quote ends within the value", "\"A=1 2\"3 B=2\n", "B=2\n", `1 2"3`},
		{"the product's quotes", `"A=cfg env \\"quoted\\" $HOME"` + "\n", "~~", `cfg env \\"quoted\\" $HOME"`},
		{"escapes", `"A=\x41\u00e9\\\"" B=1` + "\n", "B=1\n", `\x41\u00e9\\\"`},
		{"escaped name", `\x41=1 B=2` + "\n", "B=2\n", "1"},
		{"empty", "A= B=2\n", "B=2\n", ""},
		{"empty in quotes", "B=2 \"A=\"\n", "B=2\n", ""},
		{"prefix of another", "AA=1 A=2 A_=3\n", "AA=1 A_=3\n", "2"},
		{"twice", "A=1 A=2 B=3\n", "B=3\n", "1 2"},
		{"twice at the end", "B=3 A=1 A=2\n", "B=3\n", "1 2"},
		{"twice apart", "A=1 B=3 A=2\n", "B=3\n", "1 2"},
		{"twice and nothing else", "A=1 A=2\nRestart=no\n", "~~Restart=no\n", "1 2"},
		{"several lines", "A=1\nEnvironment=B=2\nEnvironment=A=3\n", "~~Environment=B=2\n", "1 3"},
		{"before a reset", "A=1\nEnvironment=\nEnvironment=B=2\n", "~~Environment=\nEnvironment=B=2\n", "1"},
		{"end of the file", "A=1", "~~", "1"},
		{"end of the file, two words", "B=2 A=1", "B=2", "1"},
		{"CRLF", "A=1\r\nEnvironment=B=2\r\n", "~~Environment=B=2\r\n", "1"},
		{"comments stay", "A=1\n# c\n", "~~# c\n", "1"},
		{"specifier", "A=%h/x B=%%\n", "B=%%\n", "%h/x"},
		{"comment before", "B=1\n# c\nEnvironment=A=1\n", "B=1\n# c\n", "1"},

		{"continued, alone", "\\\n  A=1\nRestart=no\n", "~~Restart=no\n", "1"},
		{"continued, first", "A=1 \\\n  B=2\n", " \\\n  B=2\n", "1"},
		{"continued, middle", "B=2 \\\n  A=1 \\\n  C=3\n", "B=2 \\\n  C=3\n", "1"},
		{"continued, last", "B=2 \\\n  A=1\nRestart=no\n", "B=2\nRestart=no\n", "1"},
		{"continued, last after an empty one", "B=2 \\\n \\\n  A=1\n", "B=2\n", "1"},
		{"continued, two on a line", "B=2 \\\n  A=1 C=3 \\\n  D=4\n", "B=2 \\\n  C=3 \\\n  D=4\n", "1"},
		{"continued without a blank", "B=2\\\nA=1\\\nC=3\n", "B=2\\\nC=3\n", "1"},
		{"continued, a comment further up", "B=2 \\\n# c\n  C=3 \\\n A=1\n", "B=2 \\\n# c\n  C=3\n", "1"},
		{"continued at the end of the file", "B=2 \\\n  A=1 \\", "B=2 \\", "1"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			const head = "[Unit]\nDescription=x\n[Service]\nExecStart=/bin/x\n"
			left, written := removed(t, SourceUnit, head+"Environment="+test.service, "A")
			want, whole := strings.CutPrefix(test.want, "~~")
			if !whole {
				want = "Environment=" + want
			}
			if left != head+want {
				t.Errorf("left is %q, want %q", left[len(head):], want)
			}
			if got := strings.Join(written, " "); got != test.written {
				t.Errorf("written as %q, want %q", got, test.written)
			}
		})
	}
}

func TestRemovalsOfEnvironmentFile(t *testing.T) {
	tests := []struct{ name, text, want, written string }{
		{"first", "A=1\nB=2\n", "B=2\n", "1"},
		{"last", "B=2\nA=1\n", "B=2\n", "1"},
		{"without a line end", "B=2\nA=1", "B=2\n", "1"},
		{"blanks", "B=2\n \t A = 1 2 \t\nC=3\n", "B=2\nC=3\n", "1 2"},
		{"blank lines and comments stay", "# c\n\nA=1\n\n; d\n", "# c\n\n\n; d\n", "1"},
		{"quoted", "A=\"x \\\"\" 'y'\nB=2\n", "B=2\n", `"x \"" 'y'`},
		{"several lines in quotes", "B=2\nA='x\n y\nC=z'\nD=4\n", "B=2\nD=4\n", "'x\n y\nC=z'"},
		{"several lines escaped", "A=x\\\ny\\\nz\nB=2\n", "B=2\n", "x\\\ny\\\nz"},
		{"escaped blank", "A=x\\  \nB=2\n", "B=2\n", `x\ `},
		{"open quote", "B=2\nA=\"x\n ", "B=2\n", "\"x\n "},
		{"CRLF", "A=1\r\nB=2\r\n", "B=2\r\n", "1"},
		{"CR", "B=2\rA=1\rC=3", "B=2\rC=3", "1"},
		{"empty", "A=\nB=2\n", "B=2\n", ""},
		{"all of them", "A=1\nB=2\nA=3\n", "B=2\n", "1 3"},
		{"hash in the value", "A=1#2 #3\n", "", "1#2 #3"},
		{"export is not known", "export A=1\nB=2\n", "export A=1\nB=2\n", ""},
		{"nothing", "B=2\n", "B=2\n", ""},
	}
	for _, kind := range []string{SourceEnvironmentFile, SourceEnvironmentD} {
		for _, test := range tests {
			t.Run(kind+"/"+test.name, func(t *testing.T) {
				left, written := removed(t, kind, test.text, "A")
				if got := strings.Join(written, " "); left != test.want || got != test.written {
					t.Errorf("left is %q, want %q; written as %q, want %q", left, test.want, got, test.written)
				}
			})
		}
	}
}

func TestRemovalsOfEnvironmentD(t *testing.T) {
	removals, err := Removals(SourceEnvironmentD, "/f", []byte("AB=1\nA=x${AB}\nC=$AB ${AB:-A}\n"), "A")
	if err != nil || len(removals) != 1 || !removals[0].Unknown || !removals[0].Value.IsZero() {
		t.Errorf("got %v and error %v, want one whose value is unknown", removals, err)
	}
}

func TestRemovalsOfServiceEnv(t *testing.T) {
	tests := []struct{ name, text, want, written string }{
		{"plain", "A=1\nB=2\n", "B=2\n", "1"},
		{"export", "B=2\nexport A='1 2'\n", "B=2\n", "'1 2'"},
		{"colon", "A: 1\nB=2\n", "B=2\n", "1"},
		{"several lines", "A=\"x\ny\"\r\nB=2\n", "B=2\n", "\"x\ny\""},
		{"value further down", "A=\n'x'\nB=2\n", "B=2\n", "'x'"},
		{"empty", "A=\nB=2\n", "B=2\n", ""},
		{"byte order mark", byteOrderMark + "A=1\nB=2\n", byteOrderMark + "B=2\n", "1"},
		{"all of them", " A = 1 \nB=2\nA=3", "B=2\n", "1 3"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			left, written := removed(t, SourceServiceEnv, test.text, "A")
			if got := strings.Join(written, " "); left != test.want || got != test.written {
				t.Errorf("left is %q, want %q; written as %q, want %q", left, test.want, got, test.written)
			}
		})
	}
}

func TestRemovalsOfPlist(t *testing.T) {
	const b = "\n    <key>B</key>\n    <string>2</string>"
	tests := []struct{ name, dict, want, written string }{
		{"first", "\n    <key>A</key>\n    <string>1</string>" + b + "\n  ", b + "\n  ", "1"},
		{"last", b + "\n    <key>A</key>\n    <string>1</string>\n  ", b + "\n  ", "1"},
		{"alone", "\n    <key>A</key>\n    <string>1</string>\n  ", "\n  ", "1"},
		{"CRLF", "\r\n\t<key>A</key>\r\n\t<string>1</string>\r\n  ", "\r\n  ", "1"},
		{"on one line", "<key>A</key><string>1</string><key>B</key><string>2</string>", "<key>B</key><string>2</string>", "1"},
		{"a comment before", "\n<!-- c -->\n<key>A</key><string>1</string>" + b, "\n<!-- c -->" + b, "1"},
		{"a comment behind", "\n<key>A</key><string>1</string> <!-- c -->" + b, "\n <!-- c -->" + b, "1"},
		{"a comment in it", "<key>A</key><string>1<!-- c -->2</string>" + b, b, "1<!-- c -->2"},
		{"commented out", "<!-- <key>A</key><string>1</string> -->" + b, "<!-- <key>A</key><string>1</string> -->" + b, ""},
		{"CDATA", "<key>A</key><string>a<![CDATA[<key>B</key>]]></string>" + b, b, "a<![CDATA[<key>B</key>]]>"},
		{"references", "<key>&#65;</key><string>&lt;&amp;&#x41;</string>" + b, b, "&lt;&amp;&#x41;"},
		{"empty", "<key>A</key><string/>" + b, b, ""},
		{"empty, blank lines around", "\n\n    <key>A</key>\n    <string></string>  \n\n" + b, "\n\n\n" + b, ""},
		{"twice", "\n<key>A</key><string>1</string>" + b + "\n<key>A</key><string>2</string>\n", b + "\n", "1 2"},
		{"another type", "<key>A</key><true/>" + b, "<key>A</key><true/>" + b, ""},
		{"deeper", "<key>C</key><dict><key>A</key><string>1</string></dict>", "<key>C</key><dict><key>A</key><string>1</string></dict>", ""},
	}
	around := func(dict string) string {
		const other = "<key>Other</key><dict><key>A</key><string>0</string></dict>"
		return `<?xml version="1.0"?>` + plistOf(other+"<key>EnvironmentVariables</key><dict>"+dict+"</dict>"+other)
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			left, written := removed(t, SourcePlist, around(test.dict), "A")
			if left != around(test.want) {
				t.Errorf("left is %q, want %q", left, around(test.want))
			}
			if got := strings.Join(written, " "); got != test.written {
				t.Errorf("written as %q, want %q", got, test.written)
			}
		})
	}
	const dict = "<key>EnvironmentVariables</key><dict>%<key>A</key><string>1</string></dict>"
	two := plistOf(dict + dict)
	left, _ := removed(t, SourcePlist, strings.ReplaceAll(two, "%", ""), "A")
	if strings.Contains(left, "<string>") {
		t.Errorf("of two dicts %q is left", left)
	}
}

// Where it is not certain what belongs to the variable, nothing is guessed: the
// error names the line and none of what stands there.
func TestRemovalsRefused(t *testing.T) {
	const secretText = "FAKEsecret"
	plist := func(dict string) string {
		return plistOf("\n<key>EnvironmentVariables</key><dict>" + dict + "</dict>")
	}
	tests := []struct {
		name, kind, text string
		line             int
	}{
		{"words that set nothing", SourceUnit, "[Service]\nEnvironment=A=FAKEsecret one two", 2},
		{"a comment that is none", SourceDropIn, "[Service]\nEnvironment=A=1 # FAKEsecret", 2},
		{"a wrong name", SourceUnit, "[Service]\nEnvironment=A=1 b-FAKEsecret=1", 2},
		{"a wrong escape", SourceUnit, "[Service]\nEnvironment=A=1 B=\\dFAKEsecret", 2},
		{"an open quote", SourceUnit, "[Service]\nEnvironment=A=1 \"B=FAKEsecret", 2},
		{"a value of several lines", SourceUnit, "[Service]\nEnvironment=A=1\nFAKEsecret", 2},
		{"a value of several lines with a sign", SourceUnit, "[Service]\nEnvironment=A=1\n\nfAKEsecret=\n", 2},
		{"a value that is continued", SourceUnit, "[Service]\nEnvironment=\"A=1 \\\nFAKEsecret\"", 2},
		{"a comment in between", SourceUnit, "[Service]\nEnvironment=B=1 \\\n#FAKEsecret\n A=1", 2},
		{"a comment in the line", SourceUnit, "[Service]\nEnvironment=\\\n#FAKEsecret\n A=1", 2},
		{"an unknown name", SourceUnit, "[Service]\nEnvironment=A=1\nEnvironment=%uFAKEsecret=1", 3},
		{"not read to the end", SourceUnit, "[Service]\nEnvironment=A=1\n[FAKEsecret", 3},
		{"not UTF-8", SourceEnvironmentFile, "A=FAKEsecret\nB=\xff\n", 0},
		{"NUL", SourceEnvironmentFile, "A=FAKEsecret\x00", 0},
		{"a comment with a backslash", SourceEnvironmentFile, "B=1\n# FAKEsecret\\\nA=1\n", 3},
		{"another is built from it", SourceEnvironmentD, "A=1\nB=FAKEsecret$A.\n", 2},
		{"another is built from it in braces", SourceEnvironmentD, "A=1\nC=2\nB=FAKEsecret${A:-x}\n", 3},
		{"a comment behind", SourceServiceEnv, "B=1\nA=1 # FAKEsecret\n", 2},
		{"a fragment behind", SourceServiceEnv, "A=1#FAKEsecret\n", 1},
		{"lines that would join", SourceServiceEnv, "B \nA=1\n=FAKEsecret\n", 2},
		{"binary", SourcePlist, "bplist00FAKEsecret", 1},
		{"broken", SourcePlist, "<plist><dict>\n<FAKEsecret></dict></plist>", 2},
		{"a comment between", SourcePlist, plist("<key>A</key><!-- FAKEsecret --><string>1</string>"), 2},
		{"text between", SourcePlist, plist("<key>A</key>FAKEsecret<string>1</string>"), 2},
		{"two values", SourcePlist, plist("<key>A</key>\n<string>FAKEsecret</string><string>1</string>"), 3},
		{"an attribute", SourcePlist, plist("<key>A</key><string x='FAKEsecret'>1</string>"), 2},
		{"an element in the value", SourcePlist, plist("<key>A</key><string>1<b>FAKEsecret</b></string>"), 2},
		{"an element in the key", SourcePlist, plist("<key>A<b>FAKEsecret</b></key><string>1</string>"), 2},
		{"no file", SourceProcess, "A=FAKEsecret", 0},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			removals, err := Removals(test.kind, "/f", []byte(test.text), "A")
			var refused *ServiceFileError
			if removals != nil || !errors.As(err, &refused) || refused.Line != test.line || strings.Contains(err.Error(), secretText) {
				t.Errorf("got %v and error %v, want one of line %d", removals, err, test.line)
			}
		})
	}
}

// The parts of the product's own files that set variables, one by one.
func TestRemovalsOfProductFiles(t *testing.T) {
	for file, kind := range map[string]string{"testdata/clawdbot-gateway.service": SourceUnit, "testdata/com.clawdbot.gateway.plist": SourcePlist} {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		taken := map[string]bool{}
		for name := range environmentOf(t, kind, text) {
			taken[name] = checkRemovals(t, kind, text, name)
		}
		for name, ok := range taken {
			// These two systemd reads in part: the product does not quote for it.
			if want := name != "TWO_WORDS" && name != "PEM"; ok != want {
				t.Errorf("%s: %s taken out: %t", file, name, ok)
			}
		}
		if len(taken) < 10 {
			t.Errorf("%s: only %d variables", file, len(taken))
		}
	}
}
