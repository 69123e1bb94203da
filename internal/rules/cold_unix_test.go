//go:build unix && !race

package rules

import (
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// coldVariable tells the test binary to be the process that [TestColdProcess] times.
const coldVariable = "RULES_TEST_COLD"

// TestColdProcess holds the budget for a process that has run nothing before: 25 ms of
// processor time to read the rules and look at 200 short strings.
func TestColdProcess(t *testing.T) {
	if os.Getenv(coldVariable) != "" {
		pairs := configStrings(t)
		before, start := processorTime(t), time.Now()
		set, found := New(), 0
		for _, pair := range pairs {
			found += len(set.FindValue(pair[0], pair[1]))
		}
		fmt.Printf("cold %d %d %d\n", (processorTime(t) - before).Microseconds(), time.Since(start).Microseconds(), found)
		return
	}
	if testing.Short() {
		t.Skip("times whole processes")
	}
	best := time.Hour
	for range 7 {
		child := exec.Command(os.Args[0], "-test.run=^TestColdProcess$")
		child.Env = []string{coldVariable + "=1"}
		out, err := child.Output()
		if err != nil {
			t.Fatalf("child process: %v", err)
		}
		fields := strings.Fields(string(out))
		if len(fields) < 4 || fields[0] != "cold" {
			t.Fatalf("child process did not report")
		}
		used, err := strconv.Atoi(fields[1])
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("processor %s µs, wall %s µs, %s found", fields[1], fields[2], fields[3])
		best = min(best, time.Duration(used)*time.Microsecond)
	}
	if best > 25*time.Millisecond {
		t.Errorf("best of 7 took %v of processor time, more than 25ms", best)
	}
}

// processorTime returns the processor time this process has used.
func processorTime(t testing.TB) time.Duration {
	t.Helper()
	var usage unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_SELF, &usage); err != nil {
		t.Fatalf("getrusage: %v", err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
