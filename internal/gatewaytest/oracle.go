package gatewaytest

import (
	"bufio"
	"context"
	_ "embed"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

const oracleLimit = 60 * time.Second

//go:embed oracle.mjs
var oracleModule []byte

// Oracle is a node process that answers what the product resolves for a state
// directory: the product's own modules, in milliseconds rather than the seconds
// of a command. It never writes, and may be asked from several goroutines.
type Oracle struct {
	mu     sync.Mutex
	stdin  io.Writer
	stdout *bufio.Reader
	kill   context.CancelFunc
	log    logBuffer
}

// OracleRequest says which installation's files to read, and in what
// environment the imaginary process starts.
type OracleRequest struct {
	State  string            `json:"state,omitempty"`  // CLAWDBOT_STATE_DIR; "" leaves it to Env
	Config string            `json:"config,omitempty"` // CLAWDBOT_CONFIG_PATH; "" leaves it to Env
	Dir    string            `json:"cwd,omitempty"`    // working directory; "" is HOME
	Env    map[string]string `json:"env,omitempty"`    // all of the environment; HOME is an empty directory if absent

	// Providers are asked for besides those that the configuration or a profile
	// names and those whose key has a variable.
	Providers []string `json:"providers,omitempty"`
}

// OracleReply is what the product makes of a request.
type OracleReply struct {
	// Config is what the running product works with, defaults filled in: an empty
	// object where the configuration is missing or invalid.
	Config any `json:"config"`

	// Snapshot is what the gateway looks at when it starts.
	Snapshot Snapshot `json:"snapshot"`

	// Env is the environment after both .env files and the configuration's env
	// section.
	Env map[string]string `json:"env"`

	// Credentials holds, by agent and then by provider, what a model call would be
	// made with; a provider without a credential is absent. An OAuth profile that
	// has expired has none: it cannot be refreshed offline.
	Credentials map[string]map[string]Credential `json:"credentials"`

	GatewayAuth GatewayAuth `json:"gatewayAuth"`

	// AutoEnable names the plugins that a gateway would enable when it starts, one
	// sentence each. Unless it is empty, the gateway rewrites its configuration.
	AutoEnable []string `json:"autoEnable"`

	// Log holds the warnings and errors that loading the configuration logs.
	Log []string `json:"log"`
}

// Snapshot is a read of the configuration file with what is wrong with it.
type Snapshot struct {
	Valid  bool    `json:"valid"`
	Issues []Issue `json:"issues"`
	Config any     `json:"config"`
}

// Issue is one thing that is wrong with a configuration.
type Issue struct {
	Path    string `json:"path"` // dotted, "" for the whole
	Message string `json:"message"`
}

// Credential is what the product sends to a provider, and where it has it from.
type Credential struct {
	APIKey    string `json:"apiKey"`
	Source    string `json:"source"`    // such as "env: OPENAI_API_KEY" or "profile:openai:default"
	ProfileID string `json:"profileId"` // "" when no profile is involved
	Mode      string `json:"mode"`      // api-key, oauth, token or aws-sdk
}

// GatewayAuth is how the gateway would check its callers.
type GatewayAuth struct {
	Mode     string `json:"mode"` // token, password or none
	Token    string `json:"token"`
	Password string `json:"password"`
}

// Oracle starts an oracle that ends with the test. Starting takes about two seconds:
// share one among the cases of a table.
func (in *Installation) Oracle(t testing.TB) *Oracle {
	t.Helper()
	dir := t.TempDir()
	script := filepath.Join(dir, "oracle.mjs")
	if err := os.WriteFile(script, oracleModule, 0o600); err != nil {
		t.Fatal(err)
	}
	home := &Home{Dir: filepath.Join(dir, "home")}
	if err := os.Mkdir(home.Dir, 0o700); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cmd := in.command(ctx, home, RunOptions{}, "--no-warnings", "--permission", "--allow-fs-read=*",
		"--allow-child-process", script, filepath.Dir(in.Entry))
	o := &Oracle{kill: cancel}
	cmd.Stderr = &o.log
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cancel()
		_ = cmd.Wait() // it has been killed
	})
	o.stdin, o.stdout = stdin, bufio.NewReaderSize(stdout, 1<<20)
	return o
}

// Resolve asks the oracle. A request that the product's modules throw at, rather
// than answer, fails the test.
func (o *Oracle) Resolve(t testing.TB, request OracleRequest) OracleReply {
	t.Helper()
	data, err := json.Marshal(request)
	if err != nil {
		t.Fatal(err)
	}
	line := o.ask(t, append(data, '\n'))
	var reply struct {
		OracleReply
		Error string `json:"error"`
	}
	if err := json.Unmarshal(line, &reply); err != nil {
		t.Fatalf("the oracle's answer: %v", err)
	}
	if reply.Error != "" {
		t.Fatalf("the oracle failed: %s", reply.Error)
	}
	return reply.OracleReply
}

func (o *Oracle) ask(t testing.TB, request []byte) []byte {
	t.Helper()
	o.mu.Lock()
	defer o.mu.Unlock()
	watch := time.AfterFunc(oracleLimit, o.kill)
	defer watch.Stop()
	if _, err := o.stdin.Write(request); err != nil {
		t.Fatalf("ask the oracle: %v\n%s", err, o.log.tail())
	}
	line, err := o.stdout.ReadBytes('\n')
	if err != nil {
		t.Fatalf("read the oracle's answer: %v\n%s", err, o.log.tail())
	}
	return line
}
