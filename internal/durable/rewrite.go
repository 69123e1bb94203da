package durable

import (
	"bufio"
	"io"
	"io/fs"
)

// Rewrite is [Dir.Replace] for a file of any size: write reads the present bytes and
// makes the new ones, and neither is held in memory; reading and writing are buffered.
// The file must exist, and its modification time stays as well, to the nanosecond. What
// write does not copy is gone.
//
// Nothing changes when write returns an error, which the returned one wraps, or when the
// bytes it was given are not those that were read as was ([ErrChanged]): what write
// reads is certain only when Rewrite returns nil. If it makes the bytes that are there
// already, the file is left alone, only synced. Other errors: as for Replace, save
// [ErrTooLarge].
func (d *Dir) Rewrite(was *Snapshot, write func(old io.Reader, new io.Writer) error) error {
	if was.Absent {
		return pathError("rewrite", d.join(was.Name), fs.ErrNotExist)
	}
	f, base, err := d.locateSnapshot(was)
	if err != nil {
		return err
	}
	defer f.close()
	if err := f.permit(base, was); err != nil {
		return err
	}
	old, err := f.reopen(base, was)
	if err != nil {
		return err
	}
	defer old.close()
	s, err := f.stage(base)
	if err != nil {
		return withHint(err)
	}
	return withHint(s.replace(was, was.ModTime, func(new io.Writer) error {
		if err := write(bufio.NewReaderSize(old, partSize), new); err != nil {
			return err
		}
		return old.unchanged(was)
	}))
}
