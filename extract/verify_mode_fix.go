package extract

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/clawsecrets/clawsecrets/internal/durable"
	"github.com/clawsecrets/clawsecrets/internal/service"
	"github.com/clawsecrets/clawsecrets/scan"
)

// FixModes gives files and directories that others can read the modes they should have, and
// returns how many it changed. It cannot be led out of the Home by a link, and leaves what
// belongs to somebody else.
func (v *Verification) FixModes(scanned *scan.Result) (fixed int, err error) {
	home := scanned.View.Home
	inside, err := os.OpenRoot(home.StateDir)
	if err != nil {
		return 0, err
	}
	defer inside.Close()
	for _, p := range v.Problems {
		if p.mode == nil || !mayChange(p.mode, home.StateDir) {
			continue
		}
		if p.mode.outside {
			err = chmodOutside(p.mode)
		} else {
			err = chmodIn(inside, home.Rel(p.mode.path), p.mode.mode)
		}
		if err != nil {
			return fixed, err
		}
		fixed++
	}
	return fixed, nil
}

// mayChange reports whether the mode of a file is ours to change: it belongs to whoever runs
// us. Root may change those of the Home too, and of logs those of the Home's owner.
func mayChange(m *looseMode, state string) bool {
	owner, known := service.FileOwner(m.path)
	us := os.Getuid()
	if !known || owner == us {
		return known
	}
	gateway, known := service.FileOwner(state)
	return us == 0 && (!m.outside || known && owner == gateway)
}

// chmodOutside changes the mode of a file outside of the Home, through its directory.
func chmodOutside(want *looseMode) error {
	dir, err := os.OpenRoot(filepath.Dir(want.path))
	if err != nil {
		return err
	}
	defer dir.Close()
	name := filepath.Base(want.path)
	if info, err := dir.Lstat(name); err != nil || info.Mode()&fs.ModeSymlink != 0 {
		return errors.Join(err, notRegular(want.path))
	}
	return chmodIn(dir, name, want.mode)
}

// chmodIn changes the mode of an open file or directory: by name another could be put in its
// place.
func chmodIn(root *os.Root, name string, mode fs.FileMode) error {
	info, err := root.Stat(name)
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() && !info.IsDir() {
		return notRegular(name)
	}
	file, err := root.Open(name)
	if err != nil {
		return err
	}
	return errors.Join(chmodOpen(file, name, mode), file.Close())
}

// chmodOpen takes away what mode does not allow. A second name, which another could have given
// the file meanwhile, may be one that is no part of the Home.
func chmodOpen(file *os.File, name string, mode fs.FileMode) error {
	info, err := file.Stat()
	if err != nil {
		return err
	}
	if !info.IsDir() && links(info) > 1 {
		return &fs.PathError{Op: "chmod", Path: name, Err: durable.ErrHardLink}
	}
	return file.Chmod(info.Mode().Perm() & mode)
}

func notRegular(name string) error {
	return &fs.PathError{Op: "chmod", Path: name, Err: errors.New("is neither a file nor a directory")}
}
