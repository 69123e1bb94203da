package archive

import (
	"archive/zip"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"
)

func TestWalk(t *testing.T) {
	one, two := "key "+secret("one"), strings.Repeat("x\n", 50_000)+secret("two")
	files := []file{{"state/.env", one}, {"state/link", ""}, {"./state/logs/../b.log", two}}
	members := map[string]string{"state/.env": one, "state/b.log": two}
	withoutLinks := []file{files[0], files[2]}
	inner := tarOf(file{"a.log", one})
	for name, test := range map[string]struct {
		packed string
		want   map[string]string
	}{
		"tar":             {tarOf(files...), members},
		"tar.gz":          {gzipOf(tarOf(files...)), members},
		"tar.zst":         {zstdOf(tarOf(files...)), members},
		"zip":             {zipOf(zip.Deflate, withoutLinks...), members},
		"zip stored":      {zipOf(zip.Store, withoutLinks...), members},
		"zip zstd":        {zipOf(zstd.ZipMethodWinZip, withoutLinks...), members},
		"zip empty":       {zipOf(zip.Store), map[string]string{}},
		"zip folder":      {zipOf(zip.Store, file{"state/", ""}, files[0]), map[string]string{"state/.env": one}},
		"gz":              {gzipOf(two), map[string]string{"": two}},
		"gz of nothing":   {gzipOf(""), map[string]string{"": ""}},
		"gz of several":   {gzipOf(one) + gzipOf(two), map[string]string{"": one + two}},
		"zst":             {zstdOf(two), map[string]string{"": two}},
		"zst of several":  {zstdOf(one) + zstdOf(two), map[string]string{"": one + two}},
		"zst behind skip": {"\x50\x2a\x4d\x18\x04\x00\x00\x00skip" + zstdOf(one), map[string]string{"": one}},
		"gz in tar.gz":    {gzipOf(tarOf(file{"b.log.gz", gzipOf(one)})), map[string]string{"b.log.gz": one}},
		"tar.zst in tar":  {tarOf(file{"b.tar.zst", zstdOf(inner)}, files[0]), map[string]string{"b.tar.zst/a.log": one, "state/.env": one}},
		"tar in zip":      {zipOf(zip.Deflate, file{"b.tar", inner}), map[string]string{"b.tar/a.log": one}},
		"zip in tar.gz":   {gzipOf(tarOf(file{"b.zip", zipOf(zip.Deflate, withoutLinks...)})), map[string]string{"b.zip/state/.env": one, "b.zip/state/b.log": two}},
		"zip in zip":      {zipOf(zip.Store, file{"b.zip", zipOf(zip.Deflate, files[0])}), map[string]string{"b.zip/state/.env": one}},
		"gz.gz":           {gzipOf(gzipOf(one)), map[string]string{"": one}},
	} {
		t.Run(name, func(t *testing.T) { expect(t, test.packed, test.want, "") })
	}
}

func TestKnown(t *testing.T) {
	text := strings.Repeat("a", 257) + "ustar" + strings.Repeat("a", 300)
	for name, head := range map[string]string{"nothing": "", "text": "a text\n", "short": "\x1f\x8b", "mark of tar in a text": text, "zeros": strings.Repeat("\x00", 600)} {
		if Known([]byte(head)) {
			t.Errorf("%s is known", name)
		}
		if err := Walk(t.Context(), strings.NewReader(head), int64(len(head)), 1, nil); !errors.Is(err, ErrFormat) {
			t.Errorf("%s: error %v", name, err)
		}
	}
	longName := tarOf(file{strings.Repeat("long/", 100) + "name", "content"})
	if !Known([]byte(longName[:HeadSize])) {
		t.Error("a tar archive that begins with a long name is not known")
	}
}

func TestNames(t *testing.T) {
	for name, want := range map[string]string{
		"../../etc/passwd":         "etc/passwd",
		"/etc/passwd":              "etc/passwd",
		"a/./b//c":                 "a/b/c",
		"..":                       "?",
		"\x1b[31mred\r\n":          "?[31mred??",
		"right\u202eleft":          "right?left",
		"bad\xff":                  "bad\ufffd",
		"été/ключ":                 "été/ключ",
		strings.Repeat("n", 9_000): strings.Repeat("n", maxName),
	} {
		if got := join("", name); got != want {
			t.Errorf("%.40q becomes %.40q, want %.40q", name, got, want)
		}
		if got := join("b.tar", name); got != "b.tar/"+want {
			t.Errorf("%.40q in b.tar becomes %.40q", name, got)
		}
	}
	// Not only join: what is yielded and what is in errors has been through it.
	expect(t, tarOf(file{"../\x1bx", "a"}), map[string]string{"?x": "a"}, "")
	expect(t, tarOf(file{"../\x1bx", "\x1f\x8b\x08"}), map[string]string{}, "?x is cut short: its end is missing")
}

// What yield returns ends the walk, and what it does not read is passed over.
func TestYield(t *testing.T) {
	packed := gzipOf(tarOf(file{"a", "1"}, file{"b", "2"}, file{"c", "3"}))
	enough := errors.New("enough")
	var seen []string
	err := Walk(t.Context(), strings.NewReader(packed), int64(len(packed)), mebibyte, func(member string, _ io.Reader) error {
		seen = append(seen, member)
		if member == "b" {
			return enough
		}
		return nil
	})
	if !errors.Is(err, enough) || strings.Join(seen, "") != "ab" {
		t.Errorf("seen %q, error %v", seen, err)
	}
}
