//go:build linux

package faulttest

import (
	"strings"
	"testing"
)

// judge checks a state in which a Home was left, if none like it was judged before.
func (w *worker) judge(t *testing.T, after string, left tree) {
	t.Helper()
	state := left.normal().String()
	w.mu.Lock()
	known := w.judged[state]
	w.judged[state] = true
	w.mu.Unlock()
	if known {
		return
	}
	for _, difference := range w.before.Differences(w.resolve(t)) {
		t.Errorf("%s: %s", after, difference)
	}
	for _, what := range append(left.between(w.original, w.moved), left.exposed(w.original)...) {
		t.Errorf("%s: %s", after, what)
	}
	w.goOn(t, after+", then extract", left, extractArgs, w.moved)
	w.goOn(t, after+", then extract and undo", w.tree(t), undoArgs, w.original)
	w.goOn(t, after+", then undo", left, undoArgs, w.original)
}

// goOn runs a command on what was left, undisturbed: it has to arrive.
func (w *worker) goOn(t *testing.T, after string, left tree, args []string, at tree) {
	t.Helper()
	w.become(t, left)
	if err := left.age(w.state); err != nil {
		t.Fatal(err)
	}
	result := w.program.run(t, w.state, nil, args)
	if undone := strings.Contains(result.output, "nothing to undo"); result.code != 0 && !undone {
		t.Errorf("%s: exit code %d\n%s", after, result.code, result.output)
	}
	for _, difference := range at.differences(w.tree(t)) {
		t.Errorf("%s: %s", after, difference)
	}
}

// judgeError checks what a run makes of an error: it ends for a reason that it names,
// or it has done everything. What it could not remove it may leave to the next run.
func (w *worker) judgeError(t *testing.T, d disturbance, result run, left tree) {
	t.Helper()
	if strings.Contains(result.output, "goroutine ") {
		t.Errorf("%v: panics:\n%s", d, result.output)
	}
	if result.code != 0 {
		w.refused.Add(1)
		if !strings.Contains(result.output, "clawsecrets: ") {
			t.Errorf("%v: exit code %d without a reason:\n%s", d, result.code, result.output)
		}
		return
	}
	w.survived.Add(1)
	if missing := d.to.differences(left.swept()); len(missing) > 0 {
		t.Errorf("%v: exit code 0, but %v", d, missing)
	}
	if d.call == "fsync" && d.error != "EINTR" { // after which Go tries again
		t.Errorf("%v: exit code 0, but not everything is known to be on disk", d)
	}
}
