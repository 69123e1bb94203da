package gatewaytest

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

const (
	startLimit = 120 * time.Second // the first start with a channel plugin takes 50 s
	stopLimit  = 10 * time.Second  // the product gives itself 5 s
)

// Server is a process of the product that serves until it is stopped.
type Server struct {
	Port int // on 127.0.0.1
	PID  int

	log    logBuffer
	kill   context.CancelFunc // ends the process group at once
	signal func(syscall.Signal)
	exited chan struct{}
}

// startServer starts a command and waits until ready is in its log. A command
// that ends before, or that is not ready in two minutes, is an error; nothing of
// it is running then.
func (in *Installation) startServer(t testing.TB, h *Home, opts RunOptions, port int, ready string, args ...string) (*Server, error) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	cmd := in.command(ctx, h, opts, append([]string{in.Entry}, args...)...)
	s := &Server{Port: port, kill: cancel, exited: make(chan struct{})}
	cmd.Stdout, cmd.Stderr = &s.log, &s.log
	if err := cmd.Start(); err != nil {
		cancel()
		return nil, err
	}
	s.PID = cmd.Process.Pid
	s.signal = func(sig syscall.Signal) { _ = cmd.Process.Signal(sig) }
	go func() {
		_ = cmd.Wait()             // the log says more than the exit status
		_ = killGroup(cmd.Process) // what the process itself had started
		close(s.exited)
	}()
	t.Cleanup(func() { s.Stop(t) })

	limit := time.After(startLimit)
	for !strings.Contains(s.Log(), ready) {
		select {
		case <-s.exited:
			return nil, fmt.Errorf("clawdbot %s ended before it was ready:\n%s", commandName(args), s.log.tail())
		case <-limit:
			s.Stop(t)
			return nil, fmt.Errorf("clawdbot %s was not ready after %s:\n%s", commandName(args), startLimit, s.log.tail())
		case <-time.After(20 * time.Millisecond):
		}
	}
	return s, nil
}

// Log returns what the process has written so far, standard output and
// standard error together.
func (s *Server) Log() string { return s.log.String() }

// Running reports whether the process has not ended yet.
func (s *Server) Running() bool {
	select {
	case <-s.exited:
		return false
	default:
		return true
	}
}

// Stop asks the process to end and waits for it; after ten seconds it is
// killed and the test fails. Stopping a stopped process does nothing. Every
// server is stopped when its test ends.
func (s *Server) Stop(t testing.TB) {
	t.Helper()
	defer s.kill()
	if !s.Running() {
		return
	}
	s.signal(syscall.SIGTERM)
	select {
	case <-s.exited:
	case <-time.After(stopLimit):
		s.kill()
		<-s.exited
		t.Errorf("process %d did not end %s after SIGTERM", s.PID, stopLimit)
	}
}

// Kill ends the process as a power failure would, and waits for it.
func (s *Server) Kill() {
	s.kill()
	<-s.exited
}

func (s *Server) address() string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(s.Port)) }

// FreePort returns a TCP port of 127.0.0.1 that nothing listened on just now,
// nor on the three after it, which the gateway derives from its own.
func FreePort(t testing.TB) int {
	t.Helper()
	for range 100 {
		first, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		port := first.Addr().(*net.TCPAddr).Port
		free := port+3 <= 65535 && allFree(port+1, port+2, port+3)
		first.Close()
		if free {
			return port
		}
	}
	t.Fatal("no four free ports in a row on 127.0.0.1")
	return 0
}

func allFree(ports ...int) bool {
	for _, port := range ports {
		listener, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
		if err != nil {
			return false
		}
		listener.Close()
	}
	return true
}

// logBuffer collects what a process writes while the test reads it.
type logBuffer struct {
	mu   sync.Mutex
	data bytes.Buffer
}

func (b *logBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.data.Write(p)
}

func (b *logBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.data.String()
}

// tail returns the last part: a gateway that refuses its configuration repeats
// one stack trace fourteen thousand times.
func (b *logBuffer) tail() string {
	const size = 4 << 10
	text := b.String()
	return text[max(0, len(text)-size):]
}
