package scancache

import (
	"bytes"
	"slices"
	"testing"

	"github.com/clawsecrets/clawsecrets/internal/secret"
)

// The blocks lie in the prefix, in order, and do not overlap; up to 72 KiB they
// are all of it.
func TestBlocks(t *testing.T) {
	const whole = (samples + 2) * blockSize
	c := &Cache{key: secret.Key{1}}
	for _, length := range []int64{1, blockSize, 2*blockSize - 1, 2 * blockSize, 2*blockSize + 1, whole - 1, whole, whole + 1, whole + 17, 1 << 20, 1 << 40} {
		ends := edges(length)
		blocks := slices.Concat(ends[:1], c.middle(stamp{inode: 1}, length), ends[1:])
		covered, end := int64(0), int64(0)
		for _, b := range blocks {
			if b.offset < end || b.size < 1 {
				t.Errorf("%d bytes: block %v after byte %d", length, b, end)
			}
			covered, end = covered+b.size, b.offset+b.size
		}
		if blocks[0].offset != 0 || end != length {
			t.Errorf("%d bytes: blocks from %d to %d", length, blocks[0].offset, end)
		}
		if covered != min(length, whole) {
			t.Errorf("%d bytes: %d are looked at", length, covered)
		}
	}
}

// Nobody can make a seal, or tell from one what it covers, without the key.
func TestSealsFollowFromTheKey(t *testing.T) {
	text := bytes.NewReader([]byte("some line\nsome line\n"))
	seals := map[seal]string{}
	for name, of := range map[string]struct {
		key   byte
		block block
	}{
		"base":        {1, block{0, 10}},
		"another key": {2, block{0, 10}},
		"same bytes":  {1, block{10, 10}},
		"fewer":       {1, block{0, 9}},
	} {
		sealed, ok := (&Cache{key: secret.Key{of.key}}).sealOf(text, []block{of.block})
		if before, twice := seals[sealed]; !ok || twice {
			t.Errorf("%s: read %v, the same seal as %q", name, ok, before)
		}
		seals[sealed] = name
	}
	if _, ok := (&Cache{}).sealOf(text, []block{{0, 21}}); ok {
		t.Error("bytes beyond the end are sealed")
	}
}

// The places are the same from run to run, and others for each key, file and length.
func TestPlacesFollowFromTheKey(t *testing.T) {
	file, length := stamp{device: 1, inode: 2}, int64(10<<20)
	places := func(key byte, file stamp, length int64) []block {
		return (&Cache{key: secret.Key{key}}).middle(file, length)
	}
	want := places(1, file, length)
	if !slices.Equal(want, places(1, stamp{device: 1, inode: 2, size: 7, mtime: 8, ctime: 9}, length)) {
		t.Error("the places change with what an append changes")
	}
	for name, other := range map[string][]block{
		"key":    places(2, file, length),
		"device": places(1, stamp{device: 2, inode: 2}, length),
		"inode":  places(1, stamp{device: 1, inode: 3}, length),
		"length": places(1, file, length+1),
	} {
		same := 0
		for i := range want {
			if want[i] == other[i] {
				same++
			}
		}
		if same > 2 {
			t.Errorf("another %s: %d of %d places are the same", name, same, len(want))
		}
	}
}
