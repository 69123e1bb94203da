package archive

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"github.com/klauspost/compress/zstd"
)

// fixtureNoise returns what no compressor makes smaller.
func fixtureNoise(n int) string {
	noise := make([]byte, n)
	_, _ = rand.NewChaCha8([32]byte{1}).Read(noise) // never fails
	return string(noise)
}

// zeros is a stream of n zeros.
func zeros(n int64) io.Reader { return io.LimitReader(zeroReader{}, n) }

type zeroReader struct{}

func (zeroReader) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

const bombSize = 32 * mebibyte

// bombs are small files of many bytes.
func bombs(t testing.TB) map[string]string {
	t.Helper()
	pack := func(w io.WriteCloser, b *bytes.Buffer, in io.Reader) string {
		must(io.Copy(w, in))
		must(0, w.Close())
		return b.String()
	}
	var gz, zst, zipped bytes.Buffer
	gzipWriter := gzip.NewWriter(&gz)
	zipWriter := zip.NewWriter(&zipped)
	must(io.Copy(must(zipWriter.Create("big")), zeros(bombSize)))
	must(0, zipWriter.Close())
	bombs := map[string]string{
		"gz":  pack(gzipWriter, &gz, zeros(bombSize)),
		"zst": pack(must(zstd.NewWriter(&zst)), &zst, zeros(bombSize)),
		"zip": zipped.String(),
	}
	bombs["gz in tar.gz"] = gzipOf(tarOf(file{"b.gz", bombs["gz"]}))
	bombs["zip in zip"] = zipOf(zip.Store, file{"b.zip", bombs["zip"]})
	bombs["sparse tar"] = sparseTar(bombSize)
	return bombs
}

// sparseTar returns an archive in the old GNU form with one member that is a single hole.
func sparseTar(size int64) string {
	block := make([]byte, blockSize)
	copy(block, "hole")
	copy(block[100:], "0000600\x000000000\x000000000\x0000000000000\x0000000000000\x00")
	block[156] = tar.TypeGNUSparse
	copy(block[257:], "ustar  \x00")
	copy(block[386:], fmt.Sprintf("%011o\x00%011o\x00", size, 0)) // data of no bytes at the end
	copy(block[483:], fmt.Sprintf("%011o\x00", size))
	repairTar(block)
	return string(block) + strings.Repeat("\x00", 2*blockSize)
}

// A bomb ends at the limit, to the byte, and takes little memory on the way.
func TestTooLarge(t *testing.T) {
	const limit = 16 * mebibyte
	for name, packed := range bombs(t) {
		t.Run(name, func(t *testing.T) {
			if len(packed) > mebibyte {
				t.Fatalf("the bomb has %d bytes", len(packed))
			}
			var total int64
			count := func(_ string, content io.Reader) error {
				n, _ := io.Copy(io.Discard, content) // as a caller who does not look at errors
				total += n
				return nil
			}
			run := func(limit int64) (err error) {
				total = 0
				used := allocated(func() { err = Walk(t.Context(), strings.NewReader(packed), int64(len(packed)), limit, count) })
				if used > 16*mebibyte {
					t.Errorf("takes %d bytes of memory", used)
				}
				return err
			}
			err := run(limit)
			if !errors.Is(err, ErrTooLarge) || !strings.HasSuffix(err.Error(), "expands to more than the limit of 16 MiB") {
				t.Errorf("error %v", err)
			}
			if total > limit || total < limit-mebibyte {
				t.Errorf("%d bytes come, want the %d of the limit", total, limit)
			}
			if err := run(bombSize + mebibyte); err != nil || total != bombSize {
				t.Errorf("with a limit that is large enough: %d bytes, error %v", total, err)
			}
		})
	}
}

