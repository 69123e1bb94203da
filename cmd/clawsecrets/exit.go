package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/clawsecrets/clawsecrets/extract"
	"github.com/clawsecrets/clawsecrets/internal/durable"
	"github.com/clawsecrets/clawsecrets/internal/ui"
)

// The exit codes, all of them.
const (
	exitDone        = 0   // nothing found; done
	exitFound       = 1   // secrets found; not as it should be
	exitError       = 2   // usage, configuration, I/O; something could not be read
	exitRefused     = 4   // locked, running, or changed since it was read
	exitInterrupted = 130 // interrupted; says how to go on
)

// codeError ends a command with an exit code and nothing more to say.
type codeError int

func (c codeError) Error() string { return fmt.Sprintf("exit code %d", int(c)) }

// usageError is a mistake on the command line.
type usageError struct{ error }

func (u usageError) Unwrap() error { return u.error }

// hintError adds what to do to what happened.
type hintError struct {
	error
	hint string
}

func (h hintError) Unwrap() error { return h.error }

func hint(err error, what string) error { return hintError{err, what} }

// report prints an error, if there is one, and returns the exit code.
func report(ctx context.Context, io *ui.IO, err error) int {
	if failed := io.Failed(); failed != nil {
		io.Warnf("standard output cannot be written: %s", ui.Clean(oneLine(failed.Error())))
		if err == nil {
			return exitError
		}
	}
	var code codeError
	switch {
	case err == nil:
		return exitDone
	case errors.As(err, &code):
		return int(code)
	}
	if err == ctx.Err() {
		err = errors.New("interrupted; run the same command again")
	}
	names := newRulesMasker() // an error names files
	io.Warnf("%s", ui.Clean(names.mask(oneLine(err.Error()))))
	var hinted hintError
	if errors.As(err, &hinted) {
		io.Warnf("hint: %s", names.mask(hinted.hint))
	}
	switch {
	case ctx.Err() != nil:
		return exitInterrupted
	case isRefusal(err):
		return exitRefused
	}
	return exitError
}

// oneLine keeps a message on one line, whatever it was made of.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

func isRefusal(err error) bool {
	var locked *durable.LockedError
	var refusal *extract.Refusal
	return errors.As(err, &locked) || errors.As(err, &refusal) ||
		errors.Is(err, durable.ErrChanged) || errors.Is(err, durable.ErrNoExchange) || errors.Is(err, extract.ErrForged)
}

func usageErrorf(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

// noArguments refuses arguments, and says what to look at.
func noArguments(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return hint(usageErrorf("%s takes no arguments", cmd.CommandPath()), "see "+cmd.CommandPath()+" --help")
	}
	return nil
}
