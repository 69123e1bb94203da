package gateway

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/clawsecrets/clawsecrets/internal/json5"
	"github.com/clawsecrets/clawsecrets/internal/secret"
)

// mainAgent is the agent whose store the others inherit from
// (agents/agent-paths.js).
const mainAgent = "main"

// Agent is one agent's directory and its store of auth profiles.
type Agent struct {
	ID  string
	Dir string // agents/<id>/agent, or what agents.list[].agentDir says
	// Store is auth-profiles.json, nil when the agent has none that the product
	// would accept; it then clones main's.
	Store    *File
	Profiles []Profile
	// Order is the store's own order of profiles, by provider.
	Order map[string][]string
	// The indexes of the profiles, by id and by provider.
	byID       map[string]int
	byProvider map[string][]int
}

// Profile is one entry of an auth store (agents/auth-profiles/store.js).
type Profile struct {
	ID       string
	Provider string // normalised
	Type     string // api_key, token or oauth
	// Value is the credential that is sent: key, token or access.
	Value secret.Value
	// Node is the profile's object in the store.
	Node json5.Node
}

// secretFields are the keys of a profile that hold a credential, by type.
var secretFields = map[string]string{"api_key": "key", "token": "token", "oauth": "access"}

// LoadAgents reads every agent's store: agents/*/agent, and agents.list[].agentDir
// of the config. The main agent comes first.
func (v *View) LoadAgents(resolved Resolved) ([]*Agent, error) {
	dirs, err := v.agentDirs(resolved)
	if err != nil {
		return nil, err
	}
	var agents []*Agent
	for id, dir := range dirs {
		agent := &Agent{ID: id, Dir: dir}
		file, err := v.Read(filepath.Join(dir, "auth-profiles.json"), "auth-profile")
		if err != nil {
			return nil, err
		}
		if file != nil {
			if err := agent.read(file); err != nil {
				return nil, err
			}
		}
		agents = append(agents, agent)
	}
	slices.SortFunc(agents, func(a, b *Agent) int {
		if (a.ID == mainAgent) != (b.ID == mainAgent) {
			if a.ID == mainAgent {
				return -1
			}
			return 1
		}
		return strings.Compare(a.ID, b.ID)
	})
	return agents, nil
}

// agentDirs returns every agent's directory by its id. A file in the place of one is no
// agent: the gateway finds no store below it.
func (v *View) agentDirs(resolved Resolved) (map[string]string, error) {
	root := filepath.Join(v.Home.StateDir, "agents")
	dirs := map[string]string{mainAgent: filepath.Join(root, mainAgent, "agent")}
	ids, err := subdirectories(root)
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		dir := filepath.Join(root, id, "agent")
		if info, err := os.Stat(dir); err == nil && info.IsDir() {
			dirs[id] = dir
		} else if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, &FileError{Path: dir, Problem: reason(err).Error()}
		}
	}
	list, _ := Lookup(resolved.Tree, "agents", "list").([]any)
	for _, entry := range list {
		id := strings.ToLower(strings.TrimSpace(text(entry, "id")))
		if dir := text(entry, "agentDir"); id != "" && !blank(dir) {
			if dirs[id], err = absolute(v.Home.UserHome, dir); err != nil {
				return nil, err
			}
		}
	}
	return dirs, nil
}

// subdirectories returns the names in a directory that are one too, or lead to one or
// to what cannot be looked at; none where there is no such directory.
func subdirectories(root string) ([]string, error) {
	entries, err := os.ReadDir(root)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, &FileError{Path: root, Problem: reason(err).Error()}
	}
	var names []string
	for _, entry := range entries {
		if entry.IsDir() || entry.Type()&fs.ModeSymlink != 0 && !leadsToFile(filepath.Join(root, entry.Name())) {
			names = append(names, entry.Name())
		}
	}
	return names, nil
}

// leadsToFile reports whether a symbolic link leads to something other than a directory.
func leadsToFile(link string) bool {
	info, err := os.Stat(link)
	return err == nil && !info.IsDir()
}

