package corpus

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// Manifest says what a corpus has in it.
type Manifest struct {
	Options Options
	Files   []File
	Planted []Planted // by file and line
}

// File is one transcript.
type File struct {
	Name  string
	Bytes int64
	Lines int // a record a line
}

// Planted is a secret and where it stands. Every value is planted once, although the
// record may repeat it, as records do.
type Planted struct {
	Kind    string
	Context string
	Value   string
	File    string
	Line    int // from 1
	// HasGitleaksRule says that gitleaks knows tokens of this kind by their look.
	HasGitleaksRule bool
}

// ManifestPath returns where the manifest of a corpus in dir is kept: beside it, so that
// who scans the corpus does not scan the list of the answers too.
func ManifestPath(dir string) string { return filepath.Clean(dir) + ".manifest.json" }

// Save writes the manifest to path, for its owner only.
func (m *Manifest) Save(path string) error {
	data, err := json.MarshalIndent(m, "", "\t")
	if err != nil {
		return fmt.Errorf("corpus: manifest: %w", err)
	}
	if err := os.WriteFile(path, append(data, '\n'), 0o600); err != nil {
		return fmt.Errorf("corpus: manifest: %w", err)
	}
	return nil
}

// Load reads a manifest that Save has written.
func Load(path string) (*Manifest, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("corpus: manifest: %w", err)
	}
	manifest := new(Manifest)
	if json.Unmarshal(data, manifest) != nil {
		return nil, fmt.Errorf("corpus: %s is no manifest: write the corpus anew", path)
	}
	return manifest, nil
}

// Bytes returns the size of all files together.
func (m *Manifest) Bytes() int64 {
	var sum int64
	for _, file := range m.Files {
		sum += file.Bytes
	}
	return sum
}

// Join writes the files of the corpus in from as one file to the empty directory to, and
// returns the manifest of that. Nothing but the number of files differs.
func Join(from, to string, m *Manifest) (*Manifest, error) {
	const name = "joined.jsonl"
	if err := makeEmptyDir(to); err != nil {
		return nil, err
	}
	out, err := os.OpenFile(filepath.Join(to, name), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, fmt.Errorf("corpus: %w", err)
	}
	joined := &Manifest{Options: m.Options, Files: []File{{Name: name}}}
	before := map[string]int{} // lines
	for _, file := range m.Files {
		if err := appendFile(out, filepath.Join(from, file.Name)); err != nil {
			_ = out.Close() // the first error says more
			return nil, fmt.Errorf("corpus: %w", err)
		}
		before[file.Name] = joined.Files[0].Lines
		joined.Files[0].Lines += file.Lines
		joined.Files[0].Bytes += file.Bytes
	}
	for _, planted := range m.Planted {
		planted.Line += before[planted.File]
		planted.File = name
		joined.Planted = append(joined.Planted, planted)
	}
	if err := out.Close(); err != nil {
		return nil, fmt.Errorf("corpus: %w", err)
	}
	return joined, nil
}

func appendFile(out io.Writer, path string) error {
	in, err := os.Open(path)
	if err != nil {
		return err
	}
	defer in.Close()
	_, err = io.Copy(out, in)
	return err
}
