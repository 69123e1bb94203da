package durable

import (
	"os"
	"runtime"
	"testing"
)

// What anybody may write to is opened to be inspected, and nothing is written there.
func TestOpenToInspect(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("modes say nothing there")
	}
	loose := mustMkdir(t, t.TempDir(), "loose")
	if err := os.Chmod(loose, 0o777); err != nil {
		t.Fatal(err)
	}
	_, err := OpenToRead(loose)
	mustBe(t, err, ErrLoose)
	d, err := OpenToInspect(loose)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = d.Close() }()
	mustBe(t, d.Replace(d.Absent(target), []byte("x")), ErrReadOnly)
}
