//go:build linux

package faulttest

import (
	"slices"
	"testing"
)

// The gateway's lock that a crash left goes stale after 30 s: the next run waits for
// that and arrives, with nobody's help.
func TestLockOfACrash(t *testing.T) {
	if !everything() {
		t.Skip("waits for half a minute: set CLAWSECRETS_SWEEP=all")
	}
	s := newSweep(t)
	extract := s.operations[0]
	locked := slices.IndexFunc(extract.calls, func(c call) bool { return c.name == "utimensat" })
	if locked < 0 {
		t.Fatal("extract takes no lock of the gateway's")
	}
	w := s.worker(t)
	w.become(t, extract.from)
	c := extract.calls[locked+1]
	w.program.inject(t, w.state, fault{c.name, c.nth, ""}, extract.args)
	if result := w.program.run(t, w.state, nil, extractArgs); result.code != 0 {
		t.Errorf("exit code %d\n%s", result.code, result.output)
	}
	for _, difference := range s.moved.differences(w.tree(t)) {
		t.Error(difference)
	}
}
