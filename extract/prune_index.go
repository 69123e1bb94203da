package extract

import (
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/clawsecrets/clawsecrets/internal/gateway"
	"github.com/clawsecrets/clawsecrets/internal/transcript"
)

// sessionIndexes knows which transcripts the gateway would continue: an index of sessions
// names them. It lies beside them, unless the config has it elsewhere (session.store), while
// they stay where they are, or where it says that they are (config/sessions/paths.js).
type sessionIndexes struct {
	view      *gateway.View
	elsewhere bool
	stores    []string // paths of the indexes that lie elsewhere
	usual     []string // paths of those that lie where they usually do, nil before they were looked for
	read      map[string]sessionIndex
}

// sessionIndex is what one index says, or why nobody knows.
type sessionIndex struct {
	current map[string]bool // names of files
	paths   []string        // of files, with slashes, as the index has them
	files   []fs.FileInfo   // what of these is found and lies in another folder
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

// forget has all indexes looked for and read anew.
func (x *sessionIndexes) forget() {
	x.usual = nil
	clear(x.read)
}

// names says why a transcript of the state directory is needed, "" if no session goes on in
// it. shown is its path there; info is of the file.
func (x *sessionIndexes) names(shown string, info fs.FileInfo) string {
	const goesOn = "the gateway would continue this session: its index of sessions names it"
	if x.elsewhere && len(x.stores) == 0 {
		return "the config keeps the index of sessions elsewhere (session.store), and it was not found: nobody knows whether this session goes on"
	}
	folder, base := path.Split(shown)
	beside := filepath.Join(x.view.Home.StateDir, filepath.FromSlash(folder), sessionsIndex)
	for _, name := range append([]string{beside}, x.stores...) {
		switch index := x.index(name); {
		case index.unknown != "":
			return index.unknown
		case index.current[base], index.leadsTo(x.view.Home.StateDir, shown, info):
			return goesOn
		}
	}
	if x.usual == nil {
		x.usual = x.usualPlaces()
	}
	for _, name := range x.usual {
		if index := x.index(name); isDefaultFolder(folder) && index.current[base] || index.leadsTo(x.view.Home.StateDir, shown, info) {
			return goesOn
		}
	}
	return ""
}

// isDefaultFolder reports whether the gateway looks in a folder for the session of any agent,
// where the index says no path (auto-reply/reply/get-reply-run.js, gateway/session-utils.fs.js).
func isDefaultFolder(folder string) bool {
	return folder == "agents/main/sessions/" || folder == "sessions/"
}

// leadsTo reports whether an index says a path that leads to a transcript. The gateway may see
// the state directory elsewhere (a container), and resolves a relative path where it was
// started: such paths are compared from their ends.
func (i sessionIndex) leadsTo(stateDir, shown string, info fs.FileInfo) bool {
	absolute := filepath.ToSlash(filepath.Join(stateDir, filepath.FromSlash(shown)))
	says := func(named string) bool {
		return strings.HasSuffix("/"+named, "/"+shown) || !path.IsAbs(named) && strings.HasSuffix(absolute, "/"+named)
	}
	same := func(file fs.FileInfo) bool { return os.SameFile(file, info) }
	return slices.ContainsFunc(i.paths, says) || slices.ContainsFunc(i.files, same)
}

// index reads an index once. Where there is none, no session goes on.
func (x *sessionIndexes) index(name string) sessionIndex {
	if known, ok := x.read[name]; ok {
		return known
	}
	var index sessionIndex
	data, err := x.load(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		index.unknown = "the index of sessions cannot be read: " + cause(err)
	default:
		if index.current, err = transcript.Current(data); err != nil {
			index.unknown = err.Error()
			break
		}
		paths, _ := transcript.Paths(data) // it has just been parsed
		x.follow(&index, filepath.Dir(name), paths)
	}
	x.read[name] = index
	return index
}

// follow looks for the files that an index in a folder says paths of.
func (x *sessionIndexes) follow(index *sessionIndex, folder string, paths []string) {
	for _, named := range paths {
		if rest, ok := strings.CutPrefix(named, "~/"); ok {
			named = filepath.Join(x.view.Home.UserHome, rest)
		}
		if filepath.IsAbs(named) && filepath.Dir(named) != folder {
			if info, err := os.Stat(named); err == nil {
				index.files = append(index.files, info)
			}
		}
		named = path.Clean(strings.ReplaceAll(named, `\`, "/"))
		for strings.HasPrefix(named, "../") {
			named = named[len("../"):]
		}
		index.paths = append(index.paths, named)
	}
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
