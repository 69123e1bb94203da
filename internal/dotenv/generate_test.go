package dotenv

import (
	"encoding/base64"
	"encoding/json"
	"math/rand/v2"
	"strings"
)

// generator makes fake values and files, the same for the same seed.
type generator struct{ *rand.Rand }

func newGenerator(seed uint64) generator { return generator{rand.New(rand.NewPCG(seed, 0))} }

// classes are the kinds of values that configs hold, and some that they should not.
var classes = []string{"token", "base64", "printable", "newline", "punctuation", "unicode", "pem", "service account"}

func (g generator) class() string { return classes[g.IntN(len(classes))] }

func (g generator) value(class string) string {
	const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
	switch class {
	case "token":
		return g.text(8+g.IntN(60), []rune(letters+"_-"))
	case "base64":
		return base64.StdEncoding.EncodeToString([]byte(g.text(6+g.IntN(60), []rune(letters))))
	case "printable":
		return g.text(1+g.IntN(30), printable(""))
	case "newline":
		return g.text(1+g.IntN(30), printable("\n\n\n\n\n"))
	case "punctuation":
		return g.text(1+g.IntN(12), []rune("'\"`\\$#{}=ab \n"))
	case "unicode":
		return g.text(1+g.IntN(20), []rune("aé😀ß漢\u00a0\u2028\u2029\ufeff\u0085\u180e\u3000' "))
	case "pem":
		return g.pem()
	default:
		account, _ := json.Marshal(map[string]string{"type": "service_account", "private_key": g.pem(), "client_email": "bot@example.com"})
		return string(account)
	}
}

func (g generator) pem() string {
	body := base64.StdEncoding.EncodeToString([]byte(g.text(40+g.IntN(90), printable(""))))
	var out strings.Builder
	out.WriteString("-----BEGIN PRIVATE KEY-----\n")
	for len(body) > 64 {
		out.WriteString(body[:64] + "\n")
		body = body[64:]
	}
	out.WriteString(body + "\n-----END PRIVATE KEY-----\n")
	return out.String()
}

func (g generator) text(n int, from []rune) string {
	out := make([]rune, n)
	for i := range out {
		out[i] = from[g.IntN(len(from))]
	}
	return string(out)
}

func printable(more string) []rune {
	all := []rune(more)
	for r := ' '; r <= '~'; r++ {
		all = append(all, r)
	}
	return all
}

// household returns a .env as people keep them: comments with stray quotes, blank
// lines and other programs' variables. Both readers read it.
func (g generator) household() string {
	lines := []string{
		"# don't touch", `# the "old key`, "# `", "#it's = x", "", "", "PORT=18789", "export NAME='a b'", `GREETING="it's me" # isn't it`,
		"EMPTY=", "URL=http://x/?a=b  # don't", "QUOTED='say \"hi\"'", "KEY_A=old", "export KEY_B='old'", "KEY_C: old # c", "  # indented 'comment", "COLON: x", "IT=it's",
	}
	end := []string{"\n", "\n", "\r\n"}[g.IntN(3)]
	var out strings.Builder
	for range g.IntN(12) {
		out.WriteString(lines[g.IntN(len(lines))] + end)
	}
	text := out.String()
	if g.IntN(3) == 0 {
		text = strings.TrimSuffix(text, end)
	}
	return text
}

// mutated returns a file that is likely to reach the corners of the grammar: parts
// of assignments in any order, or a household with some bytes changed.
func (g generator) mutated() []byte {
	parts := []string{
		"K", "L", "K=", "L=", "=", " = ", ":", ": ", "export", "export ", "'", "'", "\"", "\"", "`", "\\", "\\'", "\\\"", "\\n", "\\r", "\\\\n", "#", " #c", "a", "b c",
		"\n", "\n", "\n\n", "\r\n", "\r", " ", "\t", "\v", "\f", "\u00a0", "\ufeff", "\u2028", "\u2029", "\u3000", "\u0085", "\u180e", "\u200b", "-", ".", "9", "_", "$K", "${L}",
		"é", "😀", "\xff", "\xe2\x80", "\xe2", "\xf0\x9f\x98", "\xed\xa0\x80", "\xc0\xaf", "\xf4\x90\x80\x80", "\x00", "__proto__", "constructor",
	}
	var text []byte
	if g.IntN(3) == 0 {
		text = []byte(g.household())
		for range 1 + g.IntN(6) {
			at := g.IntN(len(text) + 1)
			cut := min(len(text), at+g.IntN(3))
			text = append(append(append([]byte{}, text[:at]...), parts[g.IntN(len(parts))]...), text[cut:]...)
		}
		return text
	}
	for range g.IntN(30) {
		text = append(text, parts[g.IntN(len(parts))]...)
	}
	return text
}
