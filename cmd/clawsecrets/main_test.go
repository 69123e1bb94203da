package main

import (
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain runs the tests, or, called as clawsecrets by a script, the program: its
// coverage counts then.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"clawsecrets": watchedRun})
}
