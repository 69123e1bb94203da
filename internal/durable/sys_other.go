//go:build !unix

package durable

import (
	"io/fs"
	"os"
)

const (
	openNonblock = 0
	openToSync   = os.O_RDWR // Windows flushes through writable handles only
	ownersExist  = false
	// Windows has no way to flush a directory; NTFS logs its own changes.
	dirsCanSync = false
)

type stat struct {
	uid, gid int
	links    uint64
}

func statOf(fs.FileInfo) stat { return stat{-1, -1, 1} }
