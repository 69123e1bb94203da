package scan

import (
	"context"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/clawsecrets/clawsecrets/internal/gateway"
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
