package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/clawsecrets/clawsecrets/internal/rules"
)

// userRules returns the person's own configuration of rules: the file that GITLEAKS_CONFIG
// names or, for a scan of paths, the .gitleaks.toml of the first path or the current
// directory. It returns nil where there is none. A .gitleaks.toml in a gateway's Home is
// not used: an agent can write one.
func (o *scanOptions) userRules() (*rules.UserConfig, error) {
	candidates := []string{os.Getenv("GITLEAKS_CONFIG")}
	if len(o.paths) > 0 && o.paths[0] != "-" {
		candidates = append(candidates, filepath.Join(o.paths[0], gitleaksFile))
	}
	if len(o.paths) > 0 {
		candidates = append(candidates, gitleaksFile)
	}
	for i, name := range candidates {
		if name == "" {
			continue
		}
		data, err := os.ReadFile(name)
		if err == nil {
			return rules.ParseConfig(name, data, os.ReadFile)
		}
		var path *fs.PathError
		if i > 0 && (errors.Is(err, fs.ErrNotExist) || !isDir(o.paths[0])) {
			continue
		}
		if errors.As(err, &path) {
			err = path.Err
		}
		return nil, fmt.Errorf("%s cannot be read: %w", name, err)
	}
	return nil, nil
}

const gitleaksFile = ".gitleaks.toml"

func isDir(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}
