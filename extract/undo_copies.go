package extract

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/clawsecrets/clawsecrets/internal/durable"
	"github.com/clawsecrets/clawsecrets/internal/gateway"
	"github.com/clawsecrets/clawsecrets/internal/secret"
	"github.com/clawsecrets/clawsecrets/internal/transcript"
)

// Left is a file that an undo leaves as it is.
type Left struct {
	Path string // as the receipt has it
	Why  string
	// copied is set for a copy: what was taken out of it stays in quarantine.
	copied *ReceiptFile
}

// undoneCopy is a copy that an undo puts back, whatever its size.
type undoneCopy struct {
	dir *durable.Dir
	was *durable.Snapshot
	// chain holds the edits of each step to be undone, the last step first. What was
	// appended since lies behind all of them.
	chain [][]splice
}

// addCopy plans one copy. One that is gone or was written anew is left: nothing is
// resolved from it. What a service reads is none of those: it must be as it was left.
func (u *undoer) addCopy(plan *UndoPlan, recorded *ReceiptFile) error {
	leave := func(why string) error {
		if recorded.Service {
			return changedSince(recorded)
		}
		plan.Left = append(plan.Left, Left{recorded.Path, why, recorded})
		return nil
	}
	found, err := u.findCopy(recorded)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return leave("it is gone")
	case err != nil:
		return leave(cause(err))
	case found.done < 0, recorded.Service && found.was.Size != recorded.size(found.done):
		return leave("it was written anew since")
	}
	copied, n := &undoneCopy{dir: found.dir, was: found.was}, found.done
	for i := n - 1; i >= 0; i-- {
		edits, err := u.splices(recorded.Steps[i].Undo)
		if err != nil {
			return leave(err.Error())
		}
		copied.chain = append(copied.chain, edits)
	}
	if n > 0 && !u.restores(copied, found.name, recorded.Steps[0]) {
		return refuse("%s cannot be put back byte for byte: the .env or the quarantine holds other values than were taken", recorded.Path)
	}
	undone := Undone{File: &gateway.File{Path: u.absolute(found.path), Rel: found.path}, copied: copied}
	if mode, err := strconv.ParseUint(recorded.Mode, 8, 9); err == nil {
		undone.Mode = fs.FileMode(mode)
	}
	if n > 0 || undone.Mode != 0 && found.was.Mode.Perm() != undone.Mode {
		plan.Files = append(plan.Files, undone)
	}
	return nil
}

// foundCopy is a copy as it is now.
type foundCopy struct {
	path string // as a receipt has it
	dir  *durable.Dir
	name string
	was  *durable.Snapshot
	done int // how many of the recorded steps led to it, -1 if none of them did
}

// findCopy looks at a recorded copy. A transcript whose session has ended lies beside its
// old name: sessions/a.jsonl.deleted.<time>.
func (u *undoer) findCopy(recorded *ReceiptFile) (*foundCopy, error) {
	found, err := u.lookAt(recorded, recorded.Path)
	if !errors.Is(err, fs.ErrNotExist) || !transcript.IsTranscript(filepath.Base(recorded.Path)) {
		return found, err
	}
	folder := filepath.Dir(u.absolute(recorded.Path))
	entries, listErr := os.ReadDir(folder)
	if listErr != nil {
		return nil, err
	}
	for _, entry := range entries {
		name := entry.Name()
		if !strings.HasPrefix(name, filepath.Base(recorded.Path)+".") || !transcript.IsTranscript(name) {
			continue
		}
		renamed, lookErr := u.lookAt(recorded, filepath.Join(filepath.Dir(recorded.Path), name))
		if lookErr == nil && renamed.done > 0 {
			return renamed, nil
		}
	}
	return nil, err
}

// lookAt reads the file at path and finds out which steps led to it.
func (u *undoer) lookAt(recorded *ReceiptFile, path string) (*foundCopy, error) {
	dir, name, err := u.locateCopy(path)
	if err != nil {
		return nil, err
	}
	states := newStates(u.key, recorded)
	was, err := dir.ReadParts(name, states.part)
	if err != nil {
		return nil, err
	}
	return &foundCopy{path, dir, name, was, states.present(recorded)}, nil
}

