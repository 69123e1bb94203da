package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/clawsecrets/clawsecrets/internal/durable"
	"github.com/clawsecrets/clawsecrets/internal/gateway"
	"github.com/clawsecrets/clawsecrets/internal/secret"
	"github.com/clawsecrets/clawsecrets/scan"
)

// session is what every command begins with: the Home, opened, and the key.
type session struct {
	view   *gateway.View
	key    secret.Key
	others []*gateway.Home // of the person's other gateways
	flags  *global
	open   func(*gateway.Home) (*gateway.View, error)
}

// openSession opens the Home with gateway.Open or gateway.OpenToRead.
func openSession(g *global, open func(*gateway.Home) (*gateway.View, error)) (*session, error) {
	home, err := gateway.Find(g.query())
	if err != nil {
		return nil, err
	}
	return newSession(g, open, append([]*gateway.Home{home}, gateway.Others(home, g.query())...))
}

// openAll opens the first of the person's Homes to read it with the others, which may be of
// generations that only a scan reads.
func openAll(g *global) (*session, error) {
	homes, err := gateway.FindAll(g.query())
	if err != nil {
		return nil, err
	}
	return newSession(g, gateway.OpenToRead, homes)
}

func newSession(g *global, open func(*gateway.Home) (*gateway.View, error), homes []*gateway.Home) (*session, error) {
	key, err := loadKey(homes...)
	if err != nil {
		return nil, err
	}
	view, err := open(homes[0])
	if err != nil {
		return nil, err
	}
	return &session{view: view, key: key, others: homes[1:], flags: g, open: open}, nil
}

func (s *session) close() { _ = s.view.Close() }

func (s *session) scan(ctx context.Context, options scan.Options) (*scan.Result, error) {
	return scan.Home(ctx, s.view, options)
}

// reopen forgets what was read, to look at the Home anew.
func (s *session) reopen() error {
	view, err := s.open(s.view.Home)
	if err != nil {
		return err
	}
	s.close()
	s.view = view
	return nil
}

// loadKey returns the person's key, made on first use. It lies in their config
// directory, which must not be inside a Home: what an agent can write there
// must not be able to sign anything.
func loadKey(homes ...*gateway.Home) (key secret.Key, err error) {
	base, err := os.UserConfigDir()
	if err != nil {
		return key, errors.New("no config directory for the key: set HOME")
	}
	folder := filepath.Join(base, "clawsecrets")
	inside, err := wouldLieInAny(homes, folder)
	if err != nil {
		return key, keyError(folder, err)
	}
	if inside {
		return key, fmt.Errorf("the key cannot lie in %s, which is inside the state directory: set XDG_CONFIG_HOME to another place", folder)
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return key, keyError(folder, err)
	}
	dir, err := durable.Open(folder)
	if err != nil {
		return key, keyError(folder, err)
	}
	defer func() { _ = dir.Close() }()
	return readOrMakeKey(dir, folder)
}

// wouldLieInAny is wouldLieIn for several Homes. One that cannot be looked into holds
// nothing of ours.
func wouldLieInAny(homes []*gateway.Home, folder string) (bool, error) {
	for i, home := range homes {
		inside, err := wouldLieIn(home, folder)
		if inside || err != nil && i == 0 {
			return inside, err
		}
	}
	return false, nil
}

// wouldLieIn reports whether a folder that may not be there yet lies in the Home.
func wouldLieIn(home *gateway.Home, folder string) (bool, error) {
	inside, err := home.Contains(folder)
	for errors.Is(err, fs.ErrNotExist) && folder != filepath.Dir(folder) {
		folder = filepath.Dir(folder)
		inside, err = home.Contains(folder)
	}
	return inside, err
}

func readOrMakeKey(dir *durable.Dir, folder string) (key secret.Key, err error) {
	const name = "key"
	stored, err := dir.Read(name)
	if errors.Is(err, fs.ErrNotExist) {
		_, _ = rand.Read(key[:]) // never fails, see crypto/rand
		err = dir.Replace(dir.Absent(name), key[:])
		if !errors.Is(err, durable.ErrChanged) {
			return key, err
		}
		stored, err = dir.Read(name) // another run made it in this moment
	}
	switch {
	case err != nil:
		return key, keyError(folder, err)
	case len(stored.Data) != secret.KeySize:
		return key, fmt.Errorf("%s: the key has %d bytes instead of %d: move it away, and a new one is made", filepath.Join(folder, "key"), len(stored.Data), secret.KeySize)
	case stored.Mode.Perm()&0o077 != 0:
		return key, fmt.Errorf("%s: others can read the key: chmod 0600 it, or move it away, and a new one is made", filepath.Join(folder, "key"))
	}
	copy(key[:], stored.Data)
	return key, nil
}

func keyError(folder string, err error) error {
	return fmt.Errorf("the key in %s: %w", folder, err)
}
