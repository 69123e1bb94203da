package archive

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"testing"

	"github.com/klauspost/compress/zstd"

	"github.com/clawsecrets/clawsecrets/internal/fixture"
)

const mebibyte = 1 << 20

func secret(name string) string { return fixture.Secret(1, "anthropic", name) }

// file is a member of an archive that a test makes.
type file struct{ name, content string }

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

func tarOf(files ...file) string {
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, f := range files {
		header := &tar.Header{Name: f.name, Size: int64(len(f.content)), Mode: 0o600, Typeflag: tar.TypeReg}
		if f.content == "" {
			header.Typeflag, header.Linkname = tar.TypeSymlink, "elsewhere"
		}
		must(0, w.WriteHeader(header))
		must(io.WriteString(w, f.content))
	}
	must(0, w.Close())
	return b.String()
}

func zipOf(method uint16, files ...file) string {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	w.RegisterCompressor(zstd.ZipMethodWinZip, zstd.ZipCompressor())
	for _, f := range files {
		out := must(w.CreateHeader(&zip.FileHeader{Name: f.name, Method: method}))
		must(io.WriteString(out, f.content))
	}
	must(0, w.Close())
	return b.String()
}

func gzipOf(content string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	must(io.WriteString(w, content))
	must(0, w.Close())
	return b.String()
}

func zstdOf(content string, options ...zstd.EOption) string {
	w := must(zstd.NewWriter(nil, options...))
	return string(w.EncodeAll([]byte(content), nil))
}

// walk returns what a walk yields, and checks that Known knows the file.
func walk(t testing.TB, packed string, limit int64) (map[string]string, error) {
	t.Helper()
	if head := packed[:min(len(packed), HeadSize)]; !Known([]byte(head)) {
		t.Error("the file is not known")
	}
	got := map[string]string{}
	err := Walk(context.Background(), bytes.NewReader([]byte(packed)), int64(len(packed)), limit,
		func(member string, content io.Reader) error {
			if _, twice := got[member]; twice {
				t.Errorf("%q is yielded twice", member)
			}
			data, err := io.ReadAll(content)
			got[member] = string(data)
			return err
		})
	return got, err
}

// expect compares what a walk yields and its error, "" for none.
func expect(t *testing.T, packed string, want map[string]string, problem string) {
	t.Helper()
	got, err := walk(t, packed, 16*mebibyte)
	if !maps.Equal(got, want) {
		t.Errorf("got %s\nwant %s", shortened(got), shortened(want))
	}
	if text := fmt.Sprint(err); err != nil && text != problem || err == nil && problem != "" {
		t.Errorf("error %q, want %q", text, problem)
	}
}

func shortened(members map[string]string) string {
	var text string
	for _, name := range slices.Sorted(maps.Keys(members)) {
		text += fmt.Sprintf("\n  %q: %d bytes %.60q", name, len(members[name]), members[name])
	}
	return text
}
