package scan

import (
	"cmp"
	"maps"
	"path/filepath"
	"slices"

	"github.com/clawsecrets/clawsecrets/internal/gateway"
	"github.com/clawsecrets/clawsecrets/internal/rules"
)

// Homes returns the Homes that were scanned, that of View first; none for a scan of paths.
func (r *Result) Homes() []*gateway.Home {
	if r.View == nil {
		return nil
	}
	homes := []*gateway.Home{r.View.Home}
	for _, other := range r.others {
		homes = append(homes, other.View.Home)
	}
	return homes
}

// join adds to the first result what was found in another Home so far.
func (h *homes) join(other *scanner) {
	to, from := h.result, other.result
	home := from.View.Home
	for file := range other.seen {
		file.Rel = absoluteIn(home, file.Rel)
	}
	to.others = append(to.others, from)
	to.Findings = append(to.Findings, from.Findings...)
	to.LeftOut = append(to.LeftOut, from.LeftOut...)
	to.Coverage.Files += from.Coverage.Files
	to.Coverage.Bytes += from.Coverage.Bytes
	for _, skipped := range from.Coverage.Skipped {
		skipped.File = absoluteIn(home, skipped.File)
		if !slices.ContainsFunc(to.Coverage.Skipped, func(s Skipped) bool { return s.File == skipped.File && s.Class == skipped.Class }) {
			to.Coverage.Skipped = append(to.Coverage.Skipped, skipped)
		}
	}
	for name, count := range from.References {
		to.References[name] += count
	}
	h.named = both(h.named, other.named)
	h.settled = both(h.settled, other.settled)
}

// both adds the entries of a map to another, which may be nil.
func both[K comparable, V any](to, from map[K]V) map[K]V {
	if to == nil {
		return from
	}
	maps.Copy(to, from)
	return to
}

// absoluteIn returns a name as a scan of that Home shows it as an absolute one, with the
// final slash of a directory.
func absoluteIn(home *gateway.Home, name string) string {
	if filepath.IsAbs(name) {
		return name
	}
	return home.StateDir + string(filepath.Separator) + filepath.FromSlash(name)
}

// arrange puts the findings of each Home together, in the order of the Homes. In those
// of other generations all stays where it is.
func (h *homes) arrange() {
	all := h.result.Homes()
	slices.SortStableFunc(h.result.Findings, func(a, b *Finding) int {
		return cmp.Compare(homeOf(all, a.File), homeOf(all, b.File))
	})
	for _, f := range h.result.Findings {
		home := all[homeOf(all, f.File)]
		if home.Resolved() {
			continue
		}
		f.Env = "" // the name that Clawdbot has for it
		if f.Action == Extract {
			f.Action, f.Note = Keep, "this version moves nothing in a Home of "+string(home.Product)
		}
	}
}

// homeOf returns which of the Homes holds a file, the first where none does.
func homeOf(homes []*gateway.Home, file *gateway.File) int {
	found, longest := 0, 0
	for i, home := range homes {
		if length := len(home.StateDir); length > longest && home.Rel(file.Path) != file.Path {
			found, longest = i, length
		}
	}
	return found
}

// names returns what a file may be called in a glob: as it is shown, absolute, and relative
// to the Home that holds it.
func (s *scanner) names(file *gateway.File) []string {
	names := []string{file.Rel, file.Path}
	for _, home := range s.result.Homes() {
		names = append(names, filepath.ToSlash(home.Rel(file.Path)))
	}
	return names
}

// serviceSecrets returns what services set for the gateways under names of secrets.
func (r *Result) serviceSecrets() []string {
	var values []string
	for _, result := range append([]*Result{r}, r.others...) {
		if result.Env == nil {
			continue // nothing is known
		}
		for _, source := range result.Env.Sources {
			for _, name := range slices.Sorted(maps.Keys(source.Values)) {
				if value := source.Values[name].Reveal(); rules.SecretKey(name) && (plausible(value) || isPassphrase(value)) {
					values = append(values, value)
				}
			}
		}
	}
	return values
}
