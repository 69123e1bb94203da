package durable

import "crypto/sha256"

// Remove deletes the file that was read as was, with the care of [Dir.Replace]: what
// another program put there meanwhile stays, and after an error the file is in place.
// When it returns nil, the deletion is on disk. Errors: as for Replace.
func (d *Dir) Remove(was *Snapshot) error {
	f, base, err := d.locateSnapshot(was)
	if err != nil {
		return err
	}
	defer f.close()
	if err := f.expect(base, was); err != nil || was.Absent {
		return err
	}
	s, err := f.stage(base)
	if err != nil {
		return withHint(err)
	}
	s.slot = seal(s.salt, was.sum, gone())
	return withHint(s.finish(s.unlink(was)))
}

// unlink takes the target out of the way, looks at it, and deletes it.
func (s *staging) unlink(was *Snapshot) error {
	g, err := s.parent.guard(s.target, was)
	if err != nil {
		return err
	}
	defer g.release()
	if err := s.take(g, was); err != nil {
		return err
	}
	err = s.settle(g, was)
	if err != nil && s.moveOut() != nil {
		return s.leftover()
	}
	return err
}

// gone stands for "no file" where a digest is expected.
func gone() digest { return sha256.Sum256([]byte("no such file")) }
