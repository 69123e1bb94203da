package durable

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
)

// The name of a staging directory, beside its target: .<target>.clawsecrets-<salt>.tmp
const (
	stagingMark   = ".clawsecrets-"
	stagingSuffix = ".tmp"
	saltLength    = 8
)

// The names a file in a staging directory may have, besides a sealed one.
const (
	slotIncoming = "incoming" // ours and not complete: never left the directory
	slotStale    = "stale"    // a lock that nobody holds any more
)

// staging is a private directory beside a target, for one file: first the new one,
// after the exchange the displaced one. The directory is what keeps a displaced
// file of mode 0644 from being readable under its new name.
type staging struct {
	*folder
	parent *folder
	base   string // of the directory, in the parent
	target string // in the parent
	salt   string
	slot   string // what the file in it is called now
}

// stage makes the staging directory for the file called target.
func (f *folder) stage(target string) (*staging, error) {
	salt := rand.Text()[:saltLength]
	base := "." + target + stagingMark + salt + stagingSuffix
	if err := f.mkdir(base); err != nil {
		if !errors.Is(err, fs.ErrExist) {
			_ = f.root.Remove(base) // a reported failure may have happened all the same
		}
		return nil, err
	}
	own, err := openFolder(f.dir, f.root, base, f.join(base))
	if err != nil {
		_ = f.root.Remove(base)
		return nil, err
	}
	return &staging{folder: own, parent: f, base: base, target: target, salt: salt, slot: slotIncoming}, nil
}

// parseStaging returns the target and the salt in the name of a staging directory.
func parseStaging(name string) (target, salt string, ok bool) {
	rest, isTemp := strings.CutSuffix(name, stagingSuffix)
	mark := strings.LastIndex(rest, stagingMark)
	if !isTemp || mark < 2 || rest[0] != '.' {
		return "", "", false
	}
	target, salt = rest[1:mark], rest[mark+len(stagingMark):]
	return target, salt, len(salt) == saltLength && strings.Trim(salt, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") == ""
}

// IsStaging reports whether base is the name of a directory that this package makes
// for the time of one write. A crash may leave one behind, with a file of the
// gateway in it, until [Dir.Sweep].
func IsStaging(base string) bool {
	_, _, ok := parseStaging(base)
	return ok
}

// seal returns the name under which a complete file takes part in an exchange. It
// says, after a crash, which bytes are ours to delete: those that were read and
// those that replace them. Anything else is another program's. The salt
// keeps the name of a guessable file from being looked up in a table.
func seal(salt string, before, after digest) string {
	return sealOne(salt, before) + "." + sealOne(salt, after)
}

func sealOne(salt string, sum digest) string {
	salted := sha256.Sum256(append([]byte(salt), sum[:]...))
	return hex.EncodeToString(salted[:16])
}

// fill writes the file that replaces was: complete, with its mode and owner, synced,
// and under its sealed name. It returns what was written, read back.
func (s *staging) fill(was *Snapshot, data []byte) (*Snapshot, error) {
	file, err := s.open(slotIncoming, os.O_WRONLY|os.O_CREATE|os.O_EXCL)
	if err != nil {
		return nil, err
	}
	err = s.dress(file, was, data)
	if closing := s.do("close", slotIncoming, file.Close); err == nil {
		err = closing
	}
	if err != nil {
		return nil, err
	}
	written, err := s.read(slotIncoming)
	if err != nil {
		return nil, err
	}
	if written.sum != sha256.Sum256(data) {
		return nil, pathError("read back", s.join(slotIncoming), errors.New("is not what was written; check the disk"))
	}
	sealed := seal(s.salt, was.sum, written.sum)
	if err := s.rename(slotIncoming, sealed); err != nil {
		return nil, err
	}
	s.slot = sealed
	return written, s.sync()
}

// dress gives the open file its bytes, owner and mode, in that order: until the last
// step nobody else can read it, and a change of owner would clear mode bits.
func (s *staging) dress(file *os.File, was *Snapshot, data []byte) error {
	err := s.do("write", slotIncoming, func() error { return s.dir.hooks.writeAll(file, data) })
	if err != nil {
		return err
	}
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
	defer old.Close()
	return s.do("copy access control list to", slotIncoming, func() error { return copyACL(old, file) })
}

// holds refuses when the file in the directory is not exactly want.
func (s *staging) holds(want *Snapshot) error {
	now, err := s.look(s.slot)
	if _, irregular := errors.AsType[*NotRegularError](err); irregular {
		return s.changed()
	}
	if err != nil {
		return err
	}
	if !now.same(want) {
		return s.changed()
	}
	return nil
}

// verify is holds for a displaced file under guard: one with a lease need not be read
// again.
func (s *staging) verify(g *guard, want *Snapshot) error {
	if !g.leased {
		return s.holds(want)
	}
	info, err := s.lstat(s.slot)
	if err != nil {
		return err
	}
	now := s.snapshot(info, nil)
	now.sum = want.sum // as nobody could write to it
	if g.broken() || !now.same(want) {
		return s.changed()
	}
	return nil
}

// empty removes the file in the directory. It looks before it believes a failure.
func (s *staging) empty() error {
	err := s.remove(s.slot)
	if err == nil {
		return nil
	}
	if there, looking := s.exists(s.slot); looking == nil && !there {
		return nil
	}
	return err
}

// discard removes the directory and the file in it, which is ours to remove.
func (s *staging) discard() error {
	var errs []error
	for _, name := range []string{slotIncoming, s.slot} {
		if err := s.remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			errs = append(errs, err)
		}
	}
	s.close()
	if err := s.parent.remove(s.base); err != nil && !errors.Is(err, fs.ErrNotExist) {
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}
