package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/clawsecrets/clawsecrets/internal/gateway"
	"github.com/clawsecrets/clawsecrets/internal/scancache"
	"github.com/clawsecrets/clawsecrets/internal/secret"
	"github.com/clawsecrets/clawsecrets/internal/ui"
	"github.com/clawsecrets/clawsecrets/scan"
)

// writeOutput calls print with a file in place of standard output. Nobody else can read
// the file; it is there when this returns nil.
func writeOutput(io *ui.IO, name string, print func(*ui.IO) error) error {
	file, err := os.OpenFile(name, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return outputError(name, err)
	}
	defer func() { _ = file.Close() }()
	if err := file.Chmod(0o600); err != nil {
		return outputError(name, err)
	}
	if err := print(io.To(file)); err != nil {
		return outputError(name, err)
	}
	return outputError(name, errors.Join(file.Sync(), file.Close()))
}

func outputError(name string, err error) error {
	if err == nil {
		return nil
	}
	var path *os.PathError
	if errors.As(err, &path) {
		err = path.Err
	}
	return fmt.Errorf("%s cannot be written: %w", name, err)
}

// openCache returns how to open the cache of scans: in the person's cache directory, a file
// for each Home, nil where that is not possible. home is nil for a scan of paths.
func openCache(home *gateway.Home, key secret.Key) scan.Cache {
	path, err := scancache.DefaultPath()
	if err != nil {
		return nil
	}
	if home != nil {
		if inside, err := wouldLieIn(home, filepath.Dir(path)); err != nil || inside {
			return nil // what an agent can write there must not say what was scanned
		}
		path += "-" + key.MAC([]byte(home.StateDir + "\x00" + home.ConfigPath))[:16]
	}
	return func(rules string, known []string) *scancache.Cache {
		fingerprints := make([]string, len(known))
		for i, value := range known {
			fingerprints[i] = key.Fingerprint(secret.New(value))
		}
		return scancache.Open(path, scancache.NewScope(rules, fingerprints), key)
	}
}
