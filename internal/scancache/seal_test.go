package scancache

import (
	"bytes"
	"testing"

	"github.com/clawsecrets/clawsecrets/internal/secret"
)

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

// Every byte counts for the seal of a whole file, and so do its length and the key.
func TestWholeSeal(t *testing.T) {
	text := bytes.Repeat([]byte("0123456789abcdef"), pieceSize/8) // two pieces
	c := &Cache{key: secret.Key{1}}
	base, ok := c.wholeSeal(bytes.NewReader(text), int64(len(text)))
	if !ok {
		t.Fatal("not sealed")
	}
	for _, at := range []int{0, 1, pieceSize - 1, pieceSize, len(text) - 1} {
		changed := bytes.Clone(text)
		changed[at] ^= 1
		if sealed, _ := c.wholeSeal(bytes.NewReader(changed), int64(len(text))); sealed == base {
			t.Errorf("byte %d does not count", at)
		}
	}
	swapped := append(bytes.Repeat([]byte("x"), pieceSize), bytes.Repeat([]byte("y"), pieceSize)...)
	turned := append(bytes.Repeat([]byte("y"), pieceSize), bytes.Repeat([]byte("x"), pieceSize)...)
	one, _ := c.wholeSeal(bytes.NewReader(swapped), int64(len(swapped)))
	two, _ := c.wholeSeal(bytes.NewReader(turned), int64(len(turned)))
	if one == two {
		t.Error("the order of pieces does not count")
	}
	if sealed, _ := c.wholeSeal(bytes.NewReader(text), int64(len(text))-1); sealed == base {
		t.Error("the length does not count")
	}
	if sealed, _ := (&Cache{key: secret.Key{2}}).wholeSeal(bytes.NewReader(text), int64(len(text))); sealed == base {
		t.Error("the key does not count")
	}
	if _, ok := c.wholeSeal(bytes.NewReader(text), int64(len(text))+1); ok {
		t.Error("bytes beyond the end are sealed")
	}
}