// allocated returns the bytes of memory that run takes, given back or not.
func allocated(run func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	run()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// The limit counts all members together.
func TestLimitIsForAll(t *testing.T) {
	content := strings.Repeat("x", 600)
	packed := zipOf(zip.Deflate, file{"a", content}, file{"b", content}, file{"c", content})
	for limit, whole := range map[int64]bool{1800: true, 1799: false} {
		got, err := walk(t, packed, limit)
		if (err == nil) != whole || len(got["a"]+got["b"]+got["c"]) != int(limit) {
			t.Errorf("limit %d: %d bytes, error %v", limit, len(got["a"]+got["b"]+got["c"]), err)
		}
	}
}

func TestWindow(t *testing.T) {
	var small, large bytes.Buffer
	for window, b := range map[int]*bytes.Buffer{maxMemory: &small, 2 * maxMemory: &large} {
		w := must(zstd.NewWriter(b, zstd.WithWindowSize(window), zstd.WithEncoderConcurrency(1)))
		must(io.Copy(w, zeros(3*mebibyte)))
		must(0, w.Flush()) // so that the size is not known when the header is written
		must(0, w.Close())
	}
	used := allocated(func() { expect(t, small.String(), map[string]string{"": strings.Repeat("\x00", 3*mebibyte)}, "") })
	if used > 200*mebibyte {
		t.Errorf("a window of 64 MiB takes %d bytes", used)
	}
	expect(t, large.String(), map[string]string{"": ""}, "needs more than 64 MiB of memory: unpack it and scan what comes out")
}

// What could be read is yielded, and the error says what could not.
func TestDamaged(t *testing.T) {
	const cut, damaged = "is cut short: its end is missing", "is damaged: not all of it was read"
	const trailing = "goes on behind its end: what is there was not read"
	a, noise := "key "+secret("a"), fixtureNoise(100_000)
	both := []file{{"a", a}, {"b", noise}, {"c", a}}
	plain := tarOf(both...)
	atB := 3 * blockSize // where b's content begins
	for name, test := range map[string]struct {
		packed  string
		want    map[string]string
		problem string
	}{
		"tar in a member":     {plain[:atB+1000], map[string]string{"a": a, "b": noise[:1000]}, cut},
		"tar at a member":     {plain[:2*blockSize], map[string]string{"a": a}, cut},
		"tar header":          {plain[:2*blockSize] + strings.Repeat("x", blockSize), map[string]string{"a": a}, damaged},
		"tar behind its end":  {plain + "more", map[string]string{"a": a, "b": noise, "c": a}, trailing},
		"two tars":            {plain + plain, map[string]string{"a": a, "b": noise, "c": a}, trailing},
		"gz behind its end":   {gzipOf(a) + "more than this", map[string]string{"": a}, trailing},
		"gz checksum":         {gzipOf(a)[:len(gzipOf(a))-8] + "12345678", map[string]string{"": a}, damaged},
		"gz header":           {"\x1f\x8b\x08", map[string]string{}, cut},
		"zst header":          {"\x28\xb5\x2f\xfd\x00", map[string]string{"": ""}, cut},
		"zst behind its end":  {zstdOf(a) + "more than this", map[string]string{"": a}, trailing},
		"zst dictionary":      {"\x28\xb5\x2f\xfd\x21\x07\x01\x09\x00\x00", map[string]string{"": ""}, "is compressed in a way that is not supported: unpack it and scan what comes out"},
		"gz in a tar":         {tarOf(file{"b.gz", gzipOf(noise)[:5000]}, file{"a", a}), nil, "b.gz " + cut},
		"zip":                 {zipOf(zip.Deflate, both...)[:5000], map[string]string{}, damaged},
		"zip method":          {strings.ReplaceAll(zipOf(zip.Deflate, both[0]), "\x08\x00\x08\x00", "\x08\x00\x63\x00"), map[string]string{}, "a is compressed in a way that is not supported: unpack it and scan what comes out"},
		"zip encrypted":       {strings.ReplaceAll(zipOf(zip.Deflate, both[0]), "\x08\x00\x08\x00", "\x09\x00\x08\x00"), map[string]string{}, "a is encrypted: unpack it and scan what comes out"},
		"three deep":          {tarOf(file{"b.tgz", gzipOf(tarOf(file{"c.gz", gzipOf(a)}, file{"a", a}))}), map[string]string{"b.tgz/a": a}, "b.tgz/c.gz is packed more than two deep: unpack it and scan what comes out"},
		"gz.gz.gz":            {gzipOf(gzipOf(gzipOf(a))), map[string]string{}, "is packed more than two deep: unpack it and scan what comes out"},
		"empty zip in a tar":  {tarOf(file{"z", "PK\x05\x06"}, file{"a", a}), map[string]string{"a": a}, "z " + damaged},
		"many at once":        {tarOf(slicesOf(20, "\x1f\x8b\x08")...), map[string]string{}, many(16, cut) + "\nand 4 more errors"},
		"zip with a checksum": {strings.Replace(zipOf(zip.Store, both[0], both[2]), a, strings.ToUpper(a), 1), map[string]string{"a": strings.ToUpper(a), "c": a}, "a " + damaged},
	} {
		t.Run(name, func(t *testing.T) {
			if test.want == nil {
				got, err := walk(t, test.packed, 16*mebibyte)
				if got["a"] != a || fmt.Sprint(err) != test.problem || len(got["b.gz"]) == 0 || !strings.HasPrefix(noise, got["b.gz"]) {
					t.Errorf("got %s\nerror %v", shortened(got), err)
				}
				return
			}
			expect(t, test.packed, test.want, test.problem)
		})
	}
}

func slicesOf(n int, content string) []file {
	files := make([]file, n)
	for i := range files {
		files[i] = file{fmt.Sprintf("f%02d", i), content}
	}
	return files
}

func many(n int, problem string) string {
	var lines []string
	for i := range n {
		lines = append(lines, fmt.Sprintf("f%02d %s", i, problem))
	}
	return strings.Join(lines, "\n")
}

// Cut anywhere, an archive of compressed text gives a prefix of what is in it, and says so.
func TestCutAnywhere(t *testing.T) {
	content := fixtureNoise(1200)
	for name, packed := range map[string]string{
		"gz": gzipOf(content), "zst": zstdOf(content), "tar": tarOf(file{"a", content}),
		"tar.gz": gzipOf(tarOf(file{"a", content})), "tar.zst": zstdOf(tarOf(file{"a", content})), "zip": zipOf(zip.Deflate, file{"a", content}),
	} {
		most := len(packed)
		if name == "tar" {
			most -= 2*blockSize - 1 // any zeros end it
		}
		for n := range most {
			if !Known([]byte(packed[:min(n, HeadSize)])) {
				continue
			}
			got, err := walk(t, packed[:n], mebibyte)
			var problem *MemberError
			if !errors.As(err, &problem) {
				t.Fatalf("%s of %d bytes: error %v", name, n, err)
			}
			// Less than a header of tar is not known to be one.
			if !strings.HasPrefix(content, got["a"]+got[""]) && !strings.HasPrefix(tarOf(file{"a", content})[:HeadSize-1], got[""]) {
				t.Fatalf("%s of %d bytes gives other content", name, n)
			}
		}
	}
}

// brokenDisk fails behind some bytes.
type brokenDisk struct {
	io.ReaderAt
	good int64
}

func (d brokenDisk) ReadAt(p []byte, offset int64) (int, error) {
	if offset+int64(len(p)) > d.good {
		n, _ := d.ReaderAt.ReadAt(p[:max(0, min(int64(len(p)), d.good-offset))], offset)
		return n, fmt.Errorf("reading /some/path: %w", syscall.EIO)
	}
	return d.ReaderAt.ReadAt(p, offset)
}

func TestBrokenDisk(t *testing.T) {
	noise := fixtureNoise(mebibyte)
	for _, packed := range []string{tarOf(file{"a", noise}), gzipOf(noise), zstdOf(noise), zipOf(zip.Deflate, file{"a", noise})} {
		for _, good := range []int64{0, 300_000} {
			err := Walk(t.Context(), brokenDisk{strings.NewReader(packed), good}, int64(len(packed)), 4*mebibyte,
				func(_ string, content io.Reader) error { _, err := io.Copy(io.Discard, content); return err })
			if want := "cannot be read: " + syscall.EIO.Error(); fmt.Sprint(err) != want {
				t.Errorf("%.4q, good up to %d: error %q, want %q", packed, good, fmt.Sprint(err), want)
			}
		}
	}
}

// zipEntry returns an entry of a zip archive's directory for bytes at the beginning.
func zipEntry(name string, size uint32) string {
	entry := make([]byte, 46)
	copy(entry, "PK\x01\x02\x14\x00\x14\x00\x00\x00\x08\x00")
	binary.LittleEndian.PutUint32(entry[20:], size)
	binary.LittleEndian.PutUint16(entry[28:], uint16(len(name)))
	return string(entry) + name
}

func zipEnd(entries, size, offset int) string {
	end := make([]byte, 22)
	copy(end, "PK\x05\x06")
	binary.LittleEndian.PutUint16(end[8:], uint16(entries))
	binary.LittleEndian.PutUint16(end[10:], uint16(entries))
	binary.LittleEndian.PutUint32(end[12:], uint32(size))
	binary.LittleEndian.PutUint32(end[16:], uint32(offset))
	return string(end)
}

// emptyBlocks is a file of a zip archive that has n blocks of deflate with nothing in them.
func emptyBlocks(n int) string {
	return "PK\x03\x04\x14\x00\x00\x00\x08\x00" + strings.Repeat("\x00", 20) + strings.Repeat("\x00\x00\x00\xff\xff", n)
}

// Members that share the same bytes, which give nothing and so never come to the limit,
// must not take the product of both.
func TestOverlap(t *testing.T) {
	const members = 2000
	body := emptyBlocks(100_000)
	directory := strings.Repeat(zipEntry("", uint32(len(body)-30)), members)
	packed := body + directory + zipEnd(members, len(directory), len(body))
	in := &watchedFile{ReaderAt: strings.NewReader(packed)}
	err := Walk(t.Context(), in, int64(len(packed)), mebibyte, func(_ string, content io.Reader) error {
		_, err := io.Copy(io.Discard, content)
		return err
	})
	if !errors.Is(err, ErrOverlap) || in.bytes > 6*int64(len(packed)) {
		t.Errorf("%d bytes of %d are read, error %v", in.bytes, len(packed), err)
	}
}

// A directory that is larger than memory, or only says so, is refused before it takes any.
func TestDirectory(t *testing.T) {
	entry := zipEntry("", 0)
	entries := 2 * maxFiles
	directory := strings.Repeat(entry, entries)
	real := "PK\x03\x04" + directory + zipEnd(entries, len(directory), 4)

	end64 := make([]byte, 56)
	copy(end64, "PK\x06\x06")
	binary.LittleEndian.PutUint64(end64[24:], 1<<34)
	binary.LittleEndian.PutUint64(end64[32:], 1<<34)
	const holeSize = 1 << 40
	locator := make([]byte, 20)
	copy(locator, "PK\x06\x07")
	binary.LittleEndian.PutUint64(locator[8:], holeSize)
	locator[16] = 1
	claimed := string(end64) + string(locator) + zipEnd(0xffff, 0xffffffff, 0xffffffff)

	for name, in := range map[string]struct {
		file io.ReaderAt
		size int64
		most uint64
	}{
		"real":    {strings.NewReader(real), int64(len(real)), 128 * mebibyte},
		"claimed": {hole{"PK\x03\x04", holeSize, claimed}, holeSize + int64(len(claimed)), mebibyte},
	} {
		var err error
		used := allocated(func() { err = Walk(context.Background(), in.file, in.size, mebibyte, nil) })
		if !errors.Is(err, ErrDirectory) || used > in.most {
			t.Errorf("%s: takes %d bytes, error %v", name, used, err)
		}
	}
}

// hole is a file that begins with head, has zeros up to size and then tail.
type hole struct {
	head string
	size int64
	tail string
}

func (h hole) ReadAt(p []byte, offset int64) (int, error) {
	for i := range p {
		switch at := offset + int64(i); {
		case at < int64(len(h.head)):
			p[i] = h.head[at]
		case at < h.size:
			p[i] = 0
		case at < h.size+int64(len(h.tail)):
			p[i] = h.tail[at-h.size]
		default:
			return i, io.EOF
		}
	}
	return len(p), nil
}

func TestNestedZipTooLarge(t *testing.T) {
	big := zipOf(zip.Store, file{"a", strings.Repeat("x", maxNestedZip)})
	got, err := walk(t, tarOf(file{"b.zip", big}, file{"c", "content"}), 1<<30)
	if !errors.Is(err, ErrNestedZip) || got["c"] != "content" || len(got) != 1 {
		t.Errorf("got %s\nerror %v", shortened(got), err)
	}
}
