package extract

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/clawsecrets/clawsecrets/internal/gateway"
)

// sessionsIndex is what an index of sessions is called, unless the config says otherwise.
const sessionsIndex = "sessions.json"

// usualPlaces returns where in the state directory indexes may lie: in the folders for
// sessions of every agent, those that a migration has moved aside included, and in the one
// that is older than agents. Symbolic links are followed, as the gateway does.
func (x *sessionIndexes) usualPlaces() []string {
	places := []string{}
	add := func(rel string) {
		if mayHold(rel) {
			places = append(places, filepath.Join(x.view.Home.StateDir, filepath.FromSlash(rel), sessionsIndex))
		}
	}
	for _, name := range x.list(".") {
		add(name)
	}
	for _, agent := range x.list("agents") {
		for _, name := range x.list("agents/" + agent) {
			add("agents/" + agent + "/" + name)
		}
	}
	return places
}

// list returns the names in a folder of the state directory, none where it cannot be listed:
// the search for transcripts says so.
func (x *sessionIndexes) list(rel string) []string {
	entries, _ := os.ReadDir(filepath.Join(x.view.Home.StateDir, filepath.FromSlash(rel)))
	var names []string
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	return names
}

// storesOutside returns the indexes that the config names outside the state directory.
func storesOutside(store string, outside []gateway.OutsideFile) []string {
	named := strings.ReplaceAll(filepath.Base(store), "{agentId}", "*")
	var stores []string
	add := func(path string) {
		if same, _ := filepath.Match(named, filepath.Base(path)); same {
			stores = append(stores, path)
		}
	}
	for _, file := range outside {
		switch {
		case file.Surface != "session":
		case !file.Dir:
			add(file.Path)
		default:
			entries, _ := os.ReadDir(file.Path) // an index that is not found keeps all
			for _, entry := range entries {
				add(filepath.Join(file.Path, entry.Name()))
			}
		}
	}
	return stores
}

// storesInside returns the indexes that the config names in the state directory.
func (x *sessionIndexes) storesInside(store string) []string {
	if rest, ok := strings.CutPrefix(store, "~"); ok {
		store = filepath.Join(x.view.Home.UserHome, rest)
	}
	agents, _ := os.ReadDir(filepath.Join(x.view.State().Path(), "agents"))
	found := map[string]bool{}
	for _, agent := range agents {
		path := filepath.Clean(strings.ReplaceAll(store, "{agentId}", agent.Name()))
		inside, err := x.view.Home.Contains(path)
		if filepath.IsAbs(path) && err == nil && inside {
			found[path] = true
		}
	}
	return slices.Sorted(maps.Keys(found))
}
