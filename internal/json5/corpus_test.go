package json5

import (
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"unicode/utf8"
)

// corpusFile is one case of testdata/json5, see the README there.
type corpusFile struct {
	name string // folder/file
	text []byte
}

// valid reports whether JSON5.parse reads the case, by its extension.
func (f corpusFile) valid() bool {
	ext := filepath.Ext(f.name)
	return ext == ".json" || ext == ".json5"
}

// corpus reads all cases, and fails when there are suspiciously few.
func corpus(t testing.TB) []corpusFile {
	t.Helper()
	root := filepath.Join("..", "..", "testdata", "json5")
	var files []corpusFile
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Dir(path) == root {
			return err
		}
		text, err := os.ReadFile(path)
		name, _ := filepath.Rel(root, path)
		files = append(files, corpusFile{filepath.ToSlash(name), text})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(files) < 200 {
		t.Fatalf("%d cases in %s: some are missing", len(files), root)
	}
	return files
}

func TestCorpus(t *testing.T) {
	for _, file := range corpus(t) {
		t.Run(file.name, func(t *testing.T) {
			doc, err := Parse(file.text)
			if (err == nil) != file.valid() {
				t.Fatalf("error %v, should be read: %v", err, file.valid())
			}
			// To package json anything goes within quotes.
			isJSON := json.Valid(file.text) && utf8.Valid(file.text)
			if isJSON != (filepath.Ext(file.name) == ".json") {
				t.Errorf("the extension should be .json exactly when it is JSON")
			}
			if err != nil {
				checkSyntaxError(t, file.text, err)
				return
			}
			if got := string(doc.Tree().Pack()); got != string(file.text) {
				t.Errorf("packs to %q, want %q", got, file.text)
			}
		})
	}
}
