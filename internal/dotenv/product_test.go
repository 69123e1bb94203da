package dotenv

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"os/exec"
	"testing"

	"github.com/clawsecrets/clawsecrets/internal/gatewaytest"
	"github.com/clawsecrets/clawsecrets/internal/secret"
)

// npmProgram answers each line of base64 with what npm dotenv reads in it.
const npmProgram = `
const dotenv = require(process.argv[1] + '/dotenv')
require('readline').createInterface({input: process.stdin}).on('line', line =>
  process.stdout.write(JSON.stringify(dotenv.parse(Buffer.from(line, 'base64'))) + '\n'))`

// npmRead returns what the product's own npm dotenv reads in each file.
func npmRead(t *testing.T, product *gatewaytest.Installation, files [][]byte) []map[string]string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), product.Node, "-e", npmProgram, product.Modules)
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		defer stdin.Close()
		w := bufio.NewWriter(stdin)
		for _, file := range files {
			_, _ = io.WriteString(w, base64.StdEncoding.EncodeToString(file)+"\n")
		}
		_ = w.Flush()
	}()
	all := make([]map[string]string, len(files))
	decoder := json.NewDecoder(stdout)
	for i := range all {
		if err := decoder.Decode(&all[i]); err != nil {
			t.Fatalf("file %d: %v: %s", i, err, &stderr)
		}
	}
	if err := cmd.Wait(); err != nil {
		t.Fatalf("%v: %s", err, &stderr)
	}
	return all
}

func TestProductParsesAlike(t *testing.T) {
	const count = 100_000
	product := gatewaytest.Product(t)
	g := newGenerator(2)
	var files [][]byte
	for _, m := range measuredFiles(t) {
		files = append(files, []byte(m.Text))
	}
	for len(files) < count {
		files = append(files, g.mutated())
	}
	entries, different := 0, 0
	for i, want := range npmRead(t, product, files) {
		got := Parse(files[i]).Map()
		entries += len(want)
		if !maps.Equal(got, want) {
			if different++; different <= 5 {
				t.Errorf("%q: got %q, npm dotenv reads %q", files[i], got, want)
			}
		}
	}
	if entries < count/2 {
		t.Errorf("the files are too poor to prove anything: %d entries", entries)
	}
	t.Logf("%d files, %d entries, %d read differently", len(files), entries, different)
}

// tally counts what became of the values of one class.
type tally struct{ set, unquotable, refused int }

func TestProductReadsWhatWasSet(t *testing.T) {
	const count = 10_000
	product := gatewaytest.Product(t)
	g := newGenerator(3)
	tallies := map[string]*tally{}
	for _, class := range classes {
		tallies[class] = &tally{}
	}
	files := make([][]byte, count)
	want := make([]map[string]string, count)
	for i := range files {
		f := Parse([]byte(g.household()))
		want[i] = f.Map()
		for _, name := range []string{"KEY_A", "KEY_B", "KEY_C", "KEY_D", "KEY_E"} {
			class := g.class()
			value := g.value(class)
			err := f.Set(name, secret.New(value))
			var refusal *ReadError
			switch {
			case err == nil:
				tallies[class].set++
				want[i][name] = value
			case errors.Is(err, ErrUnquotable):
				tallies[class].unquotable++
			case errors.As(err, &refusal):
				tallies[class].refused++
				t.Logf("%q: %v", f.Bytes(), err)
			default:
				t.Fatal(err)
			}
		}
		files[i] = f.Bytes()
	}
	wrong := 0
	for i, got := range npmRead(t, product, files) {
		second := readSecond(files[i])
		if !maps.Equal(got, want[i]) || second.failed != nil || len(second.values) != len(got) {
			wrong++
			t.Errorf("%q: npm dotenv reads %q, want %q", files[i], got, want[i])
			continue
		}
		for _, name := range []string{"KEY_A", "KEY_B", "KEY_C", "KEY_D", "KEY_E"} {
			if value, ok := want[i][name]; ok && second.values[name] != value {
				wrong++
				t.Errorf("%q: godotenv reads %s as %q, want %q", files[i], name, second.values[name], value)
			}
		}
	}
	for _, class := range classes {
		n := tallies[class]
		t.Logf("%-16s %5d set, %4d without a form, %d refused for the file's sake", class, n.set, n.unquotable, n.refused)
		if n.set < 100 {
			t.Errorf("%s: only %d values were set", class, n.set)
		}
	}
	t.Logf("%d files, %d wrong", count, wrong)
}
