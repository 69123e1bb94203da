package dotenv

import (
	"fmt"
	"strings"
	"testing"

	"github.com/joho/godotenv"

	"github.com/clawsecrets/clawsecrets/internal/secret"
)

// largeFile returns a .env of about 1 MB.
func largeFile() []byte {
	g := newGenerator(5)
	var out strings.Builder
	for i := 0; out.Len() < 1<<20; i++ {
		form, err := Quote(g.value(g.class()))
		if err == nil {
			fmt.Fprintf(&out, "# don't touch\nKEY_%d=%s\n", i, form)
		}
	}
	return []byte(out.String())
}

// BenchmarkParse reads the same file with godotenv, to compare.
func BenchmarkParse(b *testing.B) {
	src := largeFile()
	b.Run("dotenv", func(b *testing.B) {
		b.SetBytes(int64(len(src)))
		for b.Loop() {
			Parse(src)
		}
	})
	b.Run("godotenv", func(b *testing.B) {
		b.SetBytes(int64(len(src)))
		for b.Loop() {
			if _, err := godotenv.UnmarshalBytes(src); err != nil {
				b.Fatal("godotenv cannot read the file")
			}
		}
	})
}

// BenchmarkSet appends one value to a file of 1 MB and proves that both readers
// read all of it as before.
func BenchmarkSet(b *testing.B) {
	src := largeFile()
	value := secret.New("sk-fake-0123456789")
	for b.Loop() {
		if err := Parse(src).Set("NEW_NAME", value); err != nil {
			b.Fatal(err)
		}
	}
}
