package durable

import "os"

// guard watches a file while it is displaced. Comparing what came back is not enough
// for a program that had opened the file before, and writes to it after the
// comparison; and while a large file is compared, it may already have opened the new
// one. On Linux the kernel knows: it grants a read lease only while nobody has the
// file open for writing, and holds up whoever then tries to, so that we can
// change the files back before they go on. Elsewhere a guard knows nothing.
type guard struct {
	watched *reader
	leased  bool
}

// guard begins to watch the file called name, which must be what was read as was.
func (f *folder) guard(name string, was *Snapshot) (*guard, error) {
	r, err := f.reopen(name, was)
	if err != nil {
		return nil, err
	}
	g := &guard{watched: r}
	lease := takeLease(r.file)
	if lease == leaseRefused {
		g.release()
		return nil, r.changed()
	}
	g.leased = lease == leaseTaken
	// Whoever comes while a large file is compared must not wait until that is done.
	r.guard = g
	// Compared only now, when what is found stays true.
	if err := r.unchanged(was); err != nil {
		g.release()
		return nil, err
	}
	return g, nil
}

// broken reports whether somebody has begun to open the file for writing. Without a
// guard nobody knows.
func (g *guard) broken() bool { return g != nil && g.leased && !leaseHolds(g.watched.file) }

// release lets everybody go on who was held up.
func (g *guard) release() { g.watched.close() }

// lease is the kernel's answer to the question whether anybody writes to a file.
type lease int

const (
	leaseUnknown lease = iota // it cannot tell
	leaseTaken                // nobody does, and we hear of it before somebody can
	leaseRefused              // somebody does
)

// hasWriters reports whether any process is known to have the file open for writing.
func hasWriters(file *os.File) bool {
	state := takeLease(file)
	if state == leaseTaken {
		dropLease(file)
	}
	return state == leaseRefused
}
