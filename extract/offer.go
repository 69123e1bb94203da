package extract

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/clawsecrets/clawsecrets/internal/gateway"
	"github.com/clawsecrets/clawsecrets/scan"
)

// Offer is a file that holds secrets and that a person may want to delete as a whole: an
// archive, a file that the gateway received, a copy that it may fall back on. Nothing
// brings it back.
type Offer struct {
	File    *gateway.File
	Secrets int // how many different ones are in it
	plan    *planner
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
		p.Offers = append(p.Offers, &Offer{file, len(found), p})
	}
	slices.SortFunc(p.Offers, func(a, b *Offer) int { return strings.Compare(a.File.Path, b.File.Path) })
}

// Delete deletes the file, for good.
func (o *Offer) Delete(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	dir, name, err := o.plan.locate(o.File)
	if err != nil {
		return fmt.Errorf("%s cannot be deleted: %w", o.File.Path, err)
	}
	was, err := dir.ReadParts(name, func([]byte) error { return nil })
	if err != nil {
		return err
	}
	dir.AllowRename = true // nothing writes to it
	return dir.Remove(was)
}
