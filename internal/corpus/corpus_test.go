package corpus

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// testOptions is small, and has every kind in every context.
var testOptions = Options{Seed: 1, Bytes: 8 << 20, Files: 3, Secrets: 35 * 16}

func writeTest(t testing.TB, o Options) (string, *Manifest) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "corpus")
	manifest, err := Write(dir, o)
	if err != nil {
		t.Fatal(err)
	}
	return dir, manifest
}

// records calls visit with every line of every file.
func records(t testing.TB, dir string, m *Manifest, visit func(file string, line int, record []byte)) {
	t.Helper()
	for _, file := range m.Files {
		data, err := os.ReadFile(filepath.Join(dir, file.Name))
		if err != nil {
			t.Fatal(err)
		}
		lines := bytes.Split(bytes.TrimSuffix(data, []byte("\n")), []byte("\n"))
		if int64(len(data)) != file.Bytes || len(lines) != file.Lines {
			t.Errorf("%s has %d bytes in %d lines, the manifest says %d in %d", file.Name, len(data), len(lines), file.Bytes, file.Lines)
		}
		for i, line := range lines {
			visit(file.Name, i+1, line)
		}
	}
}

// A changed corpus makes figures of different days incomparable: change the hash only
// together with the figures.
func TestCorpusNeverChanges(t *testing.T) {
	const want = "91bd24af921a9ed5ea85f265467c4e587403d6065db265196515363fce36a610"
	dir, manifest := writeTest(t, Options{Seed: 7, Bytes: 1 << 20, Files: 2, Secrets: 70})
	hash := sha256.New()
	records(t, dir, manifest, func(_ string, _ int, record []byte) { hash.Write(record) })
	if err := json.NewEncoder(hash).Encode(manifest); err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprintf("%x", hash.Sum(nil)); got != want {
		t.Errorf("hash of the corpus is %s, want %s", got, want)
	}
}

func TestSeedsDiffer(t *testing.T) {
	_, one := writeTest(t, Options{Seed: 1, Bytes: 1 << 18, Files: 1, Secrets: 1})
	_, two := writeTest(t, Options{Seed: 2, Bytes: 1 << 18, Files: 1, Secrets: 1})
	if one.Files[0] == two.Files[0] || one.Planted[0].Value == two.Planted[0].Value {
		t.Error("two seeds gave the same")
	}
}

// message is what of a record the shares are counted in.
type message struct {
	Message struct {
		Content []struct{ Data, ThinkingSignature string }
	}
}

