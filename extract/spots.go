package extract

import (
	"cmp"
	"path"
	"path/filepath"
	"slices"

	"github.com/clawsecrets/clawsecrets/internal/gateway"
	"github.com/clawsecrets/clawsecrets/internal/secret"
	"github.com/clawsecrets/clawsecrets/scan"
)

// spots returns where the findings of a file stand, in order, those that touch one
// another as one.
func (p *planner) spots(file *gateway.File, findings []*scan.Finding) []spot {
	sorted := slices.Clone(findings)
	slices.SortStableFunc(sorted, func(a, b *scan.Finding) int {
		return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(b.End, a.End))
	})
	var spots []spot
	for _, f := range sorted {
		if last := len(spots) - 1; last >= 0 && int64(f.Start) < spots[last].end {
			spots[last].findings = append(spots[last].findings, f)
			spots[last].end = max(spots[last].end, int64(f.End))
			continue
		}
		spots = append(spots, spot{start: int64(f.Start), end: int64(f.End), findings: []*scan.Finding{f}})
	}
	for i := range spots {
		spots[i].text = p.marker(file, spots[i].findings[0])
	}
	return spots
}

// marker returns what stands in the place of a secret: in a backup of the config the
// reference that the config has, else a text that nobody can take for a value.
func (p *planner) marker(file *gateway.File, f *scan.Finding) string {
	name := p.live[f.Value.Reveal()]
	if name != "" && f.Pointer != "" && gateway.IsConfigCopy(path.Base(filepath.ToSlash(file.Path))) && !p.behindDollar(f) {
		return "${" + cmp.Or(p.nameAt(f), name) + "}"
	}
	if name != "" {
		return "[redacted:" + name + "]"
	}
	return "[redacted:" + p.ruleFor(f) + ":" + p.key.Fingerprint(f.Value) + "]"
}

// behindDollar reports whether a reference would read as an escaped one.
func (p *planner) behindDollar(f *scan.Finding) bool {
	data := f.File.Data
	return f.Start == 0 || f.Start > len(data) || data[f.Start-1] == '$'
}

// nameAt returns the variable that the config has where a backup has the finding, "" if
// that holds another value.
func (p *planner) nameAt(f *scan.Finding) string {
	name := p.nameByPath[f.Pointer]
	if p.held[name] == f.Value.Reveal() {
		return name
	}
	return ""
}

// ruleFor returns the rule that a value is named by, the same wherever it stands and
// whichever run finds it.
func (p *planner) ruleFor(f *scan.Finding) string {
	return cmp.Or(p.quarantine.ruleOf(p.key, f.Value), p.firstRule[f.Value.Reveal()], f.Rule)
}

// takeSpot returns what restores a spot, and puts in quarantine what is nowhere else.
func (p *planner) takeSpot(s spot, raw []byte) piece {
	for _, f := range s.findings {
		if p.live[f.Value.Reveal()] == "" {
			p.quarantine.add(p.key, f.Value, p.ruleFor(f))
		}
	}
	if name := p.live[string(raw)]; name != "" {
		return piece{Name: name}
	}
	return piece{Name: p.quarantine.add(p.key, secret.New(string(raw)), "")}
}

// takeText returns what restores a text that goes with a secret: the secret may be a part
// of it, in whatever form.
func (p *planner) takeText(text []byte) piece {
	return piece{Name: p.quarantine.add(p.key, secret.New(string(text)), "")}
}

func (p *planner) keepSpot(s spot, why string) {
	for _, f := range s.findings {
		if !p.decided[f] {
			p.keep(f, "%s", why)
		}
	}
}
