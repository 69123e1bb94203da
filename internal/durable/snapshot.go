package durable

import (
	"crypto/sha256"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"
)

// Snapshot is what a file was when it was read: what a later write expects to find.
// It is a value to look at; only the methods of this package may change it.
type Snapshot struct {
	Name    string // without symbolic links, relative to the directory, with slashes
	Data    []byte // the whole file, if it was read by [Dir.Read]
	Size    int64  // bytes
	ModTime time.Time
	Mode    fs.FileMode
	UID     int // -1 where files have no owner
	GID     int
	Links   uint64 // hard links
	Absent  bool   // there was no such file

	dir  *Dir
	info fs.FileInfo // which file it was: device and inode
	sum  digest      // of its bytes; the caller may have edited Data in place
	busy bool        // somebody has it open for writing
}

type digest [sha256.Size]byte

// Absent returns the expectation that there is no file called name, for
// [Dir.Replace] to create it. It does not look.
func (d *Dir) Absent(name string) *Snapshot {
	return &Snapshot{Name: name, Absent: true, UID: -1, GID: -1, dir: d}
}

func (f *folder) snapshot(info fs.FileInfo, sum digest) *Snapshot {
	stat := statOf(info)
	return &Snapshot{
		Name: info.Name(), Size: info.Size(), ModTime: info.ModTime(), Mode: info.Mode(),
		UID: stat.uid, GID: stat.gid, Links: stat.links,
		dir: f.dir, info: info, sum: sum,
	}
}

// same reports whether two snapshots are of one file with the same bytes, mode and owner.
func (s *Snapshot) same(other *Snapshot) bool {
	return os.SameFile(s.info, other.info) && s.sum == other.sum &&
		s.Mode == other.Mode && s.UID == other.UID && s.GID == other.GID && s.Links == other.Links
}

// Format writes the file's name and size, whatever the verb, and never its contents.
func (s Snapshot) Format(state fmt.State, _ rune) { _, _ = io.WriteString(state, s.placeholder()) }

// MarshalText returns the same, for encoding/json and log/slog.
func (s Snapshot) MarshalText() ([]byte, error) { return []byte(s.placeholder()), nil }

func (s Snapshot) placeholder() string { return fmt.Sprintf("[%s, %d bytes]", s.Name, s.Size) }
