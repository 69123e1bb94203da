package scancache

import (
	"io/fs"
	"syscall"
)

// identify returns the device, the inode and the ctime.
func identify(info fs.FileInfo) (stamp, bool) {
	s, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return stamp{}, false
	}
	return stamp{device: uint64(s.Dev), inode: s.Ino, ctime: s.Ctimespec.Nano()}, true
}
