package search

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// searchAlone is the variable that makes the test program search a file and print what
// memory that took.
const searchAlone = "SEARCH_TEST_ALONE"

// TestHuge searches a line of 1 GB, whose middle is a hole in the file, in a process of its
// own: its memory must not grow with the file.
func TestHuge(t *testing.T) {
	if name := os.Getenv(searchAlone); name != "" {
		report := searchFile(t, newSearcher(), name)
		status, err := os.ReadFile("/proc/self/status")
		if err != nil {
			t.Fatal(err)
		}
		at := bytes.Index(status, []byte("VmHWM:"))
		var kilobytes int
		if _, err := fmt.Sscanf(string(status[at:]), "VmHWM: %d kB", &kilobytes); err != nil {
			t.Fatal(err)
		}
		fmt.Printf("\nhits %d peak %d problem %q\n", len(report.Hits), kilobytes>>10, report.Problem)
		return
	}
	if testing.Short() {
		t.Skip("1 GB")
	}
	for _, size := range []int64{16 << 20, 1 << 30} {
		name := filepath.Join(t.TempDir(), "huge")
		file, err := os.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		text := []byte(" " + github("huge") + " ")
		for _, at := range []int64{0, size/2 - 17, size - int64(len(text))} {
			if _, err := file.WriteAt(text, at); err != nil {
				t.Fatal(err)
			}
		}
		if err := file.Close(); err != nil {
			t.Fatal(err)
		}
		command := exec.Command(os.Args[0], "-test.run=^TestHuge$")
		command.Env = append(os.Environ(), searchAlone+"="+name)
		output, err := command.CombinedOutput()
		if err != nil {
			t.Fatalf("%v\n%s", err, output)
		}
		var hits, peak int
		var problem string
		at := bytes.Index(output, []byte("\nhits "))
		if _, err := fmt.Sscanf(string(output[at+1:]), "hits %d peak %d problem %q", &hits, &peak, &problem); err != nil {
			t.Fatalf("%v\n%s", err, output)
		}
		t.Logf("%d MiB: %d MiB of memory", size>>20, peak)
		if hits != 3 || problem != "" || peak > 200 {
			t.Errorf("%d MiB: %d hits of 3, %d MiB of memory, problem %q", size>>20, hits, peak, problem)
		}
	}
}
