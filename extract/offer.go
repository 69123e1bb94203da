package extract

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/clawsecrets/clawsecrets/internal/durable"
	"github.com/clawsecrets/clawsecrets/internal/gateway"
	"github.com/clawsecrets/clawsecrets/scan"
)

// Offer is a file that holds secrets and that a person may want to delete as a whole: an
// archive, a file that the gateway received, a copy that it may fall back on. Nothing
// brings it back.
type Offer struct {
	File    *gateway.File
	Secrets int         // how many different ones are in it
	was     fs.FileInfo // as it was when it was offered
}

// offers collects what may be deleted among what is kept.
func (p *planner) offers() {
	values := map[*gateway.File]map[string]bool{}
	for _, kept := range p.Kept {
		file := kept.Finding.File
		if kept.Finding.Action != scan.Delete {
			continue
		}
		if values[file] == nil {
			values[file] = map[string]bool{}
		}
		values[file][kept.Finding.Value.Reveal()] = true
	}
	for file, found := range values {
		if was, err := os.Lstat(file.Path); err == nil && was.Mode().IsRegular() {
			p.Offers = append(p.Offers, &Offer{file, len(found), was})
		}
	}
	slices.SortFunc(p.Offers, func(a, b *Offer) int { return strings.Compare(a.File.Path, b.File.Path) })
}

// Delete deletes the file, for good. It refuses with durable.ErrChanged where there is
// another file now than was offered.
func (o *Offer) Delete(ctx context.Context, view *gateway.View) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	dir, name, err := o.locate(view)
	if err != nil {
		return fmt.Errorf("%s cannot be deleted: %w", o.File.Path, err)
	}
	now, err := os.Lstat(o.File.Path)
	if err != nil || !os.SameFile(o.was, now) || now.Size() != o.was.Size() || !now.ModTime().Equal(o.was.ModTime()) {
		return fmt.Errorf("%s: %w", o.File.Path, durable.ErrChanged)
	}
	was, err := dir.ReadParts(name, func([]byte) error { return nil })
	if err != nil {
		return err
	}
	if was.Size != o.was.Size() || !was.ModTime.Equal(o.was.ModTime()) {
		return fmt.Errorf("%s: %w", o.File.Path, durable.ErrChanged)
	}
	dir.AllowRename = true // nothing writes to it
	return dir.Remove(was)
}

// locate returns through which directory the file is deleted. Outside of the state
// directory it is what the person has named by saying yes, and not what a link leads to.
func (o *Offer) locate(view *gateway.View) (dir *durable.Dir, name string, err error) {
	dir, name, err = view.Locate(o.File.Path)
	if err == nil && dir == nil && filepath.IsAbs(o.File.Rel) {
		return view.LocateOutside(o.File.Path)
	}
	if err == nil && dir == nil {
		err = fs.ErrPermission
	}
	return dir, name, err
}
