package extract

import (
	"bytes"
	"fmt"
	"slices"

	"github.com/clawsecrets/clawsecrets/internal/gateway"
	"github.com/clawsecrets/clawsecrets/internal/json5"
	"github.com/clawsecrets/clawsecrets/scan"
)

// Change is one file before and after.
type Change struct {
	File *gateway.File
	New  []byte
	// Edits turn the old bytes into the new ones, in order, without overlaps.
	Edits []json5.Edit
	undo  []inverse
}

// loose reports whether others can read the file as it is.
func (c *Change) loose() bool { return c.File.Snapshot.Mode.Perm()&0o077 != 0 }

// fileEdits collects the edits of one file. Members and elements that go are
// collected by the object they go from, since their commas depend on one another.
type fileEdits struct {
	file    *gateway.File
	edits   []json5.Edit
	removed map[int]*removal // by the start of the object or array
}

type removal struct {
	from    json5.Node
	indexes []int
}

func (p *planner) edit(file *gateway.File) *fileEdits {
	if p.edits[file] == nil {
		p.edits[file] = &fileEdits{file: file, removed: map[int]*removal{}}
	}
	return p.edits[file]
}

func (e *fileEdits) add(edits ...json5.Edit) { e.edits = append(e.edits, edits...) }

// remove takes a member out of an object, or an element out of an array.
func (e *fileEdits) remove(from json5.Node, index int) {
	r := e.removed[from.Start()]
	if r == nil {
		r = &removal{from: from}
		e.removed[from.Start()] = r
	}
	if !slices.Contains(r.indexes, index) {
		r.indexes = append(r.indexes, index)
	}
}

// removable reports whether a member or an element can go by itself: with no comment
// that would go with it, which may say anything.
func removable(from json5.Node, index int) bool {
	edits := from.RemoveMembers(index)
	if from.Kind() == json5.Array {
		edits = from.RemoveElements(index)
	}
	data, free := from.Document().Source(), true
	from.Document().Comments(func(start, end int) {
		for _, edit := range edits {
			if low, high := max(start, edit.Start), min(end, edit.End); low < high && bytes.IndexByte(data[low:high], '/') >= 0 {
				free = false
			}
		}
	})
	return free
}

// close turns the removals into edits.
func (e *fileEdits) close() {
	for _, r := range e.removed {
		if r.from.Kind() == json5.Array {
			e.add(r.from.RemoveElements(r.indexes...)...)
		} else {
			e.add(r.from.RemoveMembers(r.indexes...)...)
		}
	}
	e.removed = map[int]*removal{}
	slices.SortFunc(e.edits, func(a, b json5.Edit) int { return a.Start - b.Start })
}

func (e *fileEdits) change(moves []*Move, found []*scan.Finding) (*Change, error) {
	updated, err := json5.Apply(e.file.Data, e.edits)
	if err != nil {
		return nil, fmt.Errorf("%s: the edits do not fit together: %w", e.file.Path, err)
	}
	undo, err := inverses(e.file, e.edits, moves, found)
	if err != nil {
		return nil, err
	}
	return &Change{File: e.file, New: updated, Edits: e.edits, undo: undo}, nil
}
