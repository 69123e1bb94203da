package json5

import (
	"bufio"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/clawsecrets/clawsecrets/internal/gatewaytest"
)

// oracle is the gateway's own JSON5 parser, in one process for all documents.
type oracle struct {
	ask     *bufio.Writer
	answers *bufio.Scanner
}

func startOracle(t *testing.T) *oracle {
	product := gatewaytest.Product(t)
	cmd := exec.Command(product.Node, filepath.Join("testdata", "oracle.cjs"), product.Modules)
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = stdin.Close()
		if err := cmd.Wait(); err != nil {
			t.Errorf("the oracle ended with %v", err)
		}
	})
	answers := bufio.NewScanner(stdout)
	answers.Buffer(nil, 64<<20)
	return &oracle{bufio.NewWriter(stdin), answers}
}

// parse returns what JSON5.parse makes of each text, in the words of oracle.cjs.
func (o *oracle) parse(t *testing.T, texts []string) []string {
	t.Helper()
	asked := make(chan error, 1)
	go func() { // beside reading the answers, or both pipes could be full
		for _, text := range texts {
			_, _ = o.ask.WriteString(base64.StdEncoding.EncodeToString([]byte(text)) + "\n")
		}
		asked <- o.ask.Flush() // says too if an earlier write failed
	}()
	answers := make([]string, len(texts))
	for i := range texts {
		if !o.answers.Scan() {
			t.Fatalf("the oracle fell silent: %v", o.answers.Err())
		}
		answers[i] = o.answers.Text()
	}
	if err := <-asked; err != nil {
		t.Fatal(err)
	}
	return answers
}

// ours returns what this package makes of a text, in the same words.
func ours(text string) string {
	doc, err := Parse([]byte(text))
	if err != nil {
		return "error"
	}
	return "ok " + canonical(doc.Root().Decode())
}

func canonical(value any) string {
	switch v := value.(type) {
	case nil:
		return "null"
	case bool:
		return strconv.FormatBool(v)
	case float64:
		if math.IsNaN(v) {
			return "NaN"
		}
		return fmt.Sprintf("%016x", math.Float64bits(v))
	case string:
		return `"` + hex.EncodeToString([]byte(v)) + `"`
	case []any:
		var elements []string
		for _, element := range v {
			elements = append(elements, canonical(element))
		}
		return "[" + strings.Join(elements, ",") + "]"
	case map[string]any:
		var members []string
		for _, name := range slices.Sorted(maps.Keys(v)) {
			members = append(members, hex.EncodeToString([]byte(name))+":"+canonical(v[name]))
		}
		return "{" + strings.Join(members, ",") + "}"
	}
	return fmt.Sprintf("%T", value)
}

// Every case of the corpus has the verdict that its extension says, and the value
// that the product sees.
func TestCorpusAgainstProduct(t *testing.T) {
	o := startOracle(t)
	var files []corpusFile
	var texts []string
	for _, file := range corpus(t) {
		if utf8.Valid(file.text) { // what is not is refused here on purpose
			files, texts = append(files, file), append(texts, string(file.text))
		}
	}
	for i, theirs := range o.parse(t, texts) {
		file := files[i]
		if (theirs != "error") != file.valid() {
			t.Errorf("%s: the product says %s", file.name, theirs)
		}
		if got := ours(string(file.text)); got != theirs {
			t.Errorf("%s: %s, the product %s", file.name, got, theirs)
		}
	}
}

func TestMutationsAgainstProduct(t *testing.T) {
	const documents = 20_000
	o := startOracle(t)
	m := newMutator(t, 1)
	texts := make([]string, documents)
	for i := range texts {
		texts[i] = m.document()
	}
	counts := map[string]int{}
	for i, theirs := range o.parse(t, texts) {
		verdict, _, _ := strings.Cut(theirs, " ")
		counts[verdict]++
		if got := ours(texts[i]); got != theirs && verdict != "ambiguous" {
			t.Fatalf("document %d, %q: %s, the product %s", i, texts[i], got, theirs)
		}
	}
	t.Logf("%d documents: %v", documents, counts)
	if counts["ok"] < documents/4 || counts["error"] < documents/4 || counts["ambiguous"] > documents/100 {
		t.Errorf("the mutations are too tame or too wild: %v", counts)
	}
}

// Every character that may have a meaning, as the first of a name, as a later one,
// beside a value, and escaped. Beyond plane 2 there are no letters: a sample will do.
func TestCharactersAgainstProduct(t *testing.T) {
	o := startOracle(t)
	var texts []string
	for r := rune(0); r <= utf8.MaxRune; r++ {
		if !utf8.ValidRune(r) || r >= 0x30000 && r%0x100 != 0 {
			continue
		}
		// One document for the four would end at its first error.
		texts = append(texts, fmt.Sprintf("{%c:1}", r), fmt.Sprintf("{a%c:1}", r))
		if r < 0x10000 {
			texts = append(texts, fmt.Sprintf("[%c1]", r), fmt.Sprintf("'\\%c'", r), fmt.Sprintf("{a\\u%04x:1}", r))
		}
	}
	for i, theirs := range o.parse(t, texts) {
		if got := ours(texts[i]); got != theirs {
			t.Fatalf("%+q: %s, the product %s", texts[i], got, theirs)
		}
	}
	t.Logf("%d documents", len(texts))
}

// mutator makes documents that are nearly JSON5 out of ones that are.
type mutator struct {
	rand  *rand.Rand
	seeds [][]rune
}

func newMutator(t *testing.T, seed uint64) *mutator {
	m := &mutator{rand: rand.New(rand.NewPCG(seed, 0))}
	for _, text := range seedDocuments(t) {
		m.seeds = append(m.seeds, []rune(text))
	}
	return m
}

// fragments are what a mutation puts in: tokens, and halves of them.
const fragments = `{ } [ ] , : " ' \ / // /* */ * + - . 0 1 9 0x e E _ $ a u x null true NaN Infinity Infinit __proto__: a: 'b': ` +
	`\u0061 \ud83e \udd80 \x41 \0 \1 \v 1e5 .5 5. 0xF -0 1e999 1e-400 é 🦀 //x /*x*/ {} [] "" ''`

var fragmentList = append(strings.Fields(fragments), " ", "\n", "\r", "\t", "\v", "\u00a0", "\u2028", "\u2029", "\ufeff",
	"\u200c", "\u200d", "\u0301", "\u3000", "\u180e", "\x00", "\\\n", "\\\r\n", "\\\u2028")

func (m *mutator) document() string {
	text := slices.Clone(m.seeds[m.rand.IntN(len(m.seeds))])
	for range m.rand.IntN(4) {
		at := m.rand.IntN(len(text) + 1)
		end := min(at+m.rand.IntN(4), len(text))
		var with []rune
		switch m.rand.IntN(5) {
		case 0: // delete
		case 1: // a piece of another document
			other := m.seeds[m.rand.IntN(len(m.seeds))]
			from := m.rand.IntN(len(other) + 1)
			with = other[from:min(from+m.rand.IntN(20), len(other))]
		case 2: // a character of the same document
			if len(text) > 0 {
				with = []rune{text[m.rand.IntN(len(text))]}
			}
		default:
			with = []rune(fragmentList[m.rand.IntN(len(fragmentList))])
		}
		if m.rand.IntN(2) == 0 {
			end = at // insert, do not replace
		}
		text = slices.Replace(text, at, end, with...)
	}
	return string(text)
}
