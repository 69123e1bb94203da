package gateway

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/clawsecrets/clawsecrets/internal/service"
)

// defaultPort is DEFAULT_GATEWAY_PORT of the product's config/paths.js.
const defaultPort = 18789

// Port returns the port that the gateway listens on (resolveGatewayPort in the
// product's config/paths.js).
func Port(resolved Resolved, env *Env) int {
	text, _ := env.Lookup("CLAWDBOT_GATEWAY_PORT")
	if port, err := strconv.Atoi(strings.TrimSpace(text)); err == nil && port > 0 {
		return port
	}
	if port, ok := Lookup(resolved.Tree, "gateway", "port").(float64); ok && port > 0 && port < 1<<16 {
		return int(port)
	}
	return defaultPort
}

// RunningGateway says which gateway of this Home runs, in words for a message; ""
// if none does. Its lock file and its own environment name it; where neither can
// be read, whoever listens on its port is taken for it, unless the person named
// the Home, and so may be looking at a copy.
func (v *View) RunningGateway(resolved Resolved, env *Env) string {
	if env.Running != nil {
		return fmt.Sprintf("the gateway is running (process %d)", env.Running.PID)
	}
	port := Port(resolved, env)
	pid, listening, err := service.Listener(port)
	if err == nil && listening && pid == 0 && !v.Home.Explicit {
		return fmt.Sprintf("something listens on port %d, which is this gateway's, and cannot be identified", port)
	}
	return ""
}
