package service

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/clawsecrets/clawsecrets/internal/secret"
)

var testSpecifiers = Specifiers{Home: "/home/user", User: "user", UID: 1000, Unit: "clawdbot-gateway.service"}

// revealed returns assignments as plain text, with "?" for an unknown value.
func revealed(set map[string]Assignment) map[string]string {
	plain := map[string]string{}
	for name, assignment := range set {
		plain[name] = assignment.Value.Reveal()
		if assignment.Unknown {
			plain[name] = "?"
		}
	}
	return plain
}

func TestParseUnitEnvironment(t *testing.T) {
	type env map[string]string
	tests := []struct {
		name, service string
		want          env
	}{
		{"bare", "Environment=A=1", env{"A": "1"}},
		{"several", `Environment=A=1 "B=2 3" 'C=4 5' D="6 7"`, env{"A": "1", "B": "2 3", "C": "4 5", "D": "6 7"}},
		{"several lines", "Environment=A=1\nEnvironment=B=2\nEnvironment=A=3", env{"A": "3", "B": "2"}},
		{"reset", "Environment=A=1\nEnvironment=\nEnvironment=B=2", env{"B": "2"}},
		{"empty value blocks", "Environment=A=", env{"A": ""}},
		{"word without a name", "Environment=A=1 two three", env{"A": "1"}},
		{"bad name", "Environment=bad-name=1 1X=2 É=3 A=4", env{"A": "4"}},
		{"C escapes", `Environment="A=x\ty\x41\101\u00e9\s\\\"\'"`, env{"A": "x\tyAAé \\\"'"}},
		{"wrong escape ends the line", `Environment=A=1 B=\d C=3`, env{"A": "1"}},
		{"NUL escape", `Environment=A=\x00`, env{}},
		{"open quote", `Environment=A=1 "B=2`, env{"A": "1"}},
		{"quote inside a word", `Environment=A=a"b c"d'e f'`, env{"A": "ab cde f"}},
		{"dollar stays", `Environment=A=$HOME`, env{"A": "$HOME"}},
		{"hash stays", `Environment=A=a#b`, env{"A": "a#b"}},
		{"continuation", "Environment=A=1 \\\n  B=2 \\\n# a comment\n  C=3", env{"A": "1", "B": "2", "C": "3"}},
		{"other comment in a continuation", "Environment=A=1 \\\n ; C=3\n  B=2", env{"A": "1", "B": "2"}},
		{"continuation becomes a space", "Environment=A=1\\\nB=2", env{"A": "1", "B": "2"}},
		{"escaped backslash at the end", "Environment=A=1\\\\\nEnvironment=B=2", env{"A": `1\`, "B": "2"}},
		{"continued at the end of the file", `Environment=A=1 \`, env{"A": "1"}},
		{"CRLF", "Environment=A=1\r\nEnvironment=B=2\r\n", env{"A": "1", "B": "2"}},
		{"CR", "Environment=A=1\rEnvironment=B=2", env{"A": "1", "B": "2"}},
		{"spaces", "  Environment  =  A=1  ", env{"A": "1"}},
		{"comments", "#Environment=A=1\n ;Environment=B=1\nEnvironment=C=1", env{"C": "1"}},
		{"wrong character escape", `Environment=A=\ud800 B=\ufdd0 C=1`, env{"C": "1"}},
		{"other case", "environment=A=1", env{}},
		{"other section", "[Install]\nEnvironment=A=1", env{}},
		{"specifiers", "Environment=A=%h/x B=%u C=%U D=100%% E=%n F=%N G=%. H=%z", env{
			"A": "/home/user/x", "B": "user", "C": "1000", "D": "100%", "E": "clawdbot-gateway.service", "F": "clawdbot-gateway", "G": "%."}},
		{"unknown specifier", "Environment=A=%m B=1", env{"A": "?", "B": "1"}},
		{"percent at the end", "Environment=A=1%", env{"A": "1%"}},
		{"BOM in the middle", "\ufeffEnvironment=A=1", env{}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			unit, err := ParseUnit("/u/x.service", []byte("[Service]\n"+test.service), testSpecifiers)
			if err != nil {
				t.Fatal(err)
			}
			if got := revealed(unit.Environment); !maps.Equal(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestParseUnitRest(t *testing.T) {
	unit, err := ParseUnit("/u/clawdbot-gateway.service", []byte(strings.Join([]string{
		"\ufeff[Service]",
		"User=claw",
		`ExecStart=-"/opt/my node/bin/node" /x/dist/entry.js --profile work gateway --port 1 ; /bin/second`,
		"ExecStart=/bin/third",
		"EnvironmentFile=/gone", "EnvironmentFile=", "EnvironmentFile=relative",
		"EnvironmentFile=-%h//x/*.env", "EnvironmentFile=/etc/%m.env",
		`PassEnvironment=P Q`, `UnsetEnvironment=R "S=a b"`,
		"WorkingDirectory=-%h/work",
		"Environment=R=1 T=2",
	}, "\n")), Specifiers{Home: "/home/user"})
	if err != nil {
		t.Fatal(err)
	}
	wantArgs := []string{"/opt/my node/bin/node", "/x/dist/entry.js", "--profile", "work", "gateway", "--port", "1"}
	if !slices.Equal(unit.ExecStart, wantArgs) {
		t.Errorf("ExecStart is %q", unit.ExecStart)
	}
	wantFiles := []EnvironmentFile{
		{Expanded{"/home/user/x/*.env", false}, true, unit.Path, 8},
		{Expanded{"/etc/%m.env", true}, false, unit.Path, 9},
	}
	if !slices.Equal(unit.EnvironmentFiles, wantFiles) {
		t.Errorf("EnvironmentFiles are %+v", unit.EnvironmentFiles)
	}
	if !slices.Equal(unit.PassEnvironment, []string{"P", "Q"}) || !slices.Equal(unit.UnsetEnvironment, []string{"R", "S=a b"}) {
		t.Errorf("passed %q, unset %q", unit.PassEnvironment, unit.UnsetEnvironment)
	}
	if unit.User != "claw" || unit.WorkingDirectory != (Expanded{Text: "/home/user/work"}) || unit.Environment["T"].Line != 13 {
		t.Errorf("user %q, directory %+v, T on line %d", unit.User, unit.WorkingDirectory, unit.Environment["T"].Line)
	}
}

func TestParseUnitRefused(t *testing.T) {
	const secretText = "FAKE-secret-in-a-broken-line"
	for name, text := range map[string]string{
		"section":   "[Service]\nEnvironment=A=1\n[" + secretText + "\nEnvironment=B=2",
		"not UTF-8": "[Service]\nEnvironment=A=1\n" + secretText + "\xff\nEnvironment=B=2",
		"long line": "[Service]\nEnvironment=A=1\n" + secretText + strings.Repeat("x", maxUnitLine) + "\nEnvironment=B=2",
	} {
		t.Run(name, func(t *testing.T) {
			unit, err := ParseUnit("/u/x.service", []byte(text), testSpecifiers)
			var refused *ServiceFileError
			if !errors.As(err, &refused) || refused.Line != 3 || strings.Contains(err.Error(), secretText) {
				t.Errorf("error is %v", err)
			}
			if want := map[string]string{"A": "1"}; !maps.Equal(revealed(unit.Environment), want) {
				t.Errorf("got %q before the error", revealed(unit.Environment))
			}
		})
	}
}

// The unit is what `clawdbot daemon install` wrote for a config with awkward
// env.vars, with fake secrets; what systemd makes of it is not what the config
// says for half of them.
func TestParseUnitOfProduct(t *testing.T) {
	text, err := os.ReadFile("testdata/clawdbot-gateway.service")
	if err != nil {
		t.Fatal(err)
	}
	unit, err := ParseUnit("/home/user/.config/systemd/user/clawdbot-gateway.service", text, testSpecifiers)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"MY_VENDOR_KEY":          "vk-FAKE-plain-in-env-vars",
		"FROMREF":                `cfg env \quoted\ value $HOME`,
		"TWO_WORDS":              "FAKE",
		"PERCENT":                "FAKE/home/user100%",
		"PEM":                    "-----BEGIN",
		"COPY":                   "it's fake",
		"HEX":                    "0123fake4567",
		"GROQ_API_KEY":           "gsk_FAKEplainInlineEnv",
		"HOME":                   "/home/user",
		"CLAWDBOT_GATEWAY_TOKEN": "FAKEb0c7de55a1refs-token-with-s-letters",
	}
	got := revealed(unit.Environment)
	maps.DeleteFunc(got, func(name, _ string) bool {
		return name == "PATH" || strings.HasPrefix(name, "CLAWDBOT_") && name != "CLAWDBOT_GATEWAY_TOKEN"
	})
	if !maps.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if line := unit.Environment["CLAWDBOT_GATEWAY_TOKEN"].Line; line != 25 {
		t.Errorf("token on line %d", line)
	}
	if !isGatewayCommand(unit.ExecStart) {
		t.Errorf("%q is not known as a gateway", unit.ExecStart)
	}
}

func TestParseEnvironmentFile(t *testing.T) {
	set, err := ParseEnvironmentFile("/x.env", []byte("# c\nA=1\n\nB=\"x\ny\"z\nC=3\nA=4\nexport D=5\nE=\n"))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"A": "4", "B": "x\nyz", "C": "3", "E": ""}
	if got := revealed(set); !maps.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	for name, line := range map[string]int{"A": 7, "B": 4, "C": 6, "E": 9} {
		if set[name].Line != line {
			t.Errorf("%s is said to be on line %d, not %d", name, set[name].Line, line)
		}
	}
	// What systemd 252 makes of them.
	for text, want := range map[string]string{
		`A=x\ `: "x ", `A=x\  `: "x ", "A=  x y \t": "x y", `A="\$\"\\\x"`: `$"\\x`, "A=\"a\\`b\\\nc\"": "a`bc", `A='a\'b`: `a\b`,
		`A="a" 'b' c 'd'`: "abc 'd'", `A=a#b #c`: "a#b #c", "A=a\\\nb": "ab", `A=\a\n`: "an", "A = 1": "1", "A=\"1": "1", "=B=2\nA=1": "1",
	} {
		set, err := ParseEnvironmentFile("/x.env", []byte(text))
		if err != nil || len(set) != 1 || set["A"].Value.Reveal() != want {
			t.Errorf("%q: got %q and error %v, want %q", text, revealed(set), err, want)
		}
	}
	for _, text := range []string{"A=1\nB=\xff", "A=1\x00"} {
		if _, err := ParseEnvironmentFile("/x.env", []byte(text)); err == nil {
			t.Errorf("%q is accepted", text)
		}
	}
}

// The cases are generated; their values are what load_env_file() of systemd 252
// returned, names that systemd drops afterwards left out.
func TestParseEnvironmentFileAgainstSystemd(t *testing.T) {
	data, err := os.ReadFile(filepath.Join("testdata", "environment-file-systemd-252.json"))
	if err != nil {
		t.Fatal(err)
	}
	var cases []struct {
		Text    string
		Values  map[string]string
		Refused bool
	}
	if err := json.Unmarshal(data, &cases); err != nil {
		t.Fatal(err)
	}
	if len(cases) < 500 {
		t.Fatalf("only %d cases", len(cases))
	}
	for _, c := range cases {
		set, err := ParseEnvironmentFile("/x.env", []byte(c.Text))
		if (err != nil) != c.Refused || !c.Refused && !maps.Equal(revealed(set), c.Values) {
			t.Errorf("%q: got %q and error %v, want %q and refused %t", c.Text, revealed(set), err, c.Values, c.Refused)
		}
	}
}

func TestRemoveUnset(t *testing.T) {
	unit := Unit{UnsetEnvironment: []string{"A", "B=1", "C=1", "D=1"}}
	set := map[string]Assignment{
		"A": {Value: secret.New("x")}, "B": {Value: secret.New("1")}, "C": {Value: secret.New("2")},
		"D": {Unknown: true}, "E": {},
	}
	unit.removeUnset(set)
	if got := slices.Sorted(maps.Keys(set)); !slices.Equal(got, []string{"C", "D", "E"}) {
		t.Errorf("left: %q", got)
	}
}

func TestDropInDirs(t *testing.T) {
	for name, want := range map[string]string{
		"clawdbot-gateway.service":      "clawdbot-gateway.service.d clawdbot-.service.d service.d",
		"clawdbot-gateway-work.service": "clawdbot-gateway-work.service.d clawdbot-gateway-.service.d clawdbot-.service.d service.d",
		"claw@a-b.service":              "claw@a-b.service.d claw@.service.d service.d",
	} {
		if got := strings.Join(dropInDirs(name), " "); got != want {
			t.Errorf("%s: got %s, want %s", name, got, want)
		}
	}
}

func TestLoadUnit(t *testing.T) {
	root := t.TempDir()
	user, etc := filepath.Join(root, "user"), filepath.Join(root, "etc")
	writeTree(t, root, map[string]string{
		"user/clawdbot-gateway.service":               "[Service]\nEnvironment=A=unit B=unit C=unit D=unit\nEnvironmentFile=" + root + "/env/*.env\nEnvironmentFile=-" + root + "/none\n",
		"etc/clawdbot-gateway.service":                "[Service]\nEnvironment=HIDDEN=1\n",
		"user/clawdbot-gateway.service.d/20-b.conf":   "[Service]\nEnvironment=B=20\nUnsetEnvironment=D\n",
		"etc/clawdbot-gateway.service.d/10-a.conf":    "[Service]\nEnvironment=B=10 A=10\n",
		"etc/clawdbot-gateway.service.d/20-b.conf":    "[Service]\nEnvironment=HIDDEN=2\n",
		"etc/service.d/30-c.conf":                     "[Service]\nEnvironment=E=30\n",
		"user/clawdbot-gateway.service.d/30-c.conf":   "",
		"user/clawdbot-gateway.service.d/README":      "[Service]\nEnvironment=HIDDEN=3\n",
		"user/clawdbot-.service.d/40-d.conf":          "[Service]\nPassEnvironment=P\n",
		"user/clawdbot-gateway.service.d/50-bad.conf": "[Service]\nEnvironment=F=50\n[oops\n",
		"env/1.env": "C=1\nG=1\n",
		"env/2.env": "C=2\n",
		"env/3.env": "C=\xff\n",
	})
	unit, unread := loadUnit("clawdbot-gateway.service", []string{user, etc}, testSpecifiers)
	if unit == nil {
		t.Fatal("no unit")
	}
	set, files, unreadFiles := unit.effective()
	want := map[string]string{"A": "10", "B": "20", "C": "2", "F": "50", "G": "1", "P": "?"}
	if got := revealed(set); !maps.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if len(unit.DropIns) != 4 || len(files) != 4 { // one of them is not there yet
		t.Errorf("drop-ins %q, files %q", unit.DropIns, files)
	}
	if len(unread) != 1 || unread[filepath.Join(user, "clawdbot-gateway.service.d/50-bad.conf")] == nil {
		t.Errorf("unread: %v", unread)
	}
	if len(unreadFiles) != 1 || unreadFiles[filepath.Join(root, "env/3.env")] == nil {
		t.Errorf("unread environment files: %v", unreadFiles)
	}
}

func TestLoadUnitMasked(t *testing.T) {
	root := t.TempDir()
	first, second := filepath.Join(root, "1"), filepath.Join(root, "2")
	writeTree(t, root, map[string]string{"2/x.service": "[Service]\n", "1/y": ""})
	if err := os.Symlink("/dev/null", filepath.Join(first, "x.service")); err != nil {
		t.Skip("no symlinks here")
	}
	if unit, _ := loadUnit("x.service", []string{first, second}, testSpecifiers); unit != nil {
		t.Error("a masked unit is read")
	}
	if unit, _ := loadUnit("x.service", []string{second}, testSpecifiers); unit == nil {
		t.Error("the unit is not read where nothing masks it")
	}
}

// writeTree writes files below root, by their slash-separated paths.
func writeTree(t *testing.T, root string, files map[string]string) {
	t.Helper()
	for name, content := range files {
		path := filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// FuzzParseUnit: no input panics or is slow; names are valid and values are text;
// an error holds none of the input.
func FuzzParseUnit(f *testing.F) {
	product, err := os.ReadFile("testdata/clawdbot-gateway.service")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(product)
	f.Add([]byte("[Service]\nEnvironment='A=1 \\\n# c\n2' B=\\x41%h\nEnvironmentFile=-/x\n[x"))
	f.Fuzz(func(t *testing.T, text []byte) {
		unit, err := ParseUnit("/u/x.service", text, testSpecifiers)
		if unit == nil {
			t.Fatal("no unit")
		}
		for name, set := range unit.Environment {
			if !validName(name) || !validUTF8(set.Value.Reveal()) || set.Line < 1 || set.Line > strings.Count(string(text), "\n")+strings.Count(string(text), "\r")+strings.Count(string(text), "\x00")+1 {
				t.Errorf("%q on line %d", name, set.Line)
			}
		}
		var refused *ServiceFileError
		if err != nil && !errors.As(err, &refused) {
			t.Errorf("error of type %T", err)
		}
		if again, err2 := ParseUnit("/u/x.service", text, testSpecifiers); (err2 == nil) != (err == nil) || !maps.Equal(revealed(again.Environment), revealed(unit.Environment)) {
			t.Error("read twice, two answers")
		}
	})
}

// FuzzParseEnvironmentFile: names are valid, lines lie in the file, and text
// without quotes, escapes and white space is read as it stands.
func FuzzParseEnvironmentFile(f *testing.F) {
	f.Add([]byte("A=1\n# c\nB='x\ny' \"z\\\"\" w\\\nv\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		set, err := ParseEnvironmentFile("/x.env", text)
		if err != nil && set != nil {
			t.Error("both an error and values")
		}
		for name, assignment := range set {
			if !validName(name) || assignment.Line < 1 || assignment.Line > strings.Count(string(text), "\n")+1 {
				t.Errorf("%q on line %d", name, assignment.Line)
			}
		}
		if err == nil && text != nil && !strings.ContainsAny(string(text), "'\"\\ \t\r\n") {
			more, err := ParseEnvironmentFile("/x.env", append([]byte("K="), text...))
			if err == nil && more["K"].Value.Reveal() != string(text) {
				t.Errorf("K=%q is read as %q", text, more["K"].Value.Reveal())
			}
		}
	})
}

// Reading takes a time that grows with the length of a file and no faster: the two
// rates of each kind of text are alike.
func BenchmarkServiceFiles(b *testing.B) {
	for _, reader := range []struct {
		name, unit string
		read       func([]byte)
	}{
		{"many lines", "Environment=A=1\n", readUnitText},
		{"one long list", `A"=1 \x41" `, func(b []byte) { readUnitText(append([]byte("Environment="), b...)) }},
		{"continuations", "Environment=A=1 \\\n", readUnitText},
		{"open quotes", `A="x \"`, func(b []byte) { _, _ = ParseEnvironmentFile("/x", b) }},
		{"backslash lines", "A=\\\n", func(b []byte) { _, _ = ParseEnvironmentFile("/x", b) }},
		{"spaces", "A= a \t", func(b []byte) { _, _ = ParseEnvironmentFile("/x", b) }},
		{"plist strings", "<string>x</string>", readPlistText},
		{"plist depth", "<dict>", readPlistText},
		{"plist entities", "&amp;", readPlistText},
	} {
		for _, size := range []int{40_000, 800_000} {
			text := []byte(strings.Repeat(reader.unit, size/len(reader.unit)))
			b.Run(fmt.Sprintf("%s/%d kB", reader.name, size/1000), func(b *testing.B) {
				b.SetBytes(int64(len(text)))
				for b.Loop() {
					reader.read(text)
				}
			})
		}
	}
}

func readUnitText(text []byte) {
	_, _ = ParseUnit("/u/x.service", append([]byte("[Service]\n"), text...), testSpecifiers)
}

func readPlistText(text []byte) {
	_, _ = ParseLaunchAgent("/x.plist", append([]byte("<plist><dict><key>EnvironmentVariables</key><dict><key>A</key>"), text...))
}
