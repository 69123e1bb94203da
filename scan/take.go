package scan

import (
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/clawsecrets/clawsecrets/internal/gateway"
	"github.com/clawsecrets/clawsecrets/internal/rules"
	"github.com/clawsecrets/clawsecrets/internal/search"
)

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
	p.zipBehind(file, info.Size())
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
