//go:build unix

package durable

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// A program appends to a transcript without any lock while it is being redacted, over
// and over: not one line is lost.
func TestNoAppendIsLost(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("only Linux can tell who has a file open")
	}
	for name, redact := range map[string]func(*Dir, string) error{
		"replace": func(d *Dir, name string) error {
			was, err := d.Read(name)
			if err != nil {
				return err
			}
			return d.Replace(was, bytes.ReplaceAll(was.Data, []byte(secretWord), []byte(marker)))
		},
		"rewrite": func(d *Dir, name string) error {
			was, err := d.ReadParts(name, func([]byte) error { return nil })
			if err != nil {
				return err
			}
			return d.Rewrite(was, redactLines)
		},
	} {
		t.Run(name, func(t *testing.T) { testNoAppendIsLost(t, redact) })
	}
}

func testNoAppendIsLost(t *testing.T, redact func(*Dir, string) error) {
	lines := 20_000
	if testing.Short() {
		lines = 2_000
	}
	d := openTemp(t)
	d.hooks = quick()
	file := filepath.Join(d.Path(), "session.jsonl")
	put(t, file, "", 0o600)
	finished := make(chan error)
	go func() { finished <- appendLines(file, lines) }()
	var replaced, refused int
	for writing := true; writing; {
		select {
		case err := <-finished:
			mustDo(t, err)
			writing = false
		default:
		}
		err := redact(d, "session.jsonl")
		switch {
		case err == nil:
			replaced++
		case errors.Is(err, ErrChanged):
			refused++
		default:
			t.Fatal(err)
		}
	}
	got := strings.Split(strings.TrimSuffix(contents(t, file), "\n"), "\n")
	if len(got) != lines {
		t.Errorf("%d lines, want %d", len(got), lines)
	}
	for i, line := range got {
		if !strings.HasPrefix(line, fmt.Sprintf("%d ", i)) {
			t.Fatalf("line %d is missing", i)
		}
	}
	t.Logf("%d lines, %d replaced, %d refused", lines, replaced, refused)
	if replaced == 0 {
		t.Error("the race was not run")
	}
	onlyThese(t, d.Path(), "session.jsonl")
}

func appendLines(file string, lines int) error {
	for i := range lines {
		if i%1000 == 0 {
			time.Sleep(10 * time.Millisecond) // else hardly any redaction comes through
		}
		f, err := os.OpenFile(file, os.O_APPEND|os.O_WRONLY, 0)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(f, "%d %s\n", i, secretWord)
		if closing := f.Close(); err == nil {
			err = closing
		}
		if err != nil {
			return err
		}
	}
	return nil
}
