package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"syscall"

	"github.com/clawsecrets/clawsecrets/internal/gateway"
	"github.com/clawsecrets/clawsecrets/internal/rules"
	"github.com/clawsecrets/clawsecrets/internal/ui"
)

const gitleaksFile = ".gitleaks.toml"

// largestRules is how large a configuration of rules may be, in bytes. Gitleaks' own has a
// tenth of that.
const largestRules = 1 << 20

// userRules returns the person's own configuration of rules, nil where there is none: the
// file that GITLEAKS_CONFIG names or, for a scan of paths, the .gitleaks.toml of the first
// path or the current directory. One that lies in a gateway's Home is not used: an agent
// can write it.
func (o *scanOptions) userRules(io *ui.IO) (*rules.UserConfig, error) {
	if name := os.Getenv("GITLEAKS_CONFIG"); name != "" {
		return parseRules(name)
	}
	if len(o.paths) == 0 || slices.Contains(o.paths, "-") {
		return nil, nil
	}
	names := newRulesMasker()
	for _, dir := range slices.Compact([]string{filepath.Clean(o.paths[0]), "."}) {
		name := filepath.Join(dir, gitleaksFile)
		if !exists(name) {
			continue
		}
		if o.inGateway(dir) || o.inGateway(name) {
			io.Warnf("%s is not used, as a gateway's agent can write it: to use it, name it in GITLEAKS_CONFIG", ui.Clean(names.mask(name)))
			continue
		}
		config, err := parseRules(name)
		if err == nil && !o.quiet {
			io.Warnf("rules from %s", ui.Clean(names.mask(name)))
		}
		return config, err
	}
	return nil, nil
}

func parseRules(name string) (*rules.UserConfig, error) {
	data, err := readRules(name)
	if err != nil {
		return nil, fmt.Errorf("%s cannot be read: %w", name, err)
	}
	return rules.ParseConfig(name, data, readRules)
}

// readRules reads a configuration of rules. The error does not name the file. A pipe is
// refused, and does not make it wait.
func readRules(name string) ([]byte, error) {
	file, err := os.OpenFile(name, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, withoutPath(err)
	}
	defer func() { _ = file.Close() }()
	info, err := file.Stat()
	switch {
	case err != nil:
		return nil, withoutPath(err)
	case info.IsDir():
		return nil, errors.New("is a directory, not a file")
	case !info.Mode().IsRegular():
		return nil, errors.New("is not a regular file")
	}
	data, err := io.ReadAll(io.LimitReader(file, largestRules+1))
	if err == nil && len(data) > largestRules {
		err = errors.New("is larger than 1 MiB")
	}
	return data, withoutPath(err)
}

func withoutPath(err error) error {
	if path, ok := errors.AsType[*fs.PathError](err); ok {
		return path.Err
	}
	return err
}

// inGateway reports whether a file or directory lies where a gateway keeps its state: in the
// Home that is found here, or below a folder that looks like one.
func (o *scanOptions) inGateway(name string) bool {
	real, err := filepath.Abs(name)
	if err == nil {
		real, err = filepath.EvalSymlinks(real)
	}
	if err != nil {
		return false // reading it says why that is not possible
	}
	if home, err := gateway.Find(o.query()); err == nil {
		if inside, err := home.Contains(real); err == nil && inside {
			return true
		}
	}
	for dir := real; ; dir = filepath.Dir(dir) {
		for _, config := range []string{"clawdbot.json", "moltbot.json", "openclaw.json"} {
			if exists(filepath.Join(dir, config)) {
				return true
			}
		}
		if dir == filepath.Dir(dir) {
			return false
		}
	}
}

// exists reports whether there is something of that name, as far as can be seen.
func exists(name string) bool {
	_, err := os.Lstat(name)
	return err == nil
}
