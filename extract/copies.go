package extract

import (
	"errors"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/clawsecrets/clawsecrets/internal/durable"
	"github.com/clawsecrets/clawsecrets/internal/gateway"
	"github.com/clawsecrets/clawsecrets/internal/transcript"
	"github.com/clawsecrets/clawsecrets/scan"
)

// copies plans the files that the gateway wrote secrets into and resolves nothing from:
// transcripts, logs, backups and what it has imported. A live value gives way to a
// marker that names its variable, any other goes to the quarantine.
func (p *planner) copies() {
	p.live = p.liveNames()
	byFile := map[*gateway.File][]*scan.Finding{}
	var files []*gateway.File
	for _, f := range p.result.Findings {
		if p.decided[f] || f.Detector == scan.Weak || p.edits[f.File] != nil || !p.isCopy(f) {
			continue
		}
		if why := p.leave(f); why != "" {
			p.keep(f, "%s", why)
			continue
		}
		if byFile[f.File] == nil {
			files = append(files, f.File)
		}
		byFile[f.File] = append(byFile[f.File], f)
	}
	slices.SortFunc(files, func(a, b *gateway.File) int { return strings.Compare(a.Path, b.Path) })
	for _, file := range files {
		p.rewrite(file, byFile[file])
	}
}

// isCopy reports whether a finding stands where it can be blotted out: in a file that
// the gateway wrote by itself and resolves nothing from.
func (p *planner) isCopy(f *scan.Finding) bool {
	switch f.File.Surface {
	case "session", "log":
		return true
	case "cron":
		return f.Action == scan.Redact
	case "backup": // what the gateway falls back on by itself is no mere copy
		return !strings.HasPrefix(f.File.Rel, "credentials/")
	case "credentials":
		return f.File.Rel == "credentials/oauth.json" && p.result.Agents[0].Store != nil
	case "device": // the last command that an approval was used for
		return strings.HasSuffix(f.Pointer, "/lastUsedCommand")
	}
	return false
}

// leave says why a finding in a copy stays, "" if it can go.
func (p *planner) leave(f *scan.Finding) string {
	switch {
	case strings.Contains(f.Layers, "u"):
		return "the file is UTF-16: delete it when you do not need it"
	case f.End <= f.Start:
		return keptReason(f)
	case f.Action == scan.Keep && f.Note != "" && f.File.Surface != "backup": // the name of a key
		return f.Note
	case path.Base(filepath.ToSlash(f.File.Path)) == "sessions.json" && !strings.Contains(f.Pointer, "/skillsSnapshot/"):
		return "the index by which the gateway finds its sessions: end that session, and delete it"
	case f.File.Surface != "session":
		return ""
	case !p.options.Sessions:
		return "a transcript: add --sessions to blot it out"
	case !p.options.ForceLive:
		return p.openSession(f.File)
	}
	return ""
}

// openSession says why a transcript must wait, "" if its session is closed.
func (p *planner) openSession(file *gateway.File) string {
	why, known := p.open[file]
	if !known {
		if why = transcript.Open(file.Path, p.options.Now); why != "" {
			why = "the session is open (" + why + "): run again when it is over, or add --force-live"
		}
		p.open[file] = why
	}
	return why
}

// rewrite plans one file.
func (p *planner) rewrite(file *gateway.File, findings []*scan.Finding) {
	fresh := len(p.quarantine.fresh)
	r, why := p.measured(file, findings)
	if why != "" {
		p.quarantine.forget(fresh)
		p.keepSpot(spot{findings: findings}, why)
		return
	}
	for _, s := range p.spots(file, findings) {
		for _, f := range s.findings {
			if !p.decided[f] { // else it was refused
				p.decided[f] = true
				r.Findings, r.With = append(r.Findings, f), append(r.With, s.text)
			}
		}
	}
	if len(r.edits) > 0 {
		p.Rewrites = append(p.Rewrites, r)
	}
}

// measured reads a file and works out its edits, or says why it stays as it is.
func (p *planner) measured(file *gateway.File, findings []*scan.Finding) (r *Rewrite, why string) {
	dir, name, err := p.locate(file)
	if err != nil {
		return nil, "it cannot be written: " + cause(err)
	}
	r = &Rewrite{File: file, dir: dir}
	m := p.measurer(r, findings)
	r.was, err = dir.ReadParts(name, m.part)
	if err != nil {
		return nil, "it cannot be read: " + cause(err)
	}
	r.steps, r.edits = []step{m.finish()}, m.edits
	switch {
	case m.changed:
		return nil, "the file was written to meanwhile: run again"
	case r.was.Links > 1:
		return nil, "the file has a second name (a hard link), which would keep the old contents"
	}
	p.grown(r, m)
	return r, ""
}

// locate returns through which directory a file is written.
func (p *planner) locate(file *gateway.File) (dir *durable.Dir, name string, err error) {
	return locate(p.result.View, file)
}

func locate(view *gateway.View, file *gateway.File) (dir *durable.Dir, name string, err error) {
	dir, name, err = view.Locate(file.Path)
	if err != nil || dir != nil {
		return dir, name, err
	}
	if !filepath.IsAbs(file.Rel) {
		return nil, "", errors.New("it leads out of the state directory")
	}
	if why := notOurs(view.Home, file); why != "" {
		return nil, "", errors.New(why)
	}
	return view.LocateOutside(file.Path)
}

// notOurs says why a file outside of the state directory is not written, "" if it is what
// the gateway or its service keeps there. The config, which an agent can write, may name
// any file as a log; and anybody can make the folder that gateways log to.
func notOurs(home *gateway.Home, file *gateway.File) string {
	switch {
	case file.Surface == "service":
		return ""
	case !filepath.IsAbs(home.Rel(file.Path)), isLink(file.Path):
		return "it is a symbolic link that leads out of the state directory"
	case isLink(filepath.Dir(file.Path)):
		return "its folder is a symbolic link"
	case file.Surface == "log" && namedLikeLog(file.Path), file.Surface == "session" && transcript.IsTranscript(filepath.Base(file.Path)):
		return ""
	case file.Surface == "backup" && filepath.Dir(file.Path) == filepath.Dir(home.ConfigPath):
		return ""
	}
	return "it lies outside of the state directory, and its name is not that of a log"
}

// cause says in words why a file could not be read or written, without its name.
func cause(err error) string {
	if pathError, ok := errors.AsType[*fs.PathError](err); ok {
		return pathError.Err.Error()
	}
	return err.Error()
}
