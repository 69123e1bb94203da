package scan

import (
	"context"

	"github.com/clawsecrets/clawsecrets/internal/gateway"
	"github.com/clawsecrets/clawsecrets/internal/rules"
	"github.com/clawsecrets/clawsecrets/internal/search"
)

// again searches the files that were read by the names of their keys once more, for the
// known values in all the rest of them: a token in a prompt, a comment, a longer text.
func (p *places) again(ctx context.Context, known []rules.Known) error {
	if len(known) == 0 || p.options.GitleaksOnly {
		return nil
	}
	searcher := search.Searcher{Rules: rules.OnlyKnown(known)}
	before := p.standing()
	leaves := p.leaves()
	for _, file := range p.read {
		hits, err := searcher.Text(ctx, file.Data)
		if err != nil {
			return err
		}
		if len(hits) > 0 {
			l := lookup{file: file, before: before[file], leaves: leaves}
			l.prepare()
			for _, hit := range hits {
				if f := l.finding(hit); f != nil {
					p.record(f)
				}
			}
		}
	}
	return nil
}

// leaves returns the config's strings by where they stand.
func (p *places) leaves() map[place]*gateway.Leaf {
	leaves := map[place]*gateway.Leaf{}
	for _, result := range append([]*Result{p.result}, p.result.others...) {
		if result.Config == nil {
			continue
		}
		for _, leaf := range result.Config.Leaves {
			if at := (place{leaf.File, leaf.Node.Start()}); leaves[at] == nil {
				leaves[at] = leaf // the first mount of an include, as when it was read
			}
		}
	}
	return leaves
}
