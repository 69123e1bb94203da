// Package control stops a running gateway and starts it again: through systemd
// where it is a service of the person's, else by a signal and the command that the
// person gave. It starts nothing that was not running, gives children an allow-listed
// environment, and must not know why the gateway has to be stopped.
package control

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/clawsecrets/clawsecrets/internal/gateway"
	"github.com/clawsecrets/clawsecrets/internal/service"
)

// How long the gateway may take. It stops within five seconds by itself, and starts
// in up to fifty when it compiles a plugin for the first time (measured).
const (
	stopLimit  = 30 * time.Second
	startLimit = 120 * time.Second
	pause      = 100 * time.Millisecond
)

// ErrForeground says that a gateway is no service, so that only the person knows
// how it is started.
var ErrForeground = errors.New("the gateway is not a service of yours, and cannot be started again without knowing how: stop it yourself, or pass --restart-command")

// Gateway is a running gateway that can be stopped and started.
type Gateway struct {
	home    *gateway.Home
	process service.Process
	ports   []int      // where it may answer once it is started again
	unit    string     // the systemd user unit that runs it, "" if none does
	command string     // what starts it, "" to start the unit
	ended   chan error // receives how the command ended, nil before Start
}

// Find returns the control of a running gateway. port is the one that its config
// names; one that it was given as a flag shows in what it listens on. command is
// what starts it, "" for its service's own start.
func Find(home *gateway.Home, process service.Process, port int, command string) (*Gateway, error) {
	g := &Gateway{home: home, process: process, ports: []int{port}, command: command, unit: userUnit(process.PID)}
	// The gateway's other servers are on the ports above its own.
	if listening := service.ListeningPorts(process.PID); len(listening) > 0 && !slices.Contains(listening, port) {
		g.ports = append(g.ports, listening[0])
	}
	if g.unit == "" && command == "" {
		return nil, ErrForeground
	}
	return g, nil
}

// Stop stops the gateway and waits until its process is gone.
func (g *Gateway) Stop(ctx context.Context) error {
	if err := g.requestStop(ctx); err != nil {
		return err
	}
	err := wait(ctx, stopLimit, func() bool {
		process, err := service.ReadProcess(g.process.PID)
		return err != nil || process.StartTime != g.process.StartTime
	})
	if err != nil {
		return fmt.Errorf("the gateway (process %d) did not stop: %w", g.process.PID, err)
	}
	return nil
}

func (g *Gateway) requestStop(ctx context.Context) error {
	if g.unit != "" {
		return g.run(exec.CommandContext(ctx, "systemctl", "--user", "stop", g.unit))
	}
	process, err := service.ReadProcess(g.process.PID)
	if errors.Is(err, service.ErrNoProcess) || err == nil && process.StartTime != g.process.StartTime {
		return nil
	}
	return terminate(g.process.PID)
}

// Start starts the gateway. It does not wait until it answers: see [Gateway.Healthy].
func (g *Gateway) Start(ctx context.Context) error {
	if g.command == "" {
		return g.run(exec.CommandContext(ctx, "systemctl", "--user", "start", g.unit))
	}
	// Not under ctx: the gateway outlives this run.
	command := exec.Command("sh", "-c", g.command)
	command.Env = environment()
	detach(command)
	if err := command.Start(); err != nil {
		return fmt.Errorf("the restart command: %w", err)
	}
	ended := make(chan error, 1)
	go func() { ended <- command.Wait() }()
	g.ended = ended
	return nil
}

// Healthy waits until a gateway of this Home runs and answers on its port. A
// restart command that fails ends the wait: nothing will come up.
func (g *Gateway) Healthy(ctx context.Context) error {
	ctx, fail := context.WithCancelCause(ctx)
	defer fail(nil)
	err := wait(ctx, startLimit, func() bool {
		select {
		case err := <-g.ended:
			if err != nil {
				fail(fmt.Errorf("the restart command failed: %w; type it yourself to see why", err))
			}
		default:
		}
		return g.up(ctx)
	})
	if err != nil {
		return fmt.Errorf("the gateway did not come up on port %s: %w", g.portNames(), err)
	}
	return nil
}

// up reports whether a gateway of this Home answers on one of its ports.
func (g *Gateway) up(ctx context.Context) bool {
	process := g.running()
	if process == nil {
		return false
	}
	g.process = *process
	return slices.ContainsFunc(g.ports, func(port int) bool {
		pid, listening, err := service.Listener(port)
		return err == nil && listening && (pid == 0 || pid == process.PID) && answers(ctx, port)
	})
}

func (g *Gateway) portNames() string {
	names := make([]string, len(g.ports))
	for i, port := range g.ports {
		names[i] = strconv.Itoa(port)
	}
	return strings.Join(names, " or ")
}

func (g *Gateway) running() *service.Process {
	_, process, err := service.Environment(service.EnvironmentQuery{
		StateDir: g.home.StateDir, ConfigPath: g.home.ConfigPath, Home: g.home.UserHome, Explicit: g.home.Explicit,
	})
	if err != nil {
		return nil
	}
	return process
}

func (g *Gateway) run(command *exec.Cmd) error {
	command.Env = environment()
	if err := command.Run(); err != nil {
		return fmt.Errorf("%s: %w; type it yourself to see why", strings.Join(command.Args, " "), err)
	}
	return nil
}

// environment returns what children get of ours: what they need to find the
// session, and nothing that could hold a secret.
func environment() []string {
	allowed := []string{"PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "TZ", "TMPDIR", "XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS"}
	return slices.DeleteFunc(os.Environ(), func(entry string) bool {
		name, _, _ := strings.Cut(entry, "=")
		return !slices.Contains(allowed, name) && !strings.HasPrefix(name, "LC_")
	})
}

// wait asks done until it says so, the limit is over, or ctx is done.
func wait(ctx context.Context, limit time.Duration, done func() bool) error {
	ctx, cancel := context.WithTimeoutCause(ctx, limit, fmt.Errorf("after %v", limit))
	defer cancel()
	ticker := time.NewTicker(pause)
	defer ticker.Stop()
	for !done() {
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-ticker.C:
		}
	}
	return nil
}
