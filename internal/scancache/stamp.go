package scancache

import (
	"io/fs"
	"time"
)

// granularity is the longest time in which two writes may get the same time stamp
// (FAT: two seconds; most others: some milliseconds).
const granularity = 2 * time.Second

// stamp is what the system says about a file: which one it is, and what changes with
// every write to it. Times are in nanoseconds since 1970.
type stamp struct {
	device, inode uint64
	size          int64
	mtime, ctime  int64
}

// stampOf returns the stamp of a regular file, and whether there is one: not on
// systems that do not give all of it.
func stampOf(info fs.FileInfo) (stamp, bool) {
	if !info.Mode().IsRegular() {
		return stamp{}, false
	}
	s, ok := identify(info)
	s.size, s.mtime = info.Size(), info.ModTime().UnixNano()
	return s, ok
}

// mayContinue reports whether a file that had the stamp was can have this one after
// nothing but appends.
func (s stamp) mayContinue(was stamp) bool {
	same := s.device == was.device && s.inode == was.inode
	return same && (s == was || s.size > was.size)
}

// settled reports whether every write after the moment opened gives another stamp, so
// that an equal one proves that there was none.
func (s stamp) settled(opened time.Time) bool {
	return max(s.mtime, s.ctime) < opened.Add(-granularity).UnixNano()
}
