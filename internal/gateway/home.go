package gateway

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/clawsecrets/clawsecrets/internal/durable"
)

// Product names one of the gateway's generations.
type Product string

// The products, as --product takes them.
const (
	Clawdbot Product = "clawdbot"
	Moltbot  Product = "moltbot"
	OpenClaw Product = "openclaw"
)

// Home is one gateway's state directory and what decides where the rest is.
type Home struct {
	Product Product
	// Version is the version that last wrote the config (meta.lastTouchedVersion),
	// "" when the config does not say.
	Version string
	// StateDir and ConfigPath are absolute and cleaned, symlinks not resolved:
	// they are the names the product itself derives lock files and logs from.
	StateDir, ConfigPath string
	// UserHome is the home directory of the person who runs the gateway.
	UserHome string
	// Explicit is set when the person named the state directory or the config:
	// then only those outside files belong to the Home that are proven to.
	Explicit bool
}

// Query says how to look for a Home. Getenv is the environment that the product
// would consult, usually os.Getenv.
type Query struct {
	StateDir, ConfigPath string // --state-dir and --config, "" when not given
	Product              string // --product, "" when not given
	Getenv               func(string) string
	UserHome             string // "" for os.UserHomeDir
}

// Find finds the Home as Clawdbot does (config/paths.js): CLAWDBOT_STATE_DIR or
// ~/.clawdbot, CLAWDBOT_CONFIG_PATH or clawdbot.json in it, "~" expanded only
// where a path begins with it. The flags in q stand in for the variables.
func Find(q Query) (*Home, error) {
	userHome, err := q.userHome()
	if err != nil {
		return nil, err
	}
	home := &Home{Product: Clawdbot, UserHome: userHome, Explicit: q.StateDir != "" || q.ConfigPath != ""}
	if home.StateDir, err = q.resolve(userHome, q.StateDir, "CLAWDBOT_STATE_DIR"); err != nil {
		return nil, err
	}
	if home.StateDir == "" {
		home.StateDir = filepath.Join(userHome, ".clawdbot")
	}
	if home.ConfigPath, err = q.resolve(userHome, q.ConfigPath, "CLAWDBOT_CONFIG_PATH"); err != nil {
		return nil, err
	}
	if home.ConfigPath == "" {
		home.ConfigPath = filepath.Join(home.StateDir, "clawdbot.json")
	}
	if err := home.check(q.Product); err != nil {
		return nil, err
	}
	return home, q.checkConfig(home)
}

func (q Query) userHome() (string, error) {
	if q.UserHome != "" {
		return q.UserHome, nil
	}
	dir, err := os.UserHomeDir()
	if err != nil {
		return "", errors.New("no home directory: set HOME")
	}
	return dir, nil
}

// resolve returns flag, or the variable where no flag was given, as an absolute path.
func (q Query) resolve(userHome, flag, variable string) (string, error) {
	path := cmp.Or(strings.TrimSpace(flag), q.variable(variable))
	if path == "" {
		return "", nil
	}
	return absolute(userHome, path)
}

func (q Query) variable(name string) string {
	if q.Getenv == nil {
		return ""
	}
	return strings.TrimSpace(q.Getenv(name))
}

// absolute expands a leading "~" and makes path absolute, as resolveUserPath of
// the product does.
func absolute(userHome, path string) (string, error) {
	path = strings.TrimSpace(path)
	if path == "~" || strings.HasPrefix(path, "~/") {
		path = filepath.Join(userHome, path[1:])
	}
	return filepath.Abs(path)
}

// checkConfig refuses a --config that names no file: the gateway takes a config that
// is not there for an empty one, but whoever types a path means a file.
func (q Query) checkConfig(home *Home) error {
	if strings.TrimSpace(q.ConfigPath) == "" {
		return nil
	}
	if _, err := os.Lstat(home.ConfigPath); errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s: there is no such file; correct --config", home.ConfigPath)
	}
	return nil
}

func (h *Home) check(product string) error {
	info, err := os.Stat(h.StateDir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return &noHomeError{fmt.Sprintf("no gateway at %s: there is no such directory; pass --state-dir, or set CLAWDBOT_STATE_DIR", h.StateDir)}
	case err != nil:
		return fmt.Errorf("state directory %s cannot be read: %w", h.StateDir, reason(err))
	case !info.IsDir():
		return fmt.Errorf("state directory %s is not a directory", h.StateDir)
	}
	if product != "" && product != string(Clawdbot) && product != string(OpenClaw) {
		return &noHomeError{fmt.Sprintf("product %q is not known: this version knows clawdbot", product)}
	}
	generation := cmp.Or(Product(product), h.generation())
	if generation == Clawdbot {
		return nil
	}
	named := map[Product]string{Moltbot: "a Moltbot", OpenClaw: "an OpenClaw"}[generation]
	return &noHomeError{fmt.Sprintf("%s is %s home, which this version does not read yet: it knows Clawdbot 2026.1 (pass --product clawdbot to read it as one)", h.StateDir, named)}
}

// noHomeError says that there is no Home, or none that this version resolves, where the
// gateway would look for it.
type noHomeError struct{ text string }

func (e *noHomeError) Error() string { return e.text }

// generation returns the product whose config the state directory holds. A later one
// leaves the configs of earlier ones where they are, and a symbolic link from their
// directory to its own.
func (h *Home) generation() Product {
	if _, err := os.Lstat(h.ConfigPath); err == nil && h.ConfigPath != h.configOf(Clawdbot) {
		return Clawdbot // the person or the environment names it
	}
	looked := Home{StateDir: h.StateDir, Product: cmp.Or(productNamed(filepath.Base(realPath(h.StateDir))), Clawdbot)}
	looked.settle()
	if !mayExist(looked.ConfigPath) {
		return Clawdbot
	}
	return looked.Product
}

// Rel returns path relative to the state directory where it lies inside it, else
// path itself.
func (h *Home) Rel(path string) string {
	if rel, err := filepath.Rel(h.StateDir, path); err == nil && filepath.IsLocal(rel) {
		return rel
	}
	return path
}

// Contains reports whether path, symlinks resolved, lies in the state directory. The
// error is fs.ErrNotExist where there is no such path; after any error it is not known.
func (h *Home) Contains(path string) (bool, error) {
	root, err := filepath.EvalSymlinks(h.StateDir)
	if err != nil {
		return false, err
	}
	real, err := filepath.EvalSymlinks(path)
	if err != nil {
		return false, err
	}
	rel, err := filepath.Rel(root, real)
	return err == nil && filepath.IsLocal(rel), nil
}

// EnvPath returns the path of the .env that the gateway loads for this Home
// (infra/dotenv.js): it lies in the state directory, wherever the config is.
func (h *Home) EnvPath() string { return filepath.Join(h.StateDir, ".env") }

// reason strips a path from an error that has one, so that it can be named once.
func reason(err error) error {
	if irregular, ok := errors.AsType[*durable.NotRegularError](err); ok {
		return fmt.Errorf("is a %s, not a regular file; move it away and run again", irregular.Kind)
	}
	var pathError *fs.PathError
	if errors.As(err, &pathError) {
		return pathError.Err
	}
	return err
}
