// Package ui is the terminal: where output goes, whether it has colour, tables,
// questions. Everything that a person sees passes through it.
//
// The rules: findings, plans and reports go to standard output, and nothing else
// does; questions, progress and errors go to standard error. Text that came from
// files is shown with control characters replaced. Colour only repeats what words
// already say. The package must not know what a secret is.
package ui

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"unicode"

	"golang.org/x/term"
)

// IO is where a command reads and writes.
type IO struct {
	In       io.Reader
	Out, Err io.Writer
	// Terminal is set when questions can be asked.
	Terminal bool
	color    bool
	failed   error
}

// Standard returns the process's own streams. Colour is off until [IO.SetColor].
func Standard() *IO {
	return &IO{
		In: os.Stdin, Out: os.Stdout, Err: os.Stderr,
		Terminal: term.IsTerminal(int(os.Stdin.Fd())) && term.IsTerminal(int(os.Stderr.Fd())),
	}
}

// SetColor turns colour on or off: "always", "never", or "auto", which is on for a
// terminal unless NO_COLOR is set or TERM is "dumb".
func (o *IO) SetColor(when string) error {
	switch when {
	case "always":
		o.color = true
	case "never":
		o.color = false
	case "auto":
		o.color = o.OutTerminal() && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
	default:
		return fmt.Errorf("--color takes auto, always or never")
	}
	return nil
}

// OutTerminal reports whether a person reads standard output.
func (o *IO) OutTerminal() bool {
	file, ok := o.Out.(*os.File)
	return ok && term.IsTerminal(int(file.Fd()))
}

// To returns the same streams with another output, which gets no colour.
func (o *IO) To(out io.Writer) *IO {
	other := *o
	other.Out, other.color, other.failed = out, false, nil
	return &other
}

// Style is a colour's number in an SGR sequence.
type Style string

// The styles.
const (
	Bold   Style = "1"
	Dim    Style = "2"
	Red    Style = "31"
	Green  Style = "32"
	Yellow Style = "33"
	Cyan   Style = "36"
)

// Paint returns text in a style, or as it is where there is no colour.
func (o *IO) Paint(style Style, text string) string {
	if !o.color || text == "" {
		return text
	}
	return "\x1b[" + string(style) + "m" + text + "\x1b[0m"
}

// Printf writes to standard output.
func (o *IO) Printf(format string, args ...any) {
	if _, err := fmt.Fprintf(o.Out, format, args...); err != nil && o.failed == nil {
		o.failed = err
	}
}

// Failed returns the first error of [IO.Printf], nil if there was none: what was to be
// shown has not been, and a command that ends well must not say so.
func (o *IO) Failed() error { return o.failed }

// Warnf writes a line to standard error.
func (o *IO) Warnf(format string, args ...any) {
	fmt.Fprintf(o.Err, "clawsecrets: "+format+"\n", args...)
}

// Confirm asks a question that is answered by y or n; anything but y is no, and so is
// the end of ctx.
func (o *IO) Confirm(ctx context.Context, question string) bool {
	fmt.Fprintf(o.Err, "%s [y/N] ", question)
	answered := make(chan string, 1)
	go func() {
		line, _ := bufio.NewReader(o.In).ReadString('\n')
		answered <- line
	}()
	select {
	case <-ctx.Done():
		fmt.Fprintln(o.Err)
		return false
	case line := <-answered:
		if !strings.HasSuffix(line, "\n") {
			fmt.Fprintln(o.Err)
		}
		answer := strings.ToLower(strings.TrimSpace(line))
		return answer == "y" || answer == "yes"
	}
}

// Clean returns text from a file with everything that could steer a terminal
// replaced by '?'.
func Clean(text string) string {
	return strings.Map(func(r rune) rune {
		if r == '\t' || unicode.IsPrint(r) {
			return r
		}
		return '?'
	}, text)
}
