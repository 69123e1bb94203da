//go:build linux

package faulttest

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/clawsecrets/clawsecrets/internal/gatewaytest"
)

var (
	extractArgs = []string{"extract", "--sessions", "--force-live", "--yes"}
	undoArgs    = []string{"extract", "--undo", "--yes"}
)

// lookKill is how many calls that only look or print there are for each that is killed
// at: a kill between two calls that write leaves what a kill at the second leaves.
const lookKill = 32

// errorNames are what writing calls fail with.
var errorNames = []string{"ENOSPC", "EIO", "EACCES", "EINTR"}

// everything reports whether nothing is to be sampled.
func everything() bool { return os.Getenv("CLAWSECRETS_SWEEP") == "all" }

// Whatever call of an extract or of its undo is the last one of the process, or
// fails while it writes: the gateway resolves what it resolved before, each file is old
// or new, nobody else can read it, and the next run arrives where this one would have.
func TestSweep(t *testing.T) {
	s := newSweep(t)
	var faults []disturbance
	for _, o := range s.operations {
		faults = append(faults, o.faults(t)...)
	}
	s.run(t, faults)
	if s.kills.Load() < 150 || s.errors.Load() < 500 || len(s.judged) < 60 || s.survived.Load() == 0 {
		t.Error("too few: the faults do not arrive")
	}
}

// What cannot be read is not taken for what is not there: a run that meets an error
// while it looks says so, or does all the same.
func TestReadErrors(t *testing.T) {
	if !everything() {
		t.Skip("takes minutes: set CLAWSECRETS_SWEEP=all")
	}
	s := newSweep(t)
	var faults []disturbance
	for _, o := range s.operations {
		for _, c := range o.calls {
			if !c.writes && slices.Contains([]string{"openat", "read", "fstat", "newfstatat", "getdents64", "readlinkat"}, c.name) {
				faults = append(faults, disturbance{o, fault{c.name, c.nth, "EIO"}, c}, disturbance{o, fault{c.name, c.nth, "EACCES"}, c})
			}
		}
	}
	s.run(t, faults)
}

// sweep is what the judgement of all runs shares.
type sweep struct {
	program         *program
	oracle          *gatewaytest.Oracle
	original, moved tree
	operations      []*operation
	begun           time.Time

	mu     sync.Mutex
	judged map[string]bool // the states, as text

	kills, errors, refused, survived atomic.Int64
}

// operation is a command that is disturbed, with the trees it leads from and to.
type operation struct {
	name     string
	args     []string
	from, to tree
	calls    []call
}

// newSweep runs both commands undisturbed, twice, and compares what they call: the Nth
// call must be the same call in every run.
func newSweep(t *testing.T) *sweep {
	t.Helper()
	s := &sweep{begun: time.Now(), program: build(t), judged: map[string]bool{}, original: home()}
	s.oracle = gatewaytest.Product(t).Oracle(t)
	w := s.worker(t)
	w.become(t, s.original)
	if result := s.program.run(t, w.state, nil, extractArgs); result.code != 0 {
		t.Fatalf("extract: exit code %d\n%s", result.code, result.output)
	}
	s.moved = w.tree(t)
	if changed := s.original.differences(s.moved); len(changed) < 9 {
		t.Fatalf("extract changes only %v", changed)
	}
	s.operations = []*operation{
		{name: "extract", args: extractArgs, from: s.original, to: s.moved},
		{name: "undo", args: undoArgs, from: s.moved, to: s.original},
	}
	for _, o := range s.operations {
		o.calls = w.undisturbed(t, o)
		again := w.undisturbed(t, o)
		if !slices.EqualFunc(o.calls, again, call.like) {
			t.Fatalf("%s makes %d calls in one run and %d, or others, in the next", o.name, len(o.calls), len(again))
		}
	}
	return s
}

// disturbance is a fault in an operation, at a call.
type disturbance struct {
	*operation
	fault
	at call
}

func (d disturbance) String() string {
	return fmt.Sprintf("%s, %v: %s(%s", d.name, d.fault, d.at.name, d.at.args)
}

// faults returns what is to be injected into an operation, and logs what is left out.
func (o *operation) faults(t *testing.T) []disturbance {
	var faults []disturbance
	first := o.firstWrite()
	writes, looks, kills := 0, 0, 0
	for i, c := range o.calls {
		if c.writes {
			writes++
			for _, name := range append([]string{""}, errorNames...) {
				faults = append(faults, disturbance{o, fault{c.name, c.nth, name}, c})
			}
			continue
		}
		looks++
		if everything() || i >= first && looks%lookKill == 0 {
			kills++
			faults = append(faults, disturbance{o, fault{c.name, c.nth, ""}, c})
		}
	}
	t.Logf("%s: %d calls; a kill and %d errors at each of the %d that write, a kill at %d of the %d that look or print",
		o.name, len(o.calls), len(errorNames), writes, kills, looks)
	return faults
}

// firstWrite returns the index of the first call that changes anything in the Home.
func (o *operation) firstWrite() int {
	return slices.IndexFunc(o.calls, func(c call) bool {
		return c.writes && c.name != "write" && c.name != "fsync" && !strings.Contains(c.args, "= -1")
	})
}

// run injects every fault and judges what it leaves. Two runs at a time are as many as
// are worth it: the oracle answers one after another.
func (s *sweep) run(t *testing.T, faults []disturbance) {
	t.Helper()
	queue := make(chan disturbance, len(faults))
	for _, d := range faults {
		queue <- d
	}
	close(queue)
	t.Run("workers", func(t *testing.T) {
		for range 2 {
			t.Run("", func(t *testing.T) {
				t.Parallel()
				w := s.worker(t)
				for d := range queue {
					w.disturb(t, d)
				}
			})
		}
	})
	t.Logf("%d kills and %d errors (%d runs did everything all the same, %d said why not) left %d states, in %v",
		s.kills.Load(), s.errors.Load(), s.survived.Load(), s.refused.Load(), len(s.judged), time.Since(s.begun).Round(time.Second))
}