// read takes a store as coerceAuthStore of the product does: entries without a
// known type or without a provider do not exist for it.
//
// The product parses it as JSON: what is JSON5 only is no store for it, and none that
// could be decided about.
func (a *Agent) read(file *File) error {
	document, err := file.Document()
	if err != nil {
		return err
	}
	if err := file.strict(document); err != nil {
		return err
	}
	root := document.Root().Decode()
	profiles, ok := document.At("/profiles")
	if !ok || profiles.Kind() != json5.Object {
		return nil
	}
	a.Store = file
	a.Order, a.byID, a.byProvider = map[string][]string{}, map[string]int{}, map[string][]int{}
	for provider, list := range members(root, "order") {
		a.Order[ProviderID(provider)] = stringList(list)
	}
	for _, member := range profiles.Members() {
		// An entry called __proto__ is none: the product assigns entries to a plain object.
		if member.Shadowed || member.Value.Kind() != json5.Object || member.Name == "__proto__" {
			continue
		}
		fields := member.Value.Decode()
		kind, provider := text(fields, "type"), text(fields, "provider")
		field, known := secretFields[kind]
		if !known || provider == "" {
			continue
		}
		a.byID[member.Name] = len(a.Profiles)
		a.byProvider[ProviderID(provider)] = append(a.byProvider[ProviderID(provider)], len(a.Profiles))
		a.Profiles = append(a.Profiles, Profile{
			ID: member.Name, Provider: ProviderID(provider), Type: kind,
			Value: secret.New(text(fields, field)), Node: member.Value,
		})
	}
	return nil
}

func stringList(list any) []string {
	var out []string
	items, _ := list.([]any)
	for _, item := range items {
		if s, ok := item.(string); ok {
			out = append(out, strings.TrimSpace(s))
		}
	}
	return out
}

// Usable returns the profiles that an agent can send for a provider: its own over
// those of main with the same id (mergeAuthProfileStores), in store order.
func Usable(agents []*Agent, agent *Agent, provider string) []Profile {
	sources := stores(agents, agent)
	own, base := sources[len(sources)-1], sources[0]
	type placed struct {
		Profile
		place int
	}
	var found []placed
	for _, store := range sources {
		for _, i := range store.byProvider[ProviderID(provider)] {
			profile, place := store.Profiles[i], i
			if _, overridden := own.byID[profile.ID]; blank(profile.Value.Reveal()) || store != own && overridden {
				continue
			}
			if store == own && own != base {
				place += len(base.Profiles)
				if index, ok := base.byID[profile.ID]; ok {
					place = index // it takes the place of the one that it overrides
				}
			}
			found = append(found, placed{profile, place})
		}
	}
	slices.SortFunc(found, func(a, b placed) int { return a.place - b.place })
	var usable []Profile
	for _, f := range found {
		usable = append(usable, f.Profile)
	}
	return usable
}

// stores returns the stores that an agent's profiles come from, main's first.
func stores(agents []*Agent, agent *Agent) []*Agent {
	if agent.ID == mainAgent || len(agents) == 0 || agents[0].ID != mainAgent {
		return []*Agent{agent}
	}
	return []*Agent{agents[0], agent}
}

// InOrder returns which of an agent's usable profiles the gateway considers at all
// (agents/auth-profiles/order.js): where the stores or the config name an order,
// or the config lists profiles of the provider, only those count, and a profile
// that the config describes otherwise than the store has it does not.
func InOrder(agents []*Agent, agent *Agent, provider string, resolved Resolved, usable []Profile) []Profile {
	order, explicit := profileOrder(agents, agent, ProviderID(provider), resolved)
	named := map[string]bool{}
	for _, id := range order {
		named[id] = true
	}
	return slices.DeleteFunc(slices.Clone(usable), func(p Profile) bool {
		if explicit && !named[p.ID] {
			return true
		}
		described := members(resolved.Tree, "auth", "profiles", p.ID)
		if described == nil {
			return false
		}
		mode := text(described, "mode")
		return ProviderID(text(described, "provider")) != p.Provider ||
			mode != p.Type && !(mode == "oauth" && p.Type == "token")
	})
}

// profileOrder returns the order that applies to a provider, and whether there is one.
func profileOrder(agents []*Agent, agent *Agent, provider string, resolved Resolved) (order []string, explicit bool) {
	for _, store := range slices.Backward(stores(agents, agent)) {
		if order, ok := store.Order[provider]; ok {
			return order, true
		}
	}
	if order, ok := resolved.tables.orders[provider]; ok {
		return order, true
	}
	order = resolved.tables.profiles[provider]
	return order, len(order) > 0
}
