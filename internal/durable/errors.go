package durable

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"
)

// What a method refuses, to be asked for with errors.Is. The error that carries one
// of them names the path; none ever contains a byte of a file.
var (
	// ErrChanged says that the file is not what was read any more. Nothing of the
	// other program's was overwritten.
	ErrChanged = errors.New("changed since it was read, so it was left alone; run again")
	// ErrNoExchange says that two files cannot change places in one step here, and
	// that [Dir.AllowRename] is not set.
	ErrNoExchange = errors.New("this file system cannot exchange two files in one step; stop the gateway and run again")
	// ErrHardLink says that the file has a second name, which would keep the old bytes.
	ErrHardLink = errors.New("has more than one hard link; remove the others (find -samefile) and run again")
	// ErrOwner says that the owner or group is not ours to keep or to trust.
	ErrOwner = errors.New("belongs to another user or group")
	// ErrReadOnly says that a directory was opened with [OpenToRead].
	ErrReadOnly = errors.New("was opened for reading only")
	// ErrLoose says that others may exchange the files of a directory.
	ErrLoose = errors.New("is writable by group or others")
	// ErrTooLarge says that a file is larger than [MaxSize].
	ErrTooLarge = errors.New("is larger than 64 MiB")
	// ErrEscapes says that a name or a symbolic link leads out of the directory.
	ErrEscapes = errors.New("leads out of its directory; name the real file")
	// ErrLockLost says that a product lock was taken over while it was held.
	ErrLockLost = errors.New("the lock was taken over while it was held; run again")
)

// NotRegularError says that a path is not a regular file, and what it is.
type NotRegularError struct {
	Path string
	Kind string // "directory", "FIFO", "socket", "device" or "symbolic link"
}

// Error names the path and its kind.
func (e *NotRegularError) Error() string {
	return fmt.Sprintf("%s is a %s, not a regular file; move it away and run again", e.Path, e.Kind)
}

// LockedError says that somebody else held a lock until the context was done.
type LockedError struct {
	Path   string // of the lock
	Holder string // "process 123" where that is known, else what is known instead
	cause  error  // why the waiting ended
}

// Error names the lock and its holder.
func (e *LockedError) Error() string {
	return fmt.Sprintf("%s is held by %s; wait for it to finish, or stop the gateway, and run again", e.Path, e.Holder)
}

// Unwrap returns the context's error: context.Canceled when the user interrupted.
func (e *LockedError) Unwrap() error { return e.cause }

// LeftoverError says that a file of another program was displaced and could not be
// put back, because its place was taken. Its bytes are safe at Path, where only
// the owner can read them, and no sweep removes them.
type LeftoverError struct {
	Path   string // where the bytes are
	Target string // where they were
}

// Error names both places.
func (e *LeftoverError) Error() string {
	return fmt.Sprintf("%s was changed by another program meanwhile; its version is kept at %s: compare the two and delete that one", e.Target, e.Path)
}

// pathError puts op and path before err, which loses the name that package os gave it:
// that one is relative.
func pathError(op, path string, err error) error {
	if err == nil {
		return nil
	}
	return &fs.PathError{Op: op, Path: path, Err: cause(err)}
}

func cause(err error) error {
	if inner, ok := errors.AsType[*fs.PathError](err); ok {
		err = inner.Err
	} else if inner, ok := errors.AsType[*os.LinkError](err); ok {
		err = inner.Err
	} else if inner, ok := errors.AsType[*os.SyscallError](err); ok {
		err = inner.Err
	}
	// os.Root does not export its refusal of an escaping link.
	if err != nil && err.Error() == "path escapes from parent" {
		return ErrEscapes
	}
	return err
}

// withHint says what a person can do about an error of the operating system.
func withHint(err error) error {
	switch {
	case errors.Is(err, ErrOwner):
	case errors.Is(err, syscall.ENOSPC):
		return fmt.Errorf("%w; free some space and run again", err)
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		return fmt.Errorf("%w; make file and directory writable for you and run again", err)
	}
	return err
}

func kindOf(mode fs.FileMode) string {
	switch mode.Type() {
	case 0:
		return "regular file"
	case fs.ModeDir:
		return "directory"
	case fs.ModeNamedPipe:
		return "FIFO"
	case fs.ModeSocket:
		return "socket"
	case fs.ModeSymlink:
		return "symbolic link"
	}
	return "device"
}
