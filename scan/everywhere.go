package scan

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/clawsecrets/clawsecrets/internal/dotenv"
	"github.com/clawsecrets/clawsecrets/internal/gateway"
	"github.com/clawsecrets/clawsecrets/internal/rules"
	"github.com/clawsecrets/clawsecrets/internal/search"
)

// Everywhere says how the places are read that a Home has beside its live files:
// transcripts, logs, databases, backups, workspaces, and what lies outside of it.
type Everywhere struct {
	// Strict makes a config, an auth store or a .env that cannot be read an error, as it is
	// without Everywhere.
	Strict bool
	Cache  Cache // nil: none
	// Getenv is the environment of the person who runs us.
	Getenv func(string) string
	// LogDirs is where gateways log to, nil for the real places.
	LogDirs []string
	// Started, if set, is told how many bytes there are to read, and Progress of every part
	// that has been. Progress is called from several goroutines.
	Started  func(bytes int64)
	Progress func(bytes int64)
}

// everywhere reads all that the steps before did not.
func (s *scanner) everywhere(ctx context.Context) error {
	p := newPlaces(ctx, s)
	p.claim()
	p.inside()
	p.outside()
	p.follow()
	err := p.search(ctx)
	p.excepted()
	return err
}

// claim takes the files that were read for what they mean.
func (p *places) claim() {
	for _, file := range slices.SortedFunc(maps.Keys(p.seen), func(a, b *gateway.File) int { return strings.Compare(a.Path, b.Path) }) {
		if p.isNew(file.Path) {
			p.read = append(p.read, file)
		}
	}
}

// inside collects what the state directory holds.
func (p *places) inside() {
	if p.result.Config == nil { // what it holds is searched all the same
		p.outsideConfig()
	}
	prefix, root := "", p.result.View.Home.StateDir
	if p.absolute {
		prefix = root
	}
	p.walk(root, prefix, gateway.Classify)
}

// outside collects what belongs to the Home outside of it.
func (p *places) outside() {
	for _, outside := range gateway.Outside(gateway.OutsideQuery{
		Home: p.result.View.Home, Resolved: p.result.Resolved, Env: p.result.Env,
		Getenv: p.options.Everywhere.Getenv, LogDirs: p.options.Everywhere.LogDirs,
	}) {
		switch {
		case outside.Skip != "":
			p.skip(outside.Path, "excluded", outside.Skip)
		case outside.Dir:
			p.walk(outside.Real(), outside.Path, outside.Classify)
		default:
			p.file(outside.Real(), outside.Path, gateway.Place{Surface: outside.Surface, Action: outside.Action})
		}
	}
}

// outsideConfig takes a config that the gateway could not read and that lies outside of the
// state directory, where the walk does not meet it.
func (p *places) outsideConfig() {
	home := p.result.View.Home
	if rel := home.Rel(home.ConfigPath); filepath.IsAbs(rel) && p.isNew(rel) {
		if read := p.scanner.file(rel, rel, gateway.Place{Surface: "config", Action: string(Extract)}); read != nil {
			p.read = append(p.read, read)
		}
	}
}

// excepted names the files in which rules of gitleaks would have found something, had its
// allow-lists not excepted their paths.
func (p *places) excepted() {
	for i, file := range p.files {
		if file.Place.Excepted() {
			p.skip(p.found[i].Rel, "excluded", "gitleaks' rules leave out files of that name; ours were applied")
		}
	}
}

// places collects the files to read.
type places struct {
	*scanner
	ctx   context.Context
	real  map[string]bool // what was taken: files and directories, symbolic links resolved
	links []func()        // symbolic links, followed when all that has a name of its own is taken
	read  []*gateway.File // by the names of their keys
	files []search.File   // to be searched
	found []*gateway.File // as files
	place []gateway.Place // as files
	bytes int64

	packed       []packed // archives, it may be
	repositories []repository
}

func newPlaces(ctx context.Context, s *scanner) *places {
	return &places{scanner: s, ctx: ctx, real: map[string]bool{}}
}

// isNew reports whether a file or directory has not been taken yet under this or another
// name, and takes it.
func (p *places) isNew(name string) bool {
	real, err := filepath.EvalSymlinks(name)
	if err != nil {
		return true // reading it says why that is not possible
	}
	taken := p.real[real]
	p.real[real] = true
	return !taken
}

// isTaken reports whether a file was taken.
func (p *places) isTaken(name string) bool {
	real, err := filepath.EvalSymlinks(name)
	return err == nil && p.real[real]
}

// follow follows the symbolic links that were met, and those that are met meanwhile.
func (p *places) follow() {
	for len(p.links) > 0 {
		links := p.links
		p.links = nil
		for _, link := range links {
			link()
		}
	}
}