func (u *undoer) absolute(recorded string) string {
	if filepath.IsAbs(recorded) {
		return recorded
	}
	return filepath.Join(u.view.Home.StateDir, recorded)
}

// locateCopy returns through which directory a recorded copy is written. The receipt is
// signed, so a path outside the state directory is one that we have written to.
func (u *undoer) locateCopy(recorded string) (dir *durable.Dir, name string, err error) {
	path := u.absolute(recorded)
	if filepath.IsAbs(recorded) {
		return u.view.LocateOutside(path)
	}
	dir, name, err = u.view.Locate(path)
	if err == nil && dir == nil {
		err = errors.New("it leads out of the state directory now")
	}
	return dir, name, err
}

// splices returns recorded inverses as edits, their holes filled.
func (u *undoer) splices(inverses []inverse) ([]splice, error) {
	var edits []splice
	at := 0
	for _, edit := range inverses {
		if edit.Start < at || edit.End < edit.Start {
			return nil, ErrForged
		}
		text := ""
		for _, piece := range edit.Was {
			filled, err := u.fill(piece)
			if err != nil {
				return nil, err
			}
			text += filled
		}
		edits = append(edits, splice{start: int64(edit.Start), end: int64(edit.End), text: text})
		at = edit.End
	}
	return edits, nil
}

// restores reports whether undoing gives the bytes that the file had before the first
// step, and what was appended to it since.
func (u *undoer) restores(copied *undoneCopy, name string, first step) bool {
	result := &prefixMAC{u.key.NewMAC(), first.WasSize}
	chain := newChain(result, copied.chain)
	was, err := copied.dir.ReadParts(name, func(part []byte) error { _, err := chain.Write(part); return err })
	if err != nil || chain.finish() != nil || result.left > 0 || result.mac.Sum() != first.Was {
		return false
	}
	copied.was = was
	return true
}

// apply puts the copy back: the bytes first, since the mode may let others read them
// only when all of it is as it was.
func (c *undoneCopy) apply(mode fs.FileMode) error {
	c.dir.AllowRename = true // the gateway is stopped
	if len(c.chain) > 0 {
		err := c.dir.Rewrite(c.was, func(old io.Reader, restored io.Writer) error {
			chain := newChain(restored, c.chain)
			if _, err := io.Copy(chain, old); err != nil {
				return err
			}
			return chain.finish()
		})
		if err != nil || mode == 0 {
			return err
		}
	}
	back, err := c.dir.ReadParts(c.was.Name, func([]byte) error { return nil })
	if err != nil {
		return err
	}
	return c.dir.Chmod(back, mode)
}

// chain makes the edits of several steps one after the other.
type chain []*splicer

func newChain(dst io.Writer, steps [][]splice) chain {
	c := make(chain, len(steps))
	for i := len(steps) - 1; i >= 0; i-- { // what comes last writes to dst
		c[i] = &splicer{dst: dst, edits: steps[i]}
		dst = c[i]
	}
	return c
}

func (c chain) Write(part []byte) (int, error) { return c[0].Write(part) }

func (c chain) finish() error {
	for _, s := range c {
		if err := s.finish(); err != nil {
			return err
		}
	}
	return nil
}

// states computes, of a file that is read in parts, the HMACs by which the state that
// each recorded step left is recognised.
type states struct {
	prefixes []*prefixMAC // by the number of steps done
}

func newStates(key secret.Key, recorded *ReceiptFile) *states {
	s := &states{}
	for n := 0; n <= len(recorded.Steps); n++ {
		s.prefixes = append(s.prefixes, &prefixMAC{key.NewMAC(), recorded.size(n)})
	}
	return s
}

func (s *states) part(part []byte) error {
	for _, prefix := range s.prefixes {
		_, _ = prefix.Write(part)
	}
	return nil
}

// present returns how many steps have been done, -1 if the file is none of these states.
func (s *states) present(recorded *ReceiptFile) int {
	for n := len(s.prefixes) - 1; n >= 0; n-- {
		if s.prefixes[n].left == 0 && s.prefixes[n].mac.Sum() == recorded.after(n) {
			return n
		}
	}
	return -1
}

// size returns how many bytes a copy had after n of its steps.
func (f *ReceiptFile) size(n int) int64 {
	if n == 0 {
		return f.Steps[0].WasSize
	}
	return f.Steps[n-1].NowSize
}
