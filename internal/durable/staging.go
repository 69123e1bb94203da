package durable

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
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
	now := s.snapshot(info, want.sum) // as nobody could write to it
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
