package ui_test

import (
	"fmt"
	"os"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/clawsecrets/clawsecrets/internal/ui"
)

// openTerminal returns the side of a pseudo-terminal that a program writes to.
func openTerminal(t *testing.T) *os.File {
	t.Helper()
	master, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Skip("no pseudo-terminals here")
	}
	t.Cleanup(func() { _ = master.Close() })
	if err := unix.IoctlSetPointerInt(int(master.Fd()), unix.TIOCSPTLCK, 0); err != nil {
		t.Skip("no pseudo-terminals here")
	}
	number, err := unix.IoctlGetInt(int(master.Fd()), unix.TIOCGPTN)
	if err != nil {
		t.Skip("no pseudo-terminals here")
	}
	slave, err := os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Skip("no pseudo-terminals here")
	}
	t.Cleanup(func() { _ = slave.Close() })
	return slave
}

// On a terminal there is colour, unless the person wants none.
func TestColourOnATerminal(t *testing.T) {
	slave := openTerminal(t)
	for _, test := range []struct {
		name, noColor, term, when string
		want                      bool
	}{
		{"by itself", "", "xterm", "auto", true},
		{"NO_COLOR", "1", "xterm", "auto", false},
		{"a dumb one", "", "dumb", "auto", false},
		{"never", "", "xterm", "never", false},
		{"always beats NO_COLOR", "1", "xterm", "always", true},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Setenv("NO_COLOR", test.noColor)
			t.Setenv("TERM", test.term)
			o := &ui.IO{Out: slave}
			if err := o.SetColor(test.when); err != nil {
				t.Fatal(err)
			}
			if got := o.Paint(ui.Red, "x") != "x"; got != test.want {
				t.Errorf("colour is %v", got)
			}
		})
	}
}
