package durable

import (
	"errors"
	"io/fs"
)

// install brings the staged file to its target, durably, or leaves the target as it was.
func (s *staging) install(was, staged *Snapshot) error {
	if was.Absent {
		return s.create(staged)
	}
	g, err := s.parent.guard(s.target, was)
	if err != nil {
		return err
	}
	defer g.release()
	err = s.exchange()
	if errors.Is(err, ErrNoExchange) {
		return s.overwrite(g, was)
	}
	if g.broken() {
		return s.because(s.changed(), s.retreat(staged))
	}
	// What is in the directory now says what really happened, not the error.
	if err != nil && s.holds(staged) == nil {
		if errors.Is(err, fs.ErrNotExist) {
			return s.changed()
		}
		return err
	}
	if err := s.settle(g, was); err != nil {
		return s.because(err, s.putBack(staged))
	}
	return nil
}

// settle deletes the displaced file if it is what was read, once the file in its place
// is durable.
func (s *staging) settle(g *guard, was *Snapshot) error {
	if err := s.verify(g, was); err != nil {
		return err
	}
	if err := s.parent.sync(); err != nil {
		return err
	}
	if g.broken() {
		return s.changed()
	}
	return s.empty()
}

// changed says that another program was faster.
func (s *staging) changed() error {
	return pathError("write", s.parent.join(s.target), ErrChanged)
}

// because returns why something was undone, unless undoing failed: that is worse news.
func (s *staging) because(why, undoing error) error {
	if undoing != nil {
		return undoing
	}
	return why
}

// create moves the staged file to where there is none.
func (s *staging) create(staged *Snapshot) error {
	if err := s.moveOut(); err != nil {
		return err
	}
	if err := s.parent.sync(); err != nil {
		return s.because(err, s.takeBack(staged))
	}
	return nil
}

// overwrite is the weaker way: a write between the comparison and the rename is lost.
func (s *staging) overwrite(g *guard, was *Snapshot) error {
	if !s.dir.AllowRename {
		return pathError("replace", s.parent.join(s.target), ErrNoExchange)
	}
	if err := s.parent.unchanged(s.target, was); err != nil {
		return err
	}
	if g.broken() {
		return s.changed()
	}
	return s.parent.rename(s.base+"/"+s.slot, s.target)
}
