package service

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"
	"syscall"
)

// maxSmallFile bounds unit files, property lists and .env files, in bytes.
const maxSmallFile = 4 << 20

// ReadFile reads a regular file of at most four MiB, wherever it lies, symlinks
// followed. It does not wait for a named pipe. Its errors do not name the file;
// one that does not exist is [fs.ErrNotExist].
func ReadFile(file string) ([]byte, error) {
	opened, err := os.OpenFile(file, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if missing(err) {
		return nil, fs.ErrNotExist
	}
	if err != nil {
		return nil, errors.New(plainReason(err))
	}
	defer opened.Close()
	info, err := opened.Stat()
	if err != nil {
		return nil, errors.New(plainReason(err))
	}
	if !info.Mode().IsRegular() {
		return nil, errors.New("not a regular file")
	}
	data, err := io.ReadAll(io.LimitReader(opened, maxSmallFile+1))
	if err != nil {
		return nil, errors.New(plainReason(err))
	}
	if len(data) > maxSmallFile {
		return nil, fmt.Errorf("larger than %d MiB", maxSmallFile>>20)
	}
	return data, nil
}

// fileNames returns the names in dir that end in extension, sorted, none where
// there is no such directory or it may not be read.
func fileNames(dir, extension string) []string {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil
	}
	var names []string
	for _, entry := range entries {
		if strings.HasSuffix(entry.Name(), extension) && !entry.IsDir() {
			names = append(names, entry.Name())
		}
	}
	slices.Sort(names)
	return names
}

// missing reports whether err says that there is no such file, also because a
// directory on the way is a file.
func missing(err error) bool {
	return errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR)
}

// plainReason returns what the system said, without the path, which callers name
// themselves.
func plainReason(err error) string {
	var pathError *fs.PathError
	if errors.As(err, &pathError) {
		err = pathError.Err
	}
	var linkError *os.LinkError
	if errors.As(err, &linkError) {
		err = linkError.Err
	}
	return err.Error()
}
