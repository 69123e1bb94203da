package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/clawsecrets/clawsecrets/internal/gateway"
	"github.com/clawsecrets/clawsecrets/internal/scancache"
	"github.com/clawsecrets/clawsecrets/internal/secret"
	"github.com/clawsecrets/clawsecrets/internal/ui"
	"github.com/clawsecrets/clawsecrets/scan"
)

// writeOutput calls print with a file in place of standard output. Nobody else can read
// the file, also where one of that name was open to others; it is there, whole, when this
// returns nil, and as it was before after an error.
func writeOutput(io *ui.IO, name string, print func(*ui.IO) error) error {
	target, err := filepath.EvalSymlinks(name)
	if errors.Is(err, fs.ErrNotExist) {
		target, err = name, nil
	}
	if err != nil {
		return outputError(name, err)
	}
	switch info, err := os.Stat(target); {
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return outputError(name, err)
	case err == nil && info.IsDir():
		return outputError(name, errors.New("it is a directory"))
	case err == nil && !info.Mode().IsRegular():
		return writeDevice(io, name, print)
	}
	return outputError(name, replaceFile(io, target, print))
}

// writeDevice writes to a pipe or a device, which stays what it is.
func writeDevice(io *ui.IO, name string, print func(*ui.IO) error) error {
	device, err := os.OpenFile(name, os.O_WRONLY, 0)
	if err != nil {
		return outputError(name, err)
	}
	return outputError(name, errors.Join(printTo(io, device, print), device.Close()))
}

// printTo prints to out in place of standard output.
func printTo(io *ui.IO, out *os.File, print func(*ui.IO) error) error {
	to := io.To(out)
	return errors.Join(print(to), to.Failed())
}

// replaceFile writes a new file and gives it the name when it is durable.
func replaceFile(io *ui.IO, name string, print func(*ui.IO) error) error {
	file, err := os.CreateTemp(filepath.Dir(name), ".clawsecrets-*") // 0600
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(file.Name()) }() // gone by then, if all went well
	if err := errors.Join(printTo(io, file, print), file.Sync(), file.Close()); err != nil {
		return err
	}
	if err := os.Rename(file.Name(), name); err != nil {
		return err
	}
	if dir, err := os.Open(filepath.Dir(name)); err == nil {
		_ = dir.Sync() // not every system can
		_ = dir.Close()
	}
	return nil
}

// checkOutput refuses to write into a Home: a scan changes nothing there, and what an
// agent can read is no place for what a scan has found.
func checkOutput(name string, homes ...*gateway.Home) error {
	if name == "" {
		return nil
	}
	absolute, err := filepath.Abs(name)
	inside := false
	if err == nil {
		inside, err = wouldLieInAny(homes, absolute)
	}
	switch {
	case err != nil:
		return outputError(name, err)
	case inside:
		return hint(usageErrorf("--output %s lies in the state directory, where a scan writes nothing", name), "name a file outside of it")
	}
	return nil
}

func outputError(name string, err error) error {
	if err == nil {
		return nil
	}
	var path *os.PathError
	var link *os.LinkError
	switch {
	case errors.As(err, &path):
		err = path.Err
	case errors.As(err, &link):
		err = link.Err
	}
	return fmt.Errorf("%s cannot be written: %w", name, err)
}

// openCache returns how to open the cache of scans: in the person's cache directory, a file
// for each Home, or for those that are scanned together; nil where that is not possible.
// home is nil for a scan of paths.
func openCache(home *gateway.Home, key secret.Key, others ...*gateway.Home) scan.Cache {
	path, err := scancache.DefaultPath()
	if err != nil {
		return nil
	}
	if home != nil {
		homes := append([]*gateway.Home{home}, others...)
		if inside, err := wouldLieInAny(homes, filepath.Dir(path)); err != nil || inside {
			return nil // what an agent can write there must not say what was scanned
		}
		var names []string
		for _, home := range homes {
			names = append(names, home.StateDir, home.ConfigPath)
		}
		path += "-" + key.MAC([]byte(strings.Join(names, "\x00")))[:16]
	}
	return func(rules string, known []string) *scancache.Cache {
		fingerprints := make([]string, len(known))
		for i, value := range known {
			fingerprints[i] = key.Fingerprint(secret.New(value))
		}
		return scancache.Open(path, scancache.NewScope(rules, fingerprints), key)
	}
}
