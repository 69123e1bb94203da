package gateway

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// FindAll finds every Home of this person: first the one that [Find] finds, then
// [Others]. Where the gateway's own place holds none that this version resolves, and the
// person named no other, those others are all there is; the error is that of Find if
// there are none.
func FindAll(q Query) ([]*Home, error) {
	home, err := Find(q)
	if err == nil {
		return append([]*Home{home}, Others(home, q)...), nil
	}
	var none *noHomeError
	if !errors.As(err, &none) || q.names("CLAWDBOT_STATE_DIR", q.StateDir) || q.names("CLAWDBOT_CONFIG_PATH", q.ConfigPath) {
		return nil, err
	}
	if others := Others(nil, q); len(others) > 0 {
		return others, nil
	}
	return nil, err
}

// names reports whether a place was named, by its flag or its variable.
func (q Query) names(variable, flag string) bool { return !blank(flag) || !blank(q.variable(variable)) }

// Others returns the Homes of this person's other gateways, of all generations, sorted
// by state directory: profiles, those of the later products, and those that the
// products' own variables name. One that symbolic links give several names is returned once,
// under the name that is no link. home, which may be nil, is not among them, nor is what
// lies inside another. q.Product, if set, narrows them to that product. There are none
// where the person named their Home.
//
// A directory counts that holds what a gateway makes, or of which that cannot be seen.
// Homes of Moltbot and OpenClaw are read as Clawdbot's are, as far as that goes: see
// [Home.Resolved].
func Others(home *Home, q Query) []*Home {
	userHome, err := q.userHome()
	if err != nil || q.StateDir != "" || q.ConfigPath != "" || home != nil && home.Explicit {
		return nil
	}
	search := otherSearch{real: map[string]bool{}}
	if home != nil {
		search.real[realPath(home.StateDir)] = true
	}
	candidates := append(q.namedHomes(userHome), conventionalHomes(userHome)...)
	for _, linked := range []bool{false, true} {
		for _, candidate := range candidates {
			if isLink(candidate.StateDir) == linked {
				search.add(candidate)
			}
		}
	}
	others := slices.DeleteFunc(search.found, func(other *Home) bool {
		return search.nested(realPath(other.StateDir)) || q.Product != "" && Product(q.Product) != other.Product
	})
	slices.SortFunc(others, func(a, b *Home) int { return strings.Compare(a.StateDir, b.StateDir) })
	return others
}

// Resolved reports whether this version knows what the gateway makes of its config. In a
// Home of another generation secrets are found as in Clawdbot's, and stay where they are.
func (h *Home) Resolved() bool { return h.Product == Clawdbot }

// products are the generations of the gateway, the oldest first. Each keeps its state in
// ~/.<product>, that of a profile in ~/.<product>-<profile>, and its config there in
// <product>.json.
func products() []Product { return []Product{Clawdbot, Moltbot, OpenClaw} }

// conventionalHomes returns the directories that are named as a gateway names its own.
func conventionalHomes(userHome string) []*Home {
	entries, _ := os.ReadDir(userHome) // as far as it can be listed
	var homes []*Home
	for _, entry := range entries {
		if product := productNamed(entry.Name()); product != "" {
			homes = append(homes, &Home{Product: product, StateDir: filepath.Join(userHome, entry.Name()), UserHome: userHome})
		}
	}
	return homes
}

// productNamed returns the product that names its state directories so, "" if none does.
func productNamed(base string) Product {
	for _, product := range products() {
		if rest, ok := strings.CutPrefix(base, "."+string(product)); ok && (rest == "" || strings.HasPrefix(rest, "-")) {
			return product
		}
	}
	return ""
}

// namedHomes returns the Homes that the variables of the later products name. Those of
// Clawdbot are [Find]'s.
func (q Query) namedHomes(userHome string) []*Home {
	var homes []*Home
	for _, product := range products()[1:] {
		prefix := strings.ToUpper(string(product))
		state, stateErr := q.resolve(userHome, "", prefix+"_STATE_DIR")
		config, configErr := q.resolve(userHome, "", prefix+"_CONFIG_PATH")
		if stateErr != nil || configErr != nil || state == "" && config == "" {
			continue
		}
		if state == "" {
			state = filepath.Join(userHome, "."+string(product))
		}
		homes = append(homes, &Home{Product: product, StateDir: state, ConfigPath: config, UserHome: userHome})
	}
	return homes
}

// otherSearch collects Homes, each once.
type otherSearch struct {
	real  map[string]bool // state directories, symbolic links resolved
	found []*Home
}

// add takes a Home if a gateway has been there.
func (s *otherSearch) add(home *Home) {
	real := realPath(home.StateDir)
	if s.real[real] || !home.mayBeOne() {
		return
	}
	s.real[real] = true
	home.settle()
	s.found = append(s.found, home)
}

// nested reports whether a directory, its links resolved, lies inside one that was found.
func (s *otherSearch) nested(real string) bool {
	for dir := filepath.Dir(real); ; dir = filepath.Dir(dir) {
		if s.real[dir] {
			return true
		}
		if dir == filepath.Dir(dir) {
			return false
		}
	}
}

// settle finds the config of a Home, by whose name its product is known: that of the
// product that names the directory, else the first of any generation.
func (h *Home) settle() {
	if h.ConfigPath != "" {
		return
	}
	h.ConfigPath = h.configOf(h.Product)
	for _, product := range slices.Insert(products(), 0, h.Product) {
		if config := h.configOf(product); mayExist(config) {
			h.Product, h.ConfigPath = product, config
			return
		}
	}
}

func (h *Home) configOf(product Product) string {
	return filepath.Join(h.StateDir, string(product)+".json")
}

// mayBeOne reports whether the state directory is there and a gateway has been in it: it
// holds something that one makes, or that cannot be seen.
func (h *Home) mayBeOne() bool {
	info, err := os.Stat(h.StateDir)
	if err != nil {
		return errors.Is(err, fs.ErrPermission)
	}
	if !info.IsDir() {
		return false
	}
	made := []string{h.ConfigPath}
	for _, name := range []string{".env", "agents", "credentials"} {
		made = append(made, filepath.Join(h.StateDir, name))
	}
	for _, product := range products() {
		made = append(made, h.configOf(product))
	}
	return slices.ContainsFunc(made, mayExist)
}

// mayExist reports whether there is something of that name, or may be. There is nothing
// of the name "".
func mayExist(name string) bool {
	_, err := os.Lstat(name)
	return err == nil || errors.Is(err, fs.ErrPermission)
}

func isLink(name string) bool {
	info, err := os.Lstat(name)
	return err == nil && info.Mode()&fs.ModeSymlink != 0
}
