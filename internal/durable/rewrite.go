package durable

import (
	"bufio"
	"io"
	"io/fs"
)

// Rewrite is [Dir.Replace] for a file of any size: write reads the present bytes and
// makes the new ones, and neither are held in memory. The file must exist, and its
// modification time stays as well, to the nanosecond. What write leaves unread is left
// out. Both are buffered.
//
// Nothing changes when write returns an error, which is in the one returned, or when
// what it read is not what was read as was ([ErrChanged]): so it may believe what it
// reads only when Rewrite returns nil. If it makes the bytes that are there, the
// file is left alone, only synced. Errors: as for Replace, save [ErrTooLarge].
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
