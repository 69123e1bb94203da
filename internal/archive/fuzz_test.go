package archive

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/klauspost/compress/zstd"
)

// fuzzLimit is more than a small input expands to by honest means.
const fuzzLimit = mebibyte

// yielded is what came of one member.
type yielded struct {
	name    string
	content []byte
}

// checkWalk walks any file. Whatever is in it the walk ends; it yields no more than the
// limit allows; names are fit to show; errors are of our own making; what is behind a
// member is the same whether that is read or not; and a second walk gives the same.
func checkWalk(t *testing.T, packed []byte) {
	t.Helper()
	first, total, err := collect(packed, true)
	if total > fuzzLimit+len(packed) {
		t.Errorf("%d bytes come from %d", total, len(packed))
	}
	for _, member := range first {
		checkName(t, member.name)
	}
	checkErrors(t, err)
	second, _, again := collect(packed, true)
	if !slices.EqualFunc(first, second, func(a, b yielded) bool { return a.name == b.name && bytes.Equal(a.content, b.content) }) {
		t.Error("a second walk gives something else")
	}
	if (err == nil) != (again == nil) || err != nil && err.Error() != again.Error() {
		t.Errorf("errors %q, then %q", err, again)
	}
	skipped, _, skipErr := collect(packed, false)
	if !errors.Is(err, ErrTooLarge) && !errors.Is(skipErr, ErrTooLarge) && !slices.EqualFunc(first, skipped, func(a, b yielded) bool { return a.name == b.name }) {
		t.Errorf("%d members when they are read, %d when they are not", len(first), len(skipped))
	}
}

// collect returns what a walk yields, with the bytes of its content together.
func collect(packed []byte, read bool) (members []yielded, total int, err error) {
	err = Walk(context.Background(), bytes.NewReader(packed), int64(len(packed)), fuzzLimit, func(name string, content io.Reader) error {
		var data []byte
		if read {
			data, _ = io.ReadAll(content)
		}
		members = append(members, yielded{name, data})
		total += len(data)
		return nil
	})
	return members, total, err
}

func checkName(t *testing.T, name string) {
	t.Helper()
	unprintable := func(r rune) bool { return !unicode.IsPrint(r) }
	if strings.ContainsFunc(name, unprintable) || name != "" && path.Clean("/"+name) != "/"+name {
		t.Errorf("the name %q is yielded", name)
	}
}

// checkErrors fails for an error that could hold content.
func checkErrors(t *testing.T, err error) {
	t.Helper()
	var problem *MemberError
	joined, isJoined := err.(interface{ Unwrap() []error })
	switch {
	case isJoined:
		for _, err := range joined.Unwrap() {
			checkErrors(t, err)
		}
	case err == nil, err == ErrFormat, strings.HasSuffix(err.Error(), " more errors"):
	case errors.As(err, &problem):
		checkName(t, problem.Member)
		if !slices.Contains(ours(), problem.Err) && !errors.Is(problem.Err, ErrTooLarge) {
			t.Errorf("unexpected error: %v", err)
		}
	default:
		t.Errorf("unexpected error: %v", err)
	}
}

// FuzzWalk changes bytes of an archive, and packs it in up to two ways, so that it gets
// behind the checksums. Edits has 3 bytes for each change, two of them the offset: whole
// files as input would keep the fuzzer busy with shortening them.
func FuzzWalk(f *testing.F) {
	files := []file{{"a/b.log", "content\n"}, {"link", ""}, {"c", "\x1f\x8b\x08"}}
	flat := []file{files[0], files[2]}
	seeds := []string{
		"content", tarOf(files...), gzipOf("a") + gzipOf("b"), zstdOf("content"), zipOf(zip.Deflate, flat...), zipOf(zip.Store, flat...),
		zipOf(zstd.ZipMethodWinZip, flat...), sparseTar(3000), zipEntry("name", 4) + zipEnd(1, 50, 0),
	}
	for seed := range seeds {
		for _, packs := range []byte{0, 1, 2, 3, 4, 5, 1 | 3<<3, 3 | 1<<3, 4 | 2<<3, 3 | 2<<3} {
			f.Add(uint(seed), []byte{0, 10, 255}, packs)
		}
	}
	f.Fuzz(func(t *testing.T, seed uint, edits []byte, packs byte) {
		packed := []byte(seeds[seed%uint(len(seeds))])
		for ; len(edits) >= 3; edits = edits[3:] {
			packed[(int(edits[0])<<8|int(edits[1]))%len(packed)] = edits[2]
		}
		repairTar(packed)
		for ; packs > 0; packs >>= 3 {
			packed = packAs(packs&7, packed)
		}
		checkWalk(t, packed)
	})
}

// packAs packs a file in the way of that number, or cuts it.
func packAs(way byte, packed []byte) []byte {
	switch way {
	case 1:
		return []byte(gzipOf(string(packed)))
	case 2:
		return []byte(zstdOf(string(packed), zstd.WithEncoderConcurrency(1), zstd.WithWindowSize(64<<10)))
	case 3:
		return []byte(tarOf(file{"member", string(packed)}, file{"next", "content"}))
	case 4:
		return []byte(zipOf(zip.Deflate, file{"member", string(packed)}, file{"next", "content"}))
	case 5:
		return packed[:len(packed)*3/4]
	}
	return packed
}

// repairTar makes the checksums of what may be headers of tar right.
func repairTar(packed []byte) {
	for ; len(packed) >= blockSize; packed = packed[blockSize:] {
		if !bytes.HasPrefix(packed[257:], []byte("ustar")) {
			continue
		}
		copy(packed[148:156], "        ")
		sum := 0
		for _, b := range packed[:blockSize] {
			sum += int(b)
		}
		copy(packed[148:], fmt.Sprintf("%06o\x00 ", sum))
	}
}
