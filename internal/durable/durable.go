// Package durable is the one place that writes. It replaces, creates and removes
// files so that at any time, whatever kills the process or the machine, a file is
// its old bytes or its new bytes; so that a change made by somebody else is never
// overwritten; and so that nobody but the owner can read what it has in hand. It
// also holds the two kinds of lock: our own, and the one the gateway takes.
//
// The package must not know what is in a file: no JSON5, no .env, no gateways, no
// idea of which bytes are secret. It treats all of them as if they were.
//
// Every write goes the same way. A private directory (0700) is made beside the
// target, the new file is written and synced in there, and the two files change
// places in one step (RENAME_EXCHANGE). What came back is then compared with what
// the caller had read: if it is something else, another program was faster, and the
// two change places again. Only when directory and file are on disk is the old file
// unlinked. [Dir.Sweep] finishes what a crash interrupted.
package durable

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// MaxSize is the size in bytes of the largest file that [Dir.Read] and [Dir.Replace] take,
// which hold it in memory; [Dir.ReadParts] and [Dir.Rewrite] take any.
const MaxSize = 64 << 20

const (
	modeFile fs.FileMode = 0o600
	modeDir  fs.FileMode = 0o700
	// modeLoose are the bits that let somebody else exchange the files in a directory.
	modeLoose fs.FileMode = 0o022
	// modeOpenToAll is the one that lets everybody.
	modeOpenToAll fs.FileMode = 0o002
)

// Dir is an open directory. Names given to its methods are relative to it, are
// separated by slashes and never lead out of it, whatever happens to symbolic
// links in the meantime (see [os.Root]). Its methods may be called concurrently;
// two writes to the same file are then decided like those of two processes.
type Dir struct {
	// AllowRename permits [Dir.Replace], [Dir.Rewrite] and [Dir.Remove] to go on where two files
	// cannot change places in one step (NFS, Windows): the file is compared once
	// more right before it is overwritten, and a write in between would be lost.
	// Set it only when the gateway is known to be stopped.
	AllowRename bool

	root     *os.Root
	path     string
	owner    int
	readOnly bool
	hooks    hooks
}

// Open opens the directory at path, which is made absolute and whose symbolic
// links are resolved, once. It refuses what is not a directory, a directory of
// another user ([ErrOwner]; root may open any), and one in which others may
// exchange files ([ErrLoose]). The caller closes it.
func Open(path string) (*Dir, error) { return open(path, modeLoose) }

// OpenToRead opens a directory for reading alone: every write through it is
// [ErrReadOnly]. It does so also where the group may exchange files, as after a
// checkout under umask 002.
func OpenToRead(path string) (*Dir, error) {
	dir, err := open(path, modeOpenToAll)
	if err == nil {
		dir.readOnly = true
	}
	return dir, err
}

// OpenToInspect is [OpenToRead] for a directory of any mode, to tell what is wrong with it:
// what is read may be anybody's.
func OpenToInspect(path string) (*Dir, error) {
	dir, err := open(path, 0)
	if err == nil {
		dir.readOnly = true
	}
	return dir, err
}

// open opens a directory whose mode has none of the bits in loose.
func open(path string, loose fs.FileMode) (*Dir, error) {
	absolute, err := filepath.Abs(path)
	if err != nil {
		return nil, pathError("open", path, err)
	}
	resolved, err := filepath.EvalSymlinks(absolute)
	if err != nil {
		return nil, pathError("open", absolute, err)
	}
	// Opening a FIFO would block, so look first; the root is looked at again below.
	info, err := os.Stat(resolved)
	if err != nil {
		return nil, pathError("open", resolved, err)
	}
	if !info.IsDir() {
		return nil, pathError("open", resolved, fmt.Errorf("is a %s, not a directory", kindOf(info.Mode())))
	}
	root, err := os.OpenRoot(resolved)
	if err != nil {
		return nil, pathError("open", resolved, err)
	}
	if info, err = root.Stat("."); err == nil {
		err = checkOurs(info, loose)
	}
	if err != nil {
		_ = root.Close()
		return nil, pathError("open", resolved, err)
	}
	return &Dir{root: root, path: resolved, owner: statOf(info).uid}, nil
}

// Close releases the directory. Locks that are held stay held.
func (d *Dir) Close() error { return d.root.Close() }

// Path returns the absolute path, without symbolic links, that the directory had
// when it was opened.
func (d *Dir) Path() string { return d.path }

// checkOurs refuses a directory whose files somebody else could exchange.
func checkOurs(info fs.FileInfo, loose fs.FileMode) error {
	uid, me := statOf(info).uid, os.Geteuid()
	if me > 0 && uid >= 0 && uid != me {
		return fmt.Errorf("%w: it belongs to user %d; run as that user", ErrOwner, uid)
	}
	if ownersExist && info.Mode().Perm()&loose != 0 && info.Mode()&fs.ModeSticky == 0 {
		return fmt.Errorf("%w (mode %04o); type chmod go-w on it", ErrLoose, info.Mode().Perm())
	}
	return nil
}