// walk collects the files below a directory. They are shown with their path relative to it
// behind prefix; classify knows them by that path.
func (p *places) walk(root, prefix string, classify func(rel string) gateway.Place) {
	real, err := filepath.EvalSymlinks(root)
	if err != nil {
		p.skip(cmp.Or(prefix, root), "unread", cause(err))
		return
	}
	_ = filepath.WalkDir(real, func(name string, entry fs.DirEntry, err error) error {
		rel, _ := filepath.Rel(real, name)
		name = filepath.Join(root, rel)
		rel = filepath.ToSlash(rel)
		shown := path.Join(filepath.ToSlash(prefix), rel)
		place := classify(rel)
		switch {
		case p.ctx.Err() != nil:
			return filepath.SkipAll
		case err != nil:
			p.skip(shown, "unread", cause(err))
		case rel != "." && place.Skip != "":
			if !isRepository(rel) || !p.repository(real, filepath.Dir(name), name, shown, place.Skip) {
				p.leaveOut(shown, entry.IsDir(), place.Skip)
			}
			if config := filepath.Join(name, "config"); isRepository(rel) && exists(config) {
				p.file(config, path.Join(shown, "config"), classify(path.Join(path.Dir(rel), ".gitconfig")))
			}
			if entry.IsDir() {
				return filepath.SkipDir
			}
		case entry.Type()&fs.ModeSymlink != 0:
			p.links = append(p.links, func() {
				p.link(name, shown, func(below string) gateway.Place { return classify(path.Join(rel, below)) })
			})
		case entry.IsDir():
			if !p.isNew(name) {
				return filepath.SkipDir // a loop of symbolic links, or a folder that two roots hold
			}
			if strings.HasSuffix(rel, ".git") { // a bare one
				p.repository(real, name, name, shown, "")
			}
		default:
			p.file(name, shown, place)
		}
		return nil
	})
}

// link follows a symbolic link, to a file or to a directory.
func (p *places) link(name, shown string, classify func(rel string) gateway.Place) {
	info, err := os.Stat(name)
	switch {
	case err != nil:
		p.skip(shown, "unread", "a symbolic link that leads nowhere")
	case info.IsDir():
		p.walk(name, shown, classify)
	default:
		p.file(name, shown, classify("."))
	}
}

func (p *places) leaveOut(shown string, dir bool, why string) {
	if dir {
		shown += "/"
	}
	p.skip(shown, "excluded", why)
}

// isRepository reports whether name is that of a directory in which git keeps a repository.
// Its config is read although the rest is not: the URLs of remotes often hold a token.
func isRepository(name string) bool { return filepath.Base(name) == ".git" }

// exists reports whether there is a file of that name, or may be one.
func exists(name string) bool {
	_, err := os.Stat(name)
	return err == nil || !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, syscall.ENOTDIR)
}

// largestSettings is up to what size a JSON file is read by the names of its keys; a larger
// one is searched as text.
const largestSettings = 2 << 20

// file takes a file: what is JSON or a list of variables is read at once, by the names
// that its values stand under; the rest is searched later.
func (p *places) file(name, shown string, place gateway.Place) {
	info, err := os.Stat(name)
	switch {
	case err != nil:
		p.skip(shown, "unread", cause(err))
		return
	case !info.Mode().IsRegular():
		p.skip(shown, "excluded", "not a regular file: it holds no data")
		return
	}
	if !p.isNew(name) {
		return
	}
	file := &gateway.File{Path: name, Rel: shown, Surface: place.Surface, Mode: info.Mode()}
	p.settle(file, place)
	switch {
	case info.Size() > largestSettings:
	case p.ofHome(name) && isSettings(place.Surface, shown):
		if read := p.scanner.file(name, shown, place); read != nil {
			p.read = append(p.read, read)
		}
		return
	case isDotenv(shown):
		p.assignments(file, Action(place.Action))
	}
	if !p.mayShow(p.names(file)...) {
		p.skip(shown, "excluded", "left out by --only or --skip")
		return
	}
	if place.Surface == "archive" && isPacked(name) {
		p.packed = append(p.packed, packed{file: file})
		return
	}
	rulesPlace := p.rulesPlace(shown, place.Surface)
	p.byPath(file, rulesPlace, Action(place.Action))
	p.files = append(p.files, search.File{Path: name, Place: rulesPlace})
	p.found = append(p.found, file)
	p.place = append(p.place, place)
	p.bytes += info.Size()
}

// ofHome reports whether a file has a name in the state directory.
func (p *places) ofHome(name string) bool {
	return p.result.View != nil && p.result.View.Home.Rel(name) != name
}

// isSettings reports whether a file of the Home holds JSON whose keys say what is secret.
func isSettings(surface gateway.Surface, shown string) bool {
	switch surface {
	case "config", "backup", "credentials", "device", "auth-profile", "generated", "settings", "service", "cron", "unknown":
		base := path.Base(shown)
		return strings.Contains(base, ".json") && !strings.Contains(base, ".jsonl") || surface == "device"
	}
	return false
}

func isDotenv(shown string) bool {
	base := path.Base(shown)
	return strings.HasSuffix(base, ".env") || len(base) > len(".env") && strings.HasPrefix(base, ".env") && strings.IndexByte(".~-_", base[len(".env")]) >= 0
}

// assignments records the variables of a .env by their names. What the rules find in the
// rest of the file is found when it is searched.
func (p *places) assignments(file *gateway.File, action Action) {
	data, err := os.ReadFile(file.Path)
	if err != nil {
		return // the search says so
	}
	file.Data = data
	for _, entry := range dotenv.Parse(data).Entries() {
		for _, v := range p.judge.variable(entry.Name, entry.Value) {
			p.assigned(file, entry, v, action)
		}
	}
}

// rulesPlace returns what the rules say of a file's path, where somebody else has chosen
// the path: the product's own files have no lock files among them.
func (p *places) rulesPlace(shown string, surface gateway.Surface) *rules.Place {
	switch surface {
	case "workspace", "extension", "skill", "hooks", "sandbox", "plugin", "tools", "unknown", "media":
		place, err := p.judge.rules.Place(filepath.ToSlash(shown))
		if err == nil {
			return place
		}
	}
	return nil
}
