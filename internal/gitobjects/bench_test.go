package gitobjects

import (
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"testing"
)

// benchRepository has 2000 commits that each change one of 200 files of 16 KiB.
func benchRepository(b *testing.B) (gitDir string, lastBlob string) {
	folder := newRepository(b)
	var stream strings.Builder
	text := strings.Repeat("a line of a workspace file\n", 16<<10/27)
	for i := range 2000 {
		content := fmt.Sprintf("%s%d\n%s", text, i, text[:i])
		fmt.Fprintf(&stream, "commit refs/heads/main\ncommitter somebody <somebody@example.com> %d +0000\ndata 1\nm\n", 1_700_000_000+i)
		fmt.Fprintf(&stream, "M 644 inline notes/%d.md\ndata %d\n%s\n", i%200, len(content), content)
	}
	git(b, folder, stream.String(), "fast-import", "--quiet")
	return filepath.Join(folder, ".git"), git(b, folder, "", "rev-parse", "main~1999:notes/0.md")
}

func BenchmarkObjects(b *testing.B) {
	gitDir, _ := benchRepository(b)
	b.ReportAllocs()
	for b.Loop() {
		var total int64
		err := Objects(b.Context(), gitDir, func(_ Object, content io.Reader) error {
			n, err := io.Copy(io.Discard, content)
			total += n
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
		b.SetBytes(total)
	}
}

// BenchmarkPlaces looks for what only the oldest of 2000 commits has.
func BenchmarkPlaces(b *testing.B) {
	gitDir, blob := benchRepository(b)
	for b.Loop() {
		places, err := Places(b.Context(), gitDir, []string{blob})
		if err != nil || len(places) != 1 {
			b.Fatal(places, err)
		}
	}
}
