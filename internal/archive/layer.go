package archive

import (
	"errors"
	"fmt"
	"io"
)

// maxRead bounds what is read at once, so that an interrupt does not wait for a large
// buffer to be full.
const maxRead = 256 << 10

// layer is what comes out of a decoder. Its errors are ours, and the first one stays.
type layer struct {
	*walker
	of      string // the member that the decoder reads
	decoder io.Reader
	expands bool // what is read counts against the limit
	err     error
}

func (l *layer) Read(p []byte) (int, error) {
	if l.err == nil {
		l.err = l.interrupted()
	}
	if l.err != nil {
		return 0, l.err
	}
	n, err := l.decoder.Read(p[:min(len(p), maxRead)])
	if l.expands {
		if l.budget -= int64(n); l.budget < 0 {
			n += int(l.budget)
			l.stop = &MemberError{l.of, fmt.Errorf("%w of %s", ErrTooLarge, size(l.limit))}
			err = l.stop
		}
	}
	l.err = l.fail(l.of, err)
	return n, l.err
}

// source is the bytes of an archive, and how many may still be read of them: members that
// share their bytes would otherwise keep a walk busy with a small file for ever.
type source struct {
	*walker
	of    string
	file  io.ReaderAt
	reads int64
	over  error // what is wrong when there are no more reads
}

func (s *source) ReadAt(p []byte, offset int64) (int, error) {
	if err := s.interrupted(); err != nil {
		return 0, err
	}
	if s.reads <= 0 {
		return 0, s.fail(s.of, s.over)
	}
	n, err := s.file.ReadAt(p, offset)
	s.reads -= int64(n)
	return n, s.fail(s.of, err)
}

// interrupted returns why the walk is to end, nil if it goes on.
func (w *walker) interrupted() error {
	if w.stop == nil {
		w.stop = w.ctx.Err()
	}
	return w.stop
}

// fail notes that a member cannot be read further, and returns the error to give
// instead of err. The end of a file is none; an error that is already ours passes.
func (w *walker) fail(member string, err error) error {
	var noted *MemberError
	switch {
	case err == nil, errors.Is(err, io.EOF):
		return err
	case w.stop != nil && errors.Is(err, w.stop):
		return w.stop
	case errors.As(err, &noted):
		return noted
	}
	noted = &MemberError{member, cause(err)}
	w.problems.add(noted)
	return noted
}

// note is fail where there is nobody to give the error to. It returns why the walk is to
// end, nil if it goes on.
func (w *walker) note(member string, err error) error {
	_ = w.fail(member, err)
	return w.stop
}

// size returns a number of bytes for people to read.
func size(n int64) string {
	for _, unit := range []struct {
		bits int
		name string
	}{{30, "GiB"}, {20, "MiB"}, {10, "KiB"}} {
		if n > 0 && n%(1<<unit.bits) == 0 {
			return fmt.Sprintf("%d %s", n>>unit.bits, unit.name)
		}
	}
	return fmt.Sprintf("%d bytes", n)
}
