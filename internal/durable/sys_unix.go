//go:build unix

package durable

import (
	"io/fs"
	"syscall"
)

const (
	openNonblock = syscall.O_NONBLOCK
	openToSync   = syscall.O_RDONLY | syscall.O_NONBLOCK
	ownersExist  = true
	dirsCanSync  = true
)

type stat struct {
	uid, gid int
	links    uint64
}

func statOf(info fs.FileInfo) stat {
	if s, ok := info.Sys().(*syscall.Stat_t); ok {
		return stat{int(s.Uid), int(s.Gid), uint64(s.Nlink)}
	}
	return stat{-1, -1, 1}
}
