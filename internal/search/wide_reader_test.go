package search

import (
	"bytes"
	"io"
	"testing"
	"testing/iotest"
	"unicode/utf16"
)

// widened returns a text in UTF-16.
func widened(text string, big bool) []byte {
	var wide []byte
	for _, unit := range utf16.Encode([]rune(text)) {
		if big {
			wide = append(wide, byte(unit>>8), byte(unit))
		} else {
			wide = append(wide, byte(unit), byte(unit>>8))
		}
	}
	return wide
}

// However a stream of UTF-16 is cut, it reads as all of it at once.
func FuzzWideReader(f *testing.F) {
	for _, text := range []string{"", "a", "pass😀w0rd\n", "ü😀😀"} {
		f.Add(widened(text, false), false)
		f.Add(widened(text, true), true)
	}
	f.Add([]byte{0x3d, 0xd8, 0x61}, false)
	f.Fuzz(func(t *testing.T, wide []byte, big bool) {
		want := narrow(wide, big)
		for _, in := range []io.Reader{bytes.NewReader(wide), iotest.OneByteReader(bytes.NewReader(wide)), iotest.DataErrReader(bytes.NewReader(wide))} {
			got, err := io.ReadAll(&wideReader{in: in, big: big})
			if err != nil || !bytes.Equal(got, want) {
				t.Fatalf("got %q, %v; want %q", got, err, want)
			}
		}
	})
}
