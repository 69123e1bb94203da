package service

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/clawsecrets/clawsecrets/internal/secret"
)

// Process is a process as the system shows it. Its String says the PID only: the
// arguments and the environment hold secrets.
type Process struct {
	PID       int
	StartTime uint64                  // in clock ticks since boot, 0 where the system does not tell
	UID       int                     // -1 where the system does not tell
	Args      []string                // may hold a secret; node replaces them with its title
	Environ   map[string]secret.Value // as the process was started: what it set since is not seen
	Dir       string                  // its working directory
	// Unreadable says why Environ and Dir are not known, "" when they are. Every
	// variable must then be treated as possibly set.
	Unreadable string
}

// String returns the PID in words.
func (p Process) String() string { return "process " + strconv.Itoa(p.PID) }

// GoString returns the same, for %#v.
func (p Process) GoString() string { return p.String() }

// ErrNoProcess is returned for a PID that no process has, or one that has ended
// and waits for its parent.
var ErrNoProcess = errors.New("no such process")

// isGatewayCommand reports whether args start a gateway: isGatewayArgv of
// infra/gateway-lock.js, and beyond it the title that a running gateway gives
// itself, by which the product does not know its own.
func isGatewayCommand(args []string) bool {
	entries := []string{
		"dist/index.js", "dist/index.mjs", "dist/entry.js", "dist/entry.mjs",
		"scripts/run-node.mjs", "src/index.ts",
	}
	if len(args) == 0 {
		return false
	}
	gateway, entry := false, false
	for _, arg := range args {
		arg = strings.ToLower(strings.ReplaceAll(strings.TrimSpace(arg), `\`, "/"))
		gateway = gateway || arg == "gateway"
		entry = entry || slices.ContainsFunc(entries, func(end string) bool { return strings.HasSuffix(arg, end) })
	}
	program := strings.ToLower(strings.ReplaceAll(strings.TrimSpace(args[0]), `\`, "/"))
	title, _, _ := strings.Cut(program, " ")
	if title == "clawdbot-gateway" {
		return true
	}
	return gateway && (entry || program == "clawdbot" || strings.HasSuffix(program, "/clawdbot"))
}

// parseEnviron reads the block of NUL-terminated NAME=value pairs that a process
// was started with. Of two with one name the first counts, as in getenv(3).
func parseEnviron(block []byte) map[string]secret.Value {
	environ := map[string]secret.Value{}
	for pair := range strings.SplitSeq(string(block), "\x00") {
		name, value, ok := strings.Cut(pair, "=")
		if _, taken := environ[name]; ok && !taken && name != "" {
			environ[name] = secret.New(value)
		}
	}
	return environ
}
