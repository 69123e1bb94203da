package durable

import (
	"bufio"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"time"
)

// fill makes the file that replaces was out of what write makes: complete, with its
// mode, owner and modification time (zero: now), synced, and under its sealed name. It
// returns what was written, read back.
func (s *staging) fill(was *Snapshot, modTime time.Time, write func(new io.Writer) error) (*Snapshot, error) {
	file, err := s.open(slotIncoming, os.O_WRONLY|os.O_CREATE|os.O_EXCL)
	if err != nil {
		return nil, err
	}
	sum, err := s.pour(file, write)
	if err == nil {
		err = s.dress(file, was, modTime)
	}
	if closing := s.do("close", slotIncoming, file.Close); err == nil {
		err = closing
	}
	if err != nil {
		return nil, err
	}
	written, err := s.identify(slotIncoming)
	if err != nil {
		return nil, err
	}
	if written.sum != sum {
		return nil, pathError("read back", s.join(slotIncoming), errors.New("is not what was written; check the disk"))
	}
	sealed := seal(s.salt, was.sum, written.sum)
	if err := s.rename(slotIncoming, sealed); err != nil {
		return nil, err
	}
	s.slot = sealed
	return written, s.sync()
}

// pour gives the open file the bytes that write makes, and returns their digest.
func (s *staging) pour(file *os.File, write func(new io.Writer) error) (digest, error) {
	sum := sha256.New()
	buffer := bufio.NewWriterSize(io.MultiWriter(sum, &poured{s, file}), partSize)
	err := write(buffer)
	if err == nil {
		err = buffer.Flush() // also what went wrong before, if write took no notice
	}
	return digest(sum.Sum(nil)), err
}

// poured is the open file as a writer.
type poured struct {
	*staging
	file *os.File
}

// Write implements [io.Writer].
func (p *poured) Write(part []byte) (int, error) {
	err := p.do("write", slotIncoming, func() error { return p.dir.hooks.writeAll(p.file, part) })
	if err != nil {
		return 0, err
	}
	return len(part), nil
}

// dress gives the open file its owner, mode and time, in that order: until it has its
// mode nobody else can read it, and a change of owner would clear mode bits.
func (s *staging) dress(file *os.File, was *Snapshot, modTime time.Time) (err error) {
	mode := modeFile
	if was.Absent {
		err = s.inherit(file)
	} else {
		mode = was.Mode
		err = s.resemble(file, was)
	}
	if err != nil {
		return err
	}
	if err := s.do("chmod", slotIncoming, func() error { return file.Chmod(mode) }); err != nil {
		return err
	}
	if !modTime.IsZero() {
		// A zero access time stays as it is.
		err := s.do("chtimes", slotIncoming, func() error { return s.root.Chtimes(slotIncoming, time.Time{}, modTime) })
		if err != nil {
			return err
		}
	}
	return s.do("fsync", slotIncoming, file.Sync)
}

// inherit gives a new file to whom it must belong: as its place, not as the staging
// directory, which is ours.
func (s *staging) inherit(file *os.File) error {
	info, err := file.Stat()
	if err != nil {
		return pathError("stat", s.join(slotIncoming), err)
	}
	uid, gid, err := s.parent.heir()
	if err != nil {
		return err
	}
	return s.bequeath(slotIncoming, file, info, uid, gid)
}

// resemble gives the file the owner and the access control list of the one it replaces.
func (s *staging) resemble(file *os.File, was *Snapshot) error {
	info, err := file.Stat()
	if err != nil {
		return pathError("stat", s.join(slotIncoming), err)
	}
	if err := s.bequeath(slotIncoming, file, info, was.UID, was.GID); err != nil {
		return fmt.Errorf("%s %w (%d:%d), which cannot be kept; run as its owner: %w", s.target, ErrOwner, was.UID, was.GID, err)
	}
	old, err := s.parent.reopen(s.target, was)
	if err != nil {
		return err
	}
	defer old.close()
	return s.do("copy access control list to", slotIncoming, func() error { return copyACL(old.file, file) })
}
