package extract

import (
	"os"
	"strings"

	"github.com/clawsecrets/clawsecrets/scan"
)

// contextSize is how many bytes of a log are looked at before and after a secret, and
// contextTold by how many of them two contexts are told apart.
const contextSize, contextTold = 200, 24

// logContexts reads what stands around secrets in logs, as the gateway had it before it
// wrote the line.
type logContexts struct{ seen map[seenContext]bool }

// seenContext is a secret behind the same few bytes: a log says the same again and again.
type seenContext struct{ value, before string }

func newLogContexts() *logContexts { return &logContexts{seen: map[seenContext]bool{}} }

// around returns the text of the line before and after a finding; not ok for one that is in no
// log, that no pattern can match since it is encoded there, or of which the like was seen.
func (l *logContexts) around(f *scan.Finding) (before, after string, ok bool) {
	if f.File.Surface != "log" || f.Detector == scan.Weak || encodedInLog(f) || f.End <= f.Start {
		return "", "", false
	}
	file, err := os.Open(f.File.Path)
	if err != nil {
		return "", "", false
	}
	defer file.Close()
	from := max(0, f.Start-contextSize)
	text := make([]byte, f.End+contextSize-from)
	n, _ := file.ReadAt(text, int64(from)) // less at its end
	if text = text[:n]; n < f.End-from || !f.WrittenAs(text[f.Start-from:f.End-from]) {
		return "", "", false // the log goes on
	}
	before, after = string(text[:f.Start-from]), string(text[f.End-from:])
	before = before[strings.LastIndexByte(before, '\n')+1:]
	after, _, _ = strings.Cut(after, "\n")
	for range len(f.Layers) {
		before, after = unescaped(before), unescaped(after)
	}
	context := seenContext{f.Value.Reveal(), before[max(0, len(before)-contextTold):]}
	ok = !l.seen[context]
	l.seen[context] = true
	return before, after, ok
}

// encodedInLog reports whether a secret stands in a log as no pattern of the gateway's reads it.
func encodedInLog(f *scan.Finding) bool {
	return f.File.Surface == "log" && f.Detector != scan.Weak && strings.Trim(f.Layers, "j") != ""
}

// unescaped returns what a part of a JSON string says, as far as patterns ask for it.
func unescaped(text string) string {
	return strings.NewReplacer(`\\`, `\`, `\"`, `"`, `\/`, "/", `\n`, "\n", `\r`, "\r", `\t`, "\t").Replace(text)
}