func TestShape(t *testing.T) {
	o := Of(32 << 20)
	dir, manifest := writeTest(t, o)
	var total, images, signatures, backslashes int
	var lengths []int
	records(t, dir, manifest, func(_ string, _ int, record []byte) {
		total += len(record) + 1
		lengths = append(lengths, len(record))
		backslashes += bytes.Count(record, []byte(`\`))
		var m message
		if err := json.Unmarshal(record, &m); err != nil {
			t.Fatalf("a record is no JSON: %v", err)
		}
		for _, block := range m.Message.Content {
			images += len(block.Data)
			signatures += len(block.ThinkingSignature)
		}
	})
	slices.Sort(lengths)
	n := len(lengths)
	for _, share := range []struct {
		name                 string
		got, least, most, of int // least and most in thousandths of of
	}{
		{"bytes", total, 990, 1010, int(o.Bytes)},
		{"images", images, 130, 160, total},
		{"signatures", signatures, 110, 130, total},
		{"backslashes", backslashes, 32, 42, total},
		{"median record", lengths[n/2], 2500, 3500, 1000},
		{"90th percentile", lengths[n*9/10], 8400, 10400, 1000},
		{"largest record", lengths[n-1], 150_000, 356_000, 1000},
	} {
		t.Logf("%s: %d of %d", share.name, share.got, share.of)
		if thousandths := share.got * 1000 / share.of; thousandths < share.least || thousandths > share.most {
			t.Errorf("%s: %d of %d are %d thousandths, want %d to %d", share.name, share.got, share.of, thousandths, share.least, share.most)
		}
	}
}

func TestPlantedIsInItsLine(t *testing.T) {
	dir, manifest := writeTest(t, testOptions)
	type place struct {
		file string
		line int
	}
	planted := map[place][]Planted{}
	values, pairs := map[string]bool{}, map[string]bool{}
	for _, p := range manifest.Planted {
		planted[place{p.File, p.Line}] = append(planted[place{p.File, p.Line}], p)
		values[p.Value] = true
		pairs[p.Kind+" "+p.Context] = true
	}
	want := 0
	for _, k := range kinds {
		want += len(k.contexts)
	}
	if len(values) != testOptions.Secrets || len(pairs) != want {
		t.Errorf("%d different values in %d pairs of kind and context, want %d in %d", len(values), len(pairs), testOptions.Secrets, want)
	}
	seen := 0
	records(t, dir, manifest, func(file string, line int, record []byte) {
		for _, p := range planted[place{file, line}] {
			seen++
			var decoded any
			if err := json.Unmarshal(record, &decoded); err != nil {
				t.Fatalf("line %d is no JSON: %v", line, err)
			}
			if !holds(decoded, p) {
				t.Errorf("line %d of %s does not hold the %s in %s", line, file, p.Kind, p.Context)
			}
		}
	})
	if seen != len(manifest.Planted) {
		t.Errorf("%d of %d planted secrets have a line", seen, len(manifest.Planted))
	}
}

// holds says whether a string somewhere in decoded holds the secret, as it is or in the
// encodings of its context.
func holds(decoded any, p Planted) bool {
	switch decoded := decoded.(type) {
	case string:
		return textHolds(decoded, p)
	case []any:
		return slices.ContainsFunc(decoded, func(v any) bool { return holds(v, p) })
	case map[string]any:
		for _, v := range decoded {
			if holds(v, p) {
				return true
			}
		}
	}
	return false
}

func textHolds(text string, p Planted) bool {
	switch value := strings.TrimSpace(p.Value); p.Context {
	case "json", "shell json":
		return strings.Contains(text, strings.Trim(quote(value), `"`))
	case "json in json":
		return strings.Contains(text, strings.Trim(quote(strings.Trim(quote(value), `"`)), `"`))
	case "base64":
		for _, word := range strings.Fields(text) {
			decoded, err := base64.StdEncoding.DecodeString(word)
			if err == nil && strings.Contains(string(decoded), value) {
				return true
			}
		}
		return false
	default:
		return strings.Contains(text, value) || strings.Contains(text, quote(value))
	}
}

func TestJoin(t *testing.T) {
	dir, manifest := writeTest(t, Options{Seed: 1, Bytes: 1 << 20, Files: 3, Secrets: 35})
	one := filepath.Join(t.TempDir(), "one")
	joined, err := Join(dir, one, manifest)
	if err != nil {
		t.Fatal(err)
	}
	if len(joined.Files) != 1 || joined.Bytes() != manifest.Bytes() {
		t.Errorf("%d files of %d bytes, want 1 of %d", len(joined.Files), joined.Bytes(), manifest.Bytes())
	}
	var apart, together [][]byte
	records(t, dir, manifest, func(_ string, _ int, record []byte) { apart = append(apart, record) })
	records(t, one, joined, func(_ string, _ int, record []byte) { together = append(together, record) })
	if !slices.EqualFunc(apart, together, bytes.Equal) {
		t.Error("the records differ")
	}
	for _, p := range joined.Planted {
		if p.Context == "alone" && !bytes.Contains(together[p.Line-1], []byte(p.Value)) {
			t.Errorf("the %s is not in line %d", p.Kind, p.Line)
		}
	}
}

func TestManifestIsReadAsWritten(t *testing.T) {
	dir, manifest := writeTest(t, Options{Seed: 1, Bytes: 1 << 16, Files: 1, Secrets: 35})
	path := ManifestPath(dir)
	if err := manifest.Save(path); err != nil {
		t.Fatal(err)
	}
	read, err := Load(path)
	if err != nil {
		t.Fatal(err)
	}
	if read.Options != manifest.Options || !slices.Equal(read.Planted, manifest.Planted) || !slices.Equal(read.Files, manifest.Files) {
		t.Error("the manifest read is not the one written")
	}
}

func TestWriteRefuses(t *testing.T) {
	full := t.TempDir()
	if err := os.WriteFile(filepath.Join(full, "file"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, write := range map[string]func() error{
		"a directory with files": func() error { _, err := Write(full, Of(1<<16)); return err },
		"no bytes":               func() error { _, err := Write(t.TempDir(), Options{Files: 1}); return err },
		"no files":               func() error { _, err := Write(t.TempDir(), Options{Bytes: 1}); return err },
	} {
		if write() == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func BenchmarkSession(b *testing.B) {
	text, err := parseGrammar()
	if err != nil {
		b.Fatal(err)
	}
	const size = 4 << 20
	b.SetBytes(size)
	for b.Loop() {
		if err := newSession(newNoise(1, 1), text, io.Discard, size, nil).write(0); err != nil {
			b.Fatal(err)
		}
	}
}
