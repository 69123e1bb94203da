package service

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/clawsecrets/clawsecrets/internal/dotenv"
)

var removalKinds = []string{SourceUnit, SourceEnvironmentFile, SourceEnvironmentD, SourceServiceEnv, SourcePlist}

// reading is what the package reads in a file.
type reading struct {
	Environment map[string]string // "?" for a value that is not known
	Rest        any               // everything else
	Failed      bool
}

func read(kind string, data []byte) reading {
	switch kind {
	case SourceUnit:
		unit, err := ParseUnit("/f", data, testSpecifiers)
		environment := revealed(unit.Environment)
		unit.Environment = nil
		for i := range unit.EnvironmentFiles {
			unit.EnvironmentFiles[i].Line = 0
		}
		return reading{environment, *unit, err != nil}
	case SourcePlist:
		agent, err := ParseLaunchAgent("/f", data)
		if err != nil {
			return reading{Failed: true}
		}
		environment := revealed(agent.Environment)
		agent.Environment = nil
		return reading{environment, *agent, false}
	case SourceServiceEnv:
		return reading{Environment: dotenv.Parse(data).Map()}
	}
	set, err := ParseEnvironmentFile("/f", data)
	return reading{revealed(set), nil, err != nil}
}

func environmentOf(t *testing.T, kind string, data []byte) map[string]string {
	t.Helper()
	got := read(kind, data)
	if got.Failed {
		t.Fatal("the file cannot be read")
	}
	return got.Environment
}

// checkRemovals takes a variable out and holds the result against what the package
// reads before and after. It returns false where that is refused, or where there is
// nothing to take out.
func checkRemovals(t *testing.T, kind string, data []byte, name string) bool {
	t.Helper()
	before := read(kind, data)
	removals, err := Removals(kind, "/f", data, name)
	if err != nil {
		var refused *ServiceFileError
		if removals != nil || !errors.As(err, &refused) || refused.Line < 0 || refused.Line > bytes.Count(data, []byte("\n"))+bytes.Count(data, []byte("\r"))+bytes.Count(data, []byte("\x00"))+1 {
			t.Errorf("%q: removals %v, error %v", data, removals, err)
		}
		return false
	}
	at := 0
	for _, removal := range removals {
		if removal.Start < at || removal.ValueStart < removal.Start || removal.ValueEnd < removal.ValueStart || removal.End < removal.ValueEnd || removal.End > len(data) {
			t.Fatalf("%q: %s from %d: removal %v", data, name, at, removal)
		}
		at = removal.End
		written := string(data[removal.ValueStart:removal.ValueEnd])
		if !removal.Unknown && !readsAs(kind, written, removal.Value.Reveal()) {
			t.Errorf("%q: %s is written as %q and not read as %q", data, name, written, removal.Value.Reveal())
		}
		if beside := string(data[removal.Start:removal.ValueStart]) + string(data[removal.ValueEnd:removal.End]); !isSyntax(beside, name) {
			t.Errorf("%q: %q goes along with %s", data, beside, name)
		}
	}
	after := read(kind, without(data, removals))
	if _, held := before.Environment[name]; held && len(removals) == 0 {
		t.Errorf("%q: %s is not found", data, name)
	}
	delete(before.Environment, name)
	if !maps.Equal(before.Environment, after.Environment) || !reflect.DeepEqual(before.Rest, after.Rest) || before.Failed != after.Failed {
		t.Errorf("%q without %s is %q: reads as %v, want %v", data, name, without(data, removals), after, before)
	}
	return len(removals) > 0
}

// readsAs reports whether the dialect reads what was written as value.
func readsAs(kind, written, value string) bool {
	var forms []string
	switch kind {
	case SourceUnit:
		for _, quote := range []string{"", `"`, "'"} { // a quote may be opened before the name
			forms = append(forms, "[Service]\nEnvironment="+quote+"X="+written+quote, "[Service]\nEnvironment="+quote+"X="+written)
		}
	case SourcePlist:
		forms = []string{plistOf("<key>EnvironmentVariables</key><dict><key>X</key><string>" + written + "</string></dict>")}
	default:
		forms = []string{"X=" + written}
	}
	for _, form := range forms {
		if got, ok := read(kind, []byte(form)).Environment["X"]; ok && got == value {
			return true
		}
	}
	return false
}

