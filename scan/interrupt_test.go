package scan_test

import (
	"context"
	"errors"
	"io"
	"testing"

	"github.com/clawsecrets/clawsecrets/scan"
)

// An interrupted scan returns what it has, and says that it is not all.
func TestInterruptedHome(t *testing.T) {
	p := newPerson(t)
	ctx, cancel := context.WithCancel(t.Context())
	options := scan.Options{Everywhere: &scan.Everywhere{LogDirs: []string{}, Started: func(int64) { cancel() }}}
	result, err := p.scanUntil(ctx, t, options)
	if !errors.Is(err, context.Canceled) || result == nil || len(result.Findings) == 0 || !result.Coverage.Unread() {
		t.Errorf("interrupted before the search: %v, %v", err, result)
	}
	result, err = p.scanUntil(ctx, t, options)
	if !errors.Is(err, context.Canceled) || result == nil {
		t.Errorf("interrupted before it began: %v, %v", err, result)
	}
}

// Standard input may have nothing to say.
func TestInterruptedReader(t *testing.T) {
	silent, writer := io.Pipe()
	defer func() { _ = writer.Close() }()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	result, err := scan.Reader(ctx, silent, scan.Options{})
	if !errors.Is(err, context.Canceled) || result == nil || !result.Coverage.Unread() {
		t.Errorf("got %v, %v", err, result)
	}
}
