//go:build unix

package main

import (
	"bufio"
	"context"
	"errors"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
	"testing"
	"time"
)

// The first signal ends the context, whichever it is; the next one ends a process
// whose step at hand takes too long.
func TestSecondSignalEndsTheProcess(t *testing.T) {
	const child = "CLAWSECRETS_TEST_SIGNALS"
	if os.Getenv(child) != "" {
		ctx, stop := interruptible(context.Background())
		defer stop()
		_, _ = os.Stdout.WriteString("ready\n")
		<-ctx.Done()
		_, _ = os.Stdout.WriteString("interrupted\n")
		time.Sleep(time.Minute)
		return
	}
	for _, first := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP} {
		t.Run(first.String(), func(t *testing.T) {
			if signal.Ignored(first) {
				t.Skipf("%v is ignored here", first)
			}
			ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
			defer cancel()
			cmd := exec.CommandContext(ctx, os.Args[0], "-test.run=^TestSecondSignalEndsTheProcess$")
			cmd.Env = append(os.Environ(), child+"=1")
			out, err := cmd.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			lines := bufio.NewScanner(out)
			for _, want := range []string{"ready", "interrupted"} {
				if !lines.Scan() || lines.Text() != want {
					t.Fatalf("the process says %q, want %q", lines.Text(), want)
				}
				// The one after "interrupted" may come before the process lets go of signals.
				_ = cmd.Process.Signal(first)
			}
			ended := make(chan error, 1)
			go func() { ended <- cmd.Wait() }()
			for {
				select {
				case err := <-ended:
					var exit *exec.ExitError
					if !errors.As(err, &exit) || exit.Sys().(syscall.WaitStatus).Signal() != first {
						t.Errorf("the process ends with %v", err)
					}
					return
				case <-time.After(50 * time.Millisecond):
					_ = cmd.Process.Signal(first)
				}
			}
		})
	}
}
