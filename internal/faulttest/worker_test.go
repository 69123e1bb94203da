//go:build linux

package faulttest

import (
	"path/filepath"
	"testing"

	"github.com/clawsecrets/clawsecrets/internal/gatewaytest"
)

// worker disturbs one run after another, in a state directory of its own.
type worker struct {
	*sweep
	state  string
	before gatewaytest.OracleReply // what the product resolves in it
}

func (s *sweep) worker(t *testing.T) *worker {
	t.Helper()
	w := &worker{sweep: s, state: filepath.Join(memory(t), "state")}
	w.become(t, s.original)
	w.before = w.resolve(t)
	if !w.before.Snapshot.Valid || len(w.before.Credentials) != 2 {
		t.Fatalf("the Home is not one that the product accepts: %v", w.before.Snapshot.Issues)
	}
	return w
}

func (w *worker) become(t *testing.T, wanted tree) {
	t.Helper()
	if err := wanted.write(w.state); err != nil {
		t.Fatal(err)
	}
}

func (w *worker) tree(t *testing.T) tree {
	t.Helper()
	now, err := readTree(w.state)
	if err != nil {
		t.Fatal(err)
	}
	return now
}

func (w *worker) resolve(t *testing.T) gatewaytest.OracleReply {
	t.Helper()
	return w.oracle.Resolve(t, gatewaytest.OracleRequest{State: w.state})
}

// undisturbed traces one run of an operation.
func (w *worker) undisturbed(t *testing.T, o *operation) []call {
	t.Helper()
	w.become(t, o.from)
	calls := w.program.trace(t, w.state, o.args)
	if found := o.to.differences(w.tree(t)); len(found) > 0 {
		t.Fatalf("%s, undisturbed: %v", o.name, found)
	}
	return calls
}

// disturb makes one run with a fault and judges what it says and what it leaves.
func (w *worker) disturb(t *testing.T, d disturbance) {
	t.Helper()
	w.become(t, d.from)
	result := w.program.inject(t, w.state, d.fault, d.args)
	left := w.tree(t)
	if d.error == "" {
		w.kills.Add(1)
		if result.code != -1 {
			t.Errorf("%v: was not killed", d)
		}
	} else {
		w.errors.Add(1)
		w.judgeError(t, d, result, left)
	}
	w.judge(t, d.String(), left)
}
