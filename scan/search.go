package scan

import (
	"cmp"
	"context"

	"github.com/clawsecrets/clawsecrets/internal/gateway"
	"github.com/clawsecrets/clawsecrets/internal/rules"
	"github.com/clawsecrets/clawsecrets/internal/scancache"
	"github.com/clawsecrets/clawsecrets/internal/search"
)

// Cache remembers where scans of append-only files stopped. It returns the cache for scans
// with these rules and these known values.
type Cache func(rules string, known []string) *scancache.Cache

// search searches the collected files, also for the values that were found before.
func (p *places) search(ctx context.Context) error {
	known := p.known()
	set := p.judge.rules
	if len(known) > 0 {
		set = rules.New(rules.Options{Known: known, Config: p.options.Rules, GitleaksOnly: p.options.GitleaksOnly})
	}
	options := p.options.Everywhere
	searcher := search.Searcher{Rules: set, Progress: options.Progress, Raw: p.options.GitleaksOnly}
	if options.Cache != nil {
		values := make([]string, len(known))
		for i, k := range known {
			values[i] = k.Value
		}
		searcher.Cache = options.Cache(set.Version(), values)
	}
	if options.Started != nil {
		options.Started(p.bytes)
	}
	reports, err := searcher.Files(ctx, p.files)
	for i, report := range reports {
		p.report(p.found[i], p.place[i], report)
	}
	_ = searcher.Cache.Save() // without it the next scan reads everything again
	for _, step := range []func() error{
		func() error { return p.archives(ctx, &searcher) },
		func() error { return p.again(ctx, known) },
		func() error { return p.histories(ctx, p.known()) }, // all that was found by now
		func() error { p.pathNames(p.known()); return nil },
	} {
		err = cmp.Or(err, step())
	}
	return err
}

// report records what the search of a file found.
func (p *places) report(file *gateway.File, place gateway.Place, report search.Report) {
	p.settle(file, place)
	switch {
	case report.Excluded != "":
		p.packed = append(p.packed, packed{file: file, unknown: report.Excluded})
		return
	case report.Problem != "":
		p.skip(file.Rel, "unread", report.Problem) // all or a part of it
	default:
		coverage := &p.result.Coverage
		coverage.Files++
		coverage.Bytes += report.Bytes
		coverage.CachedBytes += report.Cached
	}
	for _, hit := range report.Hits {
		p.hit(file, hit)
	}
}

// hit records a hit, unless it is a placeholder or was found by the name of its variable.
func (p *places) hit(file *gateway.File, hit search.Hit) {
	value := hit.Value.Reveal()
	if rules.Weak(value, 0) != rules.None || len(gateway.References(value)) > 0 || p.named[namedAt{file, hit.Line, value}] {
		return
	}
	f := &Finding{
		Rule: hit.Rule, Detector: Detector(hit.Detector), Value: hit.Value,
		Location: Location{
			File: file, Pointer: hit.Pointer, Line: hit.Line, Column: hit.Column,
			Start: int(hit.Start), End: int(hit.End), From: hit.From, To: hit.To, Layers: hit.Layers,
		},
	}
	if hit.Deleted {
		f.Note = "in a deleted or changed row: VACUUM the database"
	}
	p.record(f)
}

// namedAt is a value that was found in a line of a file by the name of its variable.
type namedAt struct {
	file  *gateway.File
	line  int
	value string
}
