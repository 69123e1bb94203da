package extract

import (
	"context"
	"fmt"
	"io"
	"io/fs"

	"github.com/clawsecrets/clawsecrets/internal/durable"
	"github.com/clawsecrets/clawsecrets/internal/gateway"
	"github.com/clawsecrets/clawsecrets/scan"
)

// Rewrite is one file, of any size, in which text gives way to other text. Nothing that
// it changes is resolved by the gateway, save what services set, which then comes from
// the .env.
type Rewrite struct {
	File *gateway.File
	// Findings are the secrets that go, and With what stands in the place of each: the
	// marker, the reference, or "" where it is removed.
	Findings []*scan.Finding
	With     []string

	dir     *durable.Dir
	was     *durable.Snapshot
	edits   []splice
	steps   []step // that an undo takes back, the last first
	service bool   // the gateway's service reads it
}

// splice replaces bytes of a file. What stood there is recorded in pieces.
type splice struct {
	start, end int64
	text       string
	was        []piece
}

// loose reports whether others can read the file as it is.
func (r *Rewrite) loose() bool { return r.was.Mode.Perm()&0o077 != 0 }

// apply writes the file, readable by its owner alone.
func (r *Rewrite) apply(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("stopped before %s; run the same command again to go on: %w", r.File.Rel, err)
	}
	r.dir.AllowRename = true // the gateway is stopped
	if r.loose() {
		if err := r.dir.Chmod(r.was, tightened(r.was.Mode)); err != nil {
			return err
		}
	}
	return r.dir.Rewrite(r.was, func(old io.Reader, updated io.Writer) error {
		return spliced(updated, old, r.edits)
	})
}

// spliced copies src to dst with the edits made.
func spliced(dst io.Writer, src io.Reader, edits []splice) error {
	s := &splicer{dst: dst, edits: edits}
	if _, err := io.Copy(s, src); err != nil {
		return err
	}
	return s.finish()
}

// splicer is a writer that makes edits, in order and apart from one another, in what is
// written to it, and passes the result on.
type splicer struct {
	dst   io.Writer
	edits []splice
	at    int64 // offset of the next byte that is written to it
}

func (s *splicer) Write(part []byte) (int, error) {
	length := len(part)
	for len(part) > 0 {
		if err := s.passed(); err != nil { // an insertion
			return 0, err
		}
		run := part
		skip := false
		if len(s.edits) > 0 {
			switch edit := s.edits[0]; {
			case s.at < edit.start:
				run = part[:min(int64(len(part)), edit.start-s.at)]
			case s.at < edit.end:
				run, skip = part[:min(int64(len(part)), edit.end-s.at)], true
			}
		}
		if !skip {
			if _, err := s.dst.Write(run); err != nil {
				return 0, err
			}
		}
		part, s.at = part[len(run):], s.at+int64(len(run))
	}
	return length, s.passed()
}

// passed writes what takes the place of text that has been passed.
func (s *splicer) passed() error {
	for len(s.edits) > 0 && s.edits[0].end <= s.at {
		if _, err := io.WriteString(s.dst, s.edits[0].text); err != nil {
			return err
		}
		s.edits = s.edits[1:]
	}
	return nil
}

// finish fails where the text was shorter than the edits suppose.
func (s *splicer) finish() error {
	if err := s.passed(); err != nil {
		return err
	}
	if len(s.edits) > 0 {
		return durable.ErrChanged
	}
	return nil
}

// inversesOf returns the edits that take these back, in the bytes of the new file.
func inversesOf(edits []splice) []inverse {
	var undo []inverse
	shift := int64(0)
	for _, edit := range edits {
		start := edit.start + shift
		end := start + int64(len(edit.text))
		undo = append(undo, inverse{Start: int(start), End: int(end), Was: edit.was})
		shift += int64(len(edit.text)) - (edit.end - edit.start)
	}
	return undo
}

// tightened are the permission bits that a file has left when others lose theirs.
func tightened(mode fs.FileMode) fs.FileMode { return mode.Perm() & 0o700 }
