package scan

import (
	"context"
	"strings"
	"unicode"

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
	return err
}

// report records what the search of a file found.
func (p *places) report(file *gateway.File, place gateway.Place, report search.Report) {
	switch {
	case report.Excluded != "":
		p.skip(file.Rel, "excluded", report.Excluded)
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
		p.hit(file, place, hit)
	}
}

// hit records a hit, unless it is a placeholder or was found by the name of its variable.
func (p *places) hit(file *gateway.File, place gateway.Place, hit search.Hit) {
	value := hit.Value.Reveal()
	if rules.Weak(value, 0) != rules.None || len(gateway.References(value)) > 0 || p.named[namedAt{file, hit.Line, value}] {
		return
	}
	f := &Finding{
		Rule: hit.Rule, Detector: Detector(hit.Detector), Value: hit.Value, Action: Action(place.Action),
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

// known returns the values that were found by their place or name, with those that
// services set, to find them in all other places too.
func (p *places) known() []rules.Known {
	var known []rules.Known
	taken := map[string]bool{}
	add := func(rule, value string) {
		if !taken[value] && tellTale(value) {
			taken[value] = true
			known = append(known, rules.Known{Rule: rule, Value: value})
		}
	}
	for _, f := range p.result.Findings {
		if f.Detector != Weak {
			add(f.Rule, f.Value.Reveal())
		}
	}
	if p.result.Env == nil {
		return known // a scan of paths: nothing is known
	}
	for _, source := range p.result.Env.Sources {
		for name, value := range source.Values {
			if rules.SecretKey(name) && plausible(value.Reveal()) {
				add("credential", value.Reveal())
			}
		}
	}
	return known
}

// tellTale reports whether a value is so much of its own that it means the secret wherever
// it stands: no placeholder, and no word.
func tellTale(value string) bool {
	const longWord = 16
	return rules.Weak(value, 0) == rules.None && len(gateway.References(value)) == 0 &&
		(len(value) >= longWord || strings.ContainsFunc(value, func(r rune) bool { return !unicode.IsLetter(r) }))
}