// isSyntax reports whether text is nothing but the name and what stands around it.
func isSyntax(text, name string) bool {
	if strings.ContainsAny(text, `\&`) { // a name that is not written as it is
		return true
	}
	text = strings.NewReplacer(`"`, "", "'", "").Replace(text) // quotes may stand within the name
	tokens := []string{"<key>", "</key>", "<string>", "</string>", "<string/>", "Environment", "export"}
	for _, order := range [][]string{append([]string{name}, tokens...), append(tokens, name)} { // the name may be a token
		rest := text
		for _, token := range order {
			rest = strings.Replace(rest, token, "", 1)
		}
		isAround := func(r rune) bool { return isJavaScriptSpace(r) || strings.ContainsRune("\x00=:<>/", r) }
		if strings.TrimFunc(rest, isAround) == "" {
			return true
		}
	}
	return false
}

// FuzzRemovals: whatever is taken out, every other variable and setting is read as
// before, the spans lie in the file in order, the value is in them as it is written,
// and beside it nothing but syntax.
func FuzzRemovals(f *testing.F) {
	for _, file := range []string{"testdata/clawdbot-gateway.service", "testdata/com.clawdbot.gateway.plist"} {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		for kind := range removalKinds {
			f.Add(uint8(kind), text, "CLAWDBOT_GATEWAY_TOKEN")
		}
	}
	f.Add(uint8(0), []byte("[Service]\nEnvironment=B=1 \\\n# c\n \"A=1 2\" \\\n C=%h A=\\x41'x'\\\r\nEnvironmentFile=/x\n"), "A")
	f.Add(uint8(1), []byte("# c\\\nB=1\nA='x\ny' \"z\\\"\" w\\\nv \nC=A=1"), "A")
	f.Add(uint8(2), []byte("A=1\nB=${A}\nC=$AB"), "A")
	f.Add(uint8(3), []byte("\ufeffexport A: \"x\ny\" # c\n B = `A=1`\u2028A=3"), "A")
	f.Add(uint8(4), []byte(plistOf("<key>EnvironmentVariables</key><dict>\n <key>A</key>\n <string><![CDATA[x]]>&lt;<!-- c --></string> \n<key>B</key><string/></dict>")), "A")
	f.Fuzz(func(t *testing.T, kind uint8, data []byte, name string) {
		checked := removalKinds[int(kind)%len(removalKinds)]
		checkRemovals(t, checked, data, name)
		if held := slices.Sorted(maps.Keys(read(checked, data).Environment)); len(held) > 0 {
			checkRemovals(t, checked, data, held[0])
		}
	})
}

// Taking a variable out takes a time that grows with the length of a file and no
// faster: the two rates of each kind of text are alike.
func BenchmarkRemovals(b *testing.B) {
	for _, text := range []struct{ name, kind, head, unit string }{
		{"lines", SourceUnit, "[Service]\n", "Environment=A=1\n"},
		{"one long list", SourceUnit, "[Service]\nEnvironment=", "A=1 B=2 "},
		{"continued", SourceUnit, "[Service]\nEnvironment=", "B=1 \\\nA=1 \\\n"},
		{"environment file", SourceEnvironmentFile, "", "A=1\nB=2\n"},
		{"references", SourceEnvironmentD, "A=1\n", "B=$A$A$\n"},
		{"service-env", SourceServiceEnv, "", "A=1\nB=2\n"},
		{"plist", SourcePlist, "<plist><dict><key>EnvironmentVariables</key><dict>", "<key>A</key><string>x</string>"},
	} {
		for _, size := range []int{40_000, 800_000} {
			data := []byte(text.head + strings.Repeat(text.unit, size/len(text.unit)))
			if text.kind == SourcePlist {
				data = append(data, "</dict></dict></plist>"...)
			}
			b.Run(fmt.Sprintf("%s/%d kB", text.name, size/1000), func(b *testing.B) {
				b.SetBytes(int64(len(data)))
				for b.Loop() {
					_, _ = Removals(text.kind, "/f", data, "A")
				}
			})
		}
	}
}
