package extract

import (
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/clawsecrets/clawsecrets/internal/gateway"
	"github.com/clawsecrets/clawsecrets/internal/transcript"
)

// sessionIndexes knows which transcripts the gateway would continue: an index of sessions
// names them. It lies beside them, unless the config has it elsewhere (session.store), while
// they stay where they are (config/sessions/paths.js).
type sessionIndexes struct {
	view      *gateway.View
	elsewhere bool
	stores    []string // paths of the indexes that lie elsewhere
	read      map[string]sessionIndex
}

// sessionIndex is what one index says, or why nobody knows.
type sessionIndex struct {
	current map[string]bool // names of files
	unknown string
}

func newSessionIndexes(view *gateway.View, resolved gateway.Resolved, outside []gateway.OutsideFile) *sessionIndexes {
	x := &sessionIndexes{view: view, read: map[string]sessionIndex{}}
	store, _ := gateway.Lookup(resolved.Tree, "session", "store").(string)
	if store = strings.TrimSpace(store); store == "" {
		return x
	}
	x.elsewhere = true
	x.stores = append(storesOutside(store, outside), x.storesInside(store)...)
	return x
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

// forget has all indexes read anew.
func (x *sessionIndexes) forget() { clear(x.read) }

// names says why the transcript called base, in a folder of the state directory, is needed;
// "" if no session goes on in it.
func (x *sessionIndexes) names(folder, base string) string {
	if x.elsewhere && len(x.stores) == 0 {
		return "the config keeps the index of sessions elsewhere (session.store), and it was not found: nobody knows whether this session goes on"
	}
	indexes := append([]string{filepath.Join(x.view.Home.StateDir, filepath.FromSlash(folder), "sessions.json")}, x.stores...)
	for _, path := range indexes {
		switch index := x.index(path); {
		case index.unknown != "":
			return index.unknown
		case index.current[base]:
			return "the gateway would continue this session: its index of sessions names it"
		}
	}
	return ""
}

// index reads an index once. Where there is none, no session goes on.
func (x *sessionIndexes) index(path string) sessionIndex {
	if known, ok := x.read[path]; ok {
		return known
	}
	var index sessionIndex
	data, err := x.load(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		index.unknown = "the index of sessions cannot be read: " + cause(err)
	default:
		if index.current, err = transcript.Current(data); err != nil {
			index.unknown = err.Error()
		}
	}
	x.read[path] = index
	return index
}

func (x *sessionIndexes) load(path string) ([]byte, error) {
	dir, name, err := x.view.Locate(path)
	if err == nil && dir == nil {
		dir, name, err = x.view.LocateOutside(path)
	}
	if err != nil {
		return nil, err
	}
	was, err := dir.Read(name)
	if err != nil {
		return nil, err
	}
	return was.Data, nil
}
