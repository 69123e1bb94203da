package archive

import (
	"archive/zip"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"slices"
	"syscall"

	"github.com/klauspost/compress/zstd"
)

// What is wrong with an archive or a member of it: the rest of a sentence about it. They
// come in a [*MemberError].
var (
	ErrTooLarge    = errors.New("expands to more than the limit")
	ErrCutShort    = errors.New("is cut short: its end is missing")
	ErrDamaged     = errors.New("is damaged: not all of it was read")
	ErrTrailing    = errors.New("goes on behind its end: what is there was not read")
	ErrEncrypted   = errors.New("is encrypted: unpack it and scan what comes out")
	ErrUnsupported = errors.New("is compressed in a way that is not supported: unpack it and scan what comes out")
	ErrMemory      = errors.New("needs more than 64 MiB of memory: unpack it and scan what comes out")
	ErrTooDeep     = errors.New("is packed more than two deep: unpack it and scan what comes out")
	ErrNestedZip   = errors.New("is a zip archive of more than 32 MiB in another archive: unpack it and scan what comes out")
	ErrDirectory   = errors.New("lists more files than fit in memory: unpack it and scan what comes out")
	ErrOverlap     = errors.New("has members that share their bytes: not all of them were read")
)

// ErrFormat is what [Walk] returns for a file that [Known] does not know.
var ErrFormat = errors.New("is no archive, or of a kind that is not supported")

// MemberError is what could not be read of one member, or of the whole archive where
// Member is "". It holds nothing of the content; the name is the archive's own.
type MemberError struct {
	Member string // as it is yielded
	Err    error  // one of this package's errors, or one that says why the file cannot be read
}

func (e *MemberError) Error() string {
	if e.Member == "" {
		return e.Err.Error()
	}
	return e.Member + " " + e.Err.Error()
}

// Unwrap returns Err.
func (e *MemberError) Unwrap() error { return e.Err }

// cause returns what is wrong in words of ours: a decoder's may hold what it has read.
func cause(err error) error {
	var number syscall.Errno
	switch {
	case slices.Contains(ours(), err):
		return err
	case errors.Is(err, io.ErrUnexpectedEOF):
		return ErrCutShort
	case errors.Is(err, gzip.ErrHeader), errors.Is(err, zstd.ErrMagicMismatch):
		return ErrTrailing // at the beginning the format is known
	case errors.Is(err, zip.ErrAlgorithm), errors.Is(err, zstd.ErrUnknownDictionary):
		return ErrUnsupported
	case errors.Is(err, zstd.ErrWindowSizeExceeded), errors.Is(err, zstd.ErrDecoderSizeExceeded):
		return ErrMemory
	case errors.As(err, &number):
		return fmt.Errorf("cannot be read: %w", number)
	}
	return ErrDamaged
}

func ours() []error {
	return []error{
		ErrTooLarge, ErrCutShort, ErrDamaged, ErrTrailing, ErrEncrypted, ErrUnsupported, ErrMemory, ErrTooDeep,
		ErrNestedZip, ErrDirectory, ErrOverlap,
	}
}

// maxProblems bounds the errors that one walk keeps: each of very many members may have one.
const maxProblems = 16

// problems collects the errors of a walk that goes on.
type problems struct {
	kept    []error
	dropped int
}

// add keeps an error, once: a decoder repeats its own.
func (p *problems) add(problem *MemberError) {
	same := func(err error) bool { return err.Error() == problem.Error() }
	switch {
	case slices.ContainsFunc(p.kept, same):
	case len(p.kept) < maxProblems:
		p.kept = append(p.kept, problem)
	default:
		p.dropped++
	}
}

// with returns all of them and last, joined; nil if there are none.
func (p *problems) with(last error) error {
	all := slices.Clone(p.kept)
	if p.dropped > 0 {
		all = append(all, fmt.Errorf("and %d more errors", p.dropped))
	}
	return errors.Join(append(all, last)...)
}
