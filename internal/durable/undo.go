package durable

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// maxTurns bounds the exchange of two files with a program that keeps writing.
const maxTurns = 16

// exchange makes the file in the directory and the target change places.
func (s *staging) exchange() error {
	return s.do("exchange", s.slot, func() error {
		return exchange(s.self, s.slot, s.parent.self, s.target)
	})
}

// putBack undoes an exchange that put ours in the place of what the directory holds.
// If what comes out is not ours, somebody wrote to the target meanwhile. That is
// then the newest version, so the two change places again, until what comes out is
// what was put there last: the outcome is as if we had not been there.
//
// It does not believe errors, it looks.
func (s *staging) putBack(ours *Snapshot) error {
	expected := ours
	for range maxTurns {
		held, err := s.look(s.slot)
		if held == nil {
			continue // an error of the disk may pass
		}
		if err == nil && !held.busy && held.same(expected) {
			return nil // the last exchange had happened, but the disk would not show it
		}
		if errors.Is(s.exchange(), fs.ErrNotExist) {
			if s.moveOut() == nil { // the target was deleted
				return nil
			}
			continue
		}
		out, err := s.look(s.slot)
		switch {
		case out == nil || os.SameFile(out.info, held.info):
			continue // nothing has happened
		case err == nil && !out.busy && out.same(expected):
			return nil
		case os.SameFile(out.info, ours.info):
			// Written to in place, so perhaps only added to: both versions count.
			_ = s.exchange()
			return s.leftover()
		}
		expected = held
	}
	return s.leftover()
}

// retreat undoes an exchange at once: somebody is about to write to the displaced
// file. It does not look first, so that nobody has the time to open ours.
func (s *staging) retreat(ours *Snapshot) error {
	_ = s.exchange()
	out, err := s.look(s.slot)
	switch {
	case err == nil && !out.busy && out.same(ours):
		return nil
	case out == nil || !os.SameFile(out.info, ours.info):
		return s.putBack(ours)
	}
	_ = s.exchange() // somebody had: both versions count
	return s.leftover()
}

// take moves the target, which is under guard, into the directory if it is exactly want.
func (s *staging) take(g *guard, want *Snapshot) error {
	err := s.parent.rename(s.target, s.base+"/"+s.slot)
	if there, looking := s.exists(s.slot); looking == nil && !there {
		if errors.Is(err, fs.ErrNotExist) {
			return s.changed()
		}
		return err
	}
	err = s.verify(g, want)
	if err != nil && s.moveOut() != nil {
		return s.leftover()
	}
	return err
}

// takeBack undoes the creation of a file, unless somebody has changed it since.
func (s *staging) takeBack(ours *Snapshot) error {
	g, err := s.parent.guard(s.target, ours)
	if err != nil {
		return err
	}
	defer g.release()
	return s.take(g, ours)
}

// moveOut moves the file in the directory to the target, where there must not be
// one: [ErrChanged].
func (s *staging) moveOut() error {
	err := s.do("rename new", s.slot, func() error {
		return renameNew(s.self, s.slot, s.parent.self, s.target)
	})
	if errors.Is(err, ErrNoExchange) {
		err = s.linkOut()
	}
	if err == nil {
		return nil
	}
	if there, looking := s.exists(s.slot); looking == nil && !there {
		return nil // the failure was reported after the fact
	}
	if errors.Is(err, fs.ErrExist) {
		return s.changed()
	}
	return err
}

// linkOut is moveOut for systems without the call: a hard link never overwrites.
func (s *staging) linkOut() error {
	from := s.base + "/" + s.slot
	err := s.do("link", s.slot, func() error { return s.parent.root.Link(from, s.target) })
	if err == nil || s.linked() {
		if s.empty() != nil {
			_ = s.empty() // the file is in place; a second name for it is swept by the next run
		}
		return nil
	}
	if errors.Is(err, fs.ErrExist) || !s.dir.AllowRename {
		return err
	}
	there, err := s.parent.exists(s.target)
	if err != nil {
		return err
	}
	if there {
		return fmt.Errorf("%s: %w", s.parent.join(s.target), fs.ErrExist)
	}
	return s.parent.rename(from, s.target)
}

// linked reports whether the target is the very file in the directory.
func (s *staging) linked() bool {
	here, err := s.lstat(s.slot)
	if err != nil {
		return false
	}
	there, err := s.parent.lstat(s.target)
	return err == nil && os.SameFile(here, there)
}

func (s *staging) leftover() error {
	return &LeftoverError{Path: s.join(s.slot), Target: s.parent.join(s.target)}
}
