package extract

import (
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"

	"github.com/clawsecrets/clawsecrets/internal/service"
	"github.com/clawsecrets/clawsecrets/scan"
)

// looseMode is a file or directory that others can read, and the mode it should have.
type looseMode struct {
	path    string
	mode    fs.FileMode
	outside bool // not in the Home
}

// modes checks who can read what holds secrets, and whom it belongs to: in the Home, and of
// what lies outside the gateway's logs. Who can read a service's files does not matter once
// no secret is in them.
func (v *verifier) modes() {
	if runtime.GOOS == "windows" {
		return // modes say nothing there
	}
	home := v.scanned.View.Home
	v.ownState()
	for _, dir := range []string{home.StateDir, filepath.Join(home.StateDir, "credentials")} {
		v.looseness(dir, func(mode fs.FileMode) fs.FileMode { return mode & 0o700 })
	}
	data := v.dataFiles()
	for _, path := range data {
		v.looseness(path, func(mode fs.FileMode) fs.FileMode { return mode & 0o600 })
		v.ownership(path)
	}
	for _, path := range v.ownFiles() {
		v.looseness(path, tightened)
		v.ownership(path)
	}
	for _, path := range v.otherFiles(data) {
		v.looseness(path, tightened) // it may be a script, which stays one
		v.ownership(path)
	}
	v.outsideLogs()
}

// looseness reports a file or directory of the Home that has other permissions than it should.
func (v *verifier) looseness(path string, tight func(fs.FileMode) fs.FileMode) {
	home := v.scanned.View.Home
	inside, err := home.Contains(path)
	if err != nil {
		return // what is not there cannot be read
	}
	info, err := os.Stat(path)
	if err != nil {
		return
	}
	if !inside {
		v.looseElsewhere(path, info, tight)
		return
	}
	v.loose(home.Rel(path), info, looseMode{path: path, mode: tight(info.Mode().Perm())})
}

func (v *verifier) loose(shown string, info fs.FileInfo, want looseMode) {
	mode := info.Mode().Perm()
	if mode == want.mode {
		return
	}
	p := Problem{Where: shown, What: fmt.Sprintf("has mode %04o", mode), Command: chmod(want), mode: &want}
	if !info.IsDir() && links(info) > 1 { // the other name may be anything's
		p.What += " and a second name (a hard link), whose mode would change too"
		p.Do, p.mode = "and look for the other name: find / -samefile "+want.path, nil
	}
	v.problem(p)
}

func chmod(want looseMode) []string {
	return []string{"chmod", fmt.Sprintf("%04o", want.mode), want.path}
}

// dataFiles returns the files that the gateway's secrets are kept in.
func (v *verifier) dataFiles() []string {
	files := []string{v.scanned.View.Home.EnvPath()}
	if v.scanned.Config.Main != nil {
		for _, file := range v.scanned.Config.Files {
			files = append(files, file.Path)
		}
	}
	for _, agent := range v.scanned.Agents {
		if agent.Store != nil {
			files = append(files, agent.Store.Path)
		}
	}
	return files
}

// otherFiles returns the files of the Home beside those in which secrets were found.
func (v *verifier) otherFiles(data []string) []string {
	var files []string
	seen := map[string]bool{}
	for _, path := range slices.Concat(data, v.ownFiles()) {
		seen[path] = true
	}
	for _, f := range v.scanned.Findings {
		if path := f.File.Path; !seen[path] && !filepath.IsAbs(f.File.Rel) {
			seen[path] = true
			files = append(files, path)
		}
	}
	return files
}

// outsideLogs reports logs outside of the Home in which there are secrets that others can
// read. The gateway makes a new one each day, in a directory that everybody can list.
func (v *verifier) outsideLogs() {
	seen := map[string]bool{}
	for _, f := range v.scanned.Findings {
		path := f.File.Path
		exposed := f.ReadableBy == scan.Group || f.ReadableBy == scan.Others
		if f.File.Surface != "log" || !filepath.IsAbs(f.File.Rel) || !exposed || seen[path] {
			continue
		}
		seen[path] = true
		info, err := os.Lstat(path)
		if err == nil && info.Mode().IsRegular() {
			v.loose(f.File.Rel, info, looseMode{path: path, mode: tightened(info.Mode()), outside: true})
		}
	}
}

// owner returns the user whom the state directory, and so the gateway, belongs to; false
// where the system does not tell.
func (v *verifier) owner() (uid int, known bool) {
	return service.FileOwner(v.scanned.View.Home.StateDir)
}

// ownState reports a state directory that belongs to somebody else than whoever runs us.
func (v *verifier) ownState() {
	owner, known := v.owner()
	if own := os.Getuid(); known && own > 0 && owner != own {
		v.foreign(v.scanned.View.Home.StateDir, own, "you")
	}
}

// ownership reports a file of the Home that belongs to another user than the Home.
func (v *verifier) ownership(path string) {
	inside, err := v.scanned.View.Home.Contains(path)
	if err != nil || !inside {
		return
	}
	gateway, known := v.owner()
	if owner, ok := service.FileOwner(path); known && ok && owner != gateway {
		v.foreign(path, gateway, "the state directory")
	}
}

func (v *verifier) foreign(path string, owner int, than string) {
	name := strconv.Itoa(owner)
	if found, err := user.LookupId(name); err == nil {
		name = found.Username
	}
	v.problem(Problem{
		Where: v.scanned.View.Home.Rel(path), What: "belongs to another user than " + than,
		Command: []string{"sudo", "chown", name, path},
	})
}
