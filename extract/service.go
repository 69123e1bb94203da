package extract

import (
	"bytes"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/clawsecrets/clawsecrets/internal/gateway"
	"github.com/clawsecrets/clawsecrets/internal/rules"
	"github.com/clawsecrets/clawsecrets/internal/secret"
	"github.com/clawsecrets/clawsecrets/internal/service"
	"github.com/clawsecrets/clawsecrets/scan"
)

// service plans what becomes of the variables that the gateway's service sets: a value
// there beats the .env for ever. One that holds a secret moves to the .env under its own
// name, and goes from every file that sets it, where all of them agree.
func (p *planner) service() {
	byFile := map[string]*serviceFile{}
	var files []*serviceFile
	for _, source := range p.result.Env.Sources {
		for _, name := range slices.Sorted(maps.Keys(source.Values)) {
			value := source.Values[name]
			if !editable(source.Kind) || filepath.Clean(source.Path) == p.result.View.Home.EnvPath() || !p.isSecret(source.Path, name, value) {
				continue
			}
			file, ok := byFile[source.Path]
			if !ok {
				file = &serviceFile{source: source}
				byFile[source.Path] = file
				files = append(files, file)
			}
			if !slices.Contains(file.names, name) {
				file.names = append(file.names, name)
			}
		}
	}
	for _, file := range files {
		p.serviceFile(file)
	}
}

// serviceFile is one file that sets variables for the service, and those that hold secrets.
type serviceFile struct {
	source service.Source
	names  []string
}

// editable reports whether a source of that kind is a file of the service's own.
func editable(kind string) bool {
	switch kind {
	case service.SourceUnit, service.SourceDropIn, service.SourceEnvironmentFile, service.SourceServiceEnv, service.SourcePlist:
		return true
	}
	return false
}

// isSecret reports whether a variable that a file sets holds a secret: by its name, or
// because its value, or a part of it, was found to be one.
func (p *planner) isSecret(path, name string, value secret.Value) bool {
	if value.IsZero() {
		return false
	}
	for _, f := range p.result.Findings {
		if f.File.Path == path && f.Detector != scan.Weak && strings.Contains(value.Reveal(), f.Value.Reveal()) {
			return true
		}
	}
	return p.values()[value.Reveal()] || rules.SecretKey(name) && rules.Weak(value.Reveal(), 0) == rules.None && len(gateway.References(value.Reveal())) == 0
}

// values returns the values of all findings.
func (p *planner) values() map[string]bool {
	if p.found == nil {
		p.found = map[string]bool{}
		for _, f := range p.result.Findings {
			if f.Detector != scan.Weak {
				p.found[f.Value.Reveal()] = true
			}
		}
	}
	return p.found
}

// serviceFile plans one file. What it says of a variable depends on those beside it, so
// they are taken out one after the other.
func (p *planner) serviceFile(s *serviceFile) {
	file := p.fileOf(s.source.Path)
	if !p.options.Service {
		for _, name := range s.names {
			p.keepVariable(file, s.source, name, name+" is set here and beats the .env for ever: add --service to move it")
		}
		return
	}
	r := &Rewrite{File: file, service: true}
	dir, name, err := p.locate(file)
	var data []byte
	if err == nil {
		r.dir = dir
		r.was, err = dir.ReadParts(name, func(part []byte) error { data = append(data, part...); return nil })
	}
	if err != nil {
		for _, name := range s.names {
			p.keepVariable(file, s.source, name, "it cannot be written: "+cause(err))
		}
		return
	}
	now := data
	for _, variable := range s.names {
		after, why := p.takeVariable(r, s.source, variable, now)
		if why != "" {
			p.keepVariable(file, s.source, variable, why)
			continue
		}
		now = after
	}
	if len(r.steps) > 0 {
		r.edits = []splice{{end: int64(len(data)), text: string(now)}}
		p.Rewrites = append(p.Rewrites, r)
		p.reload(s.source)
	}
}

// reload notes how the service manager is told of a changed file.
func (p *planner) reload(source service.Source) {
	uid, known := service.FileOwner(p.result.View.Home.StateDir)
	if !known {
		uid = os.Getuid()
	}
	for _, command := range service.Reload([]service.Source{source}, uid) {
		if !slices.Contains(p.Reload, command) {
			p.Reload = append(p.Reload, command)
		}
	}
}

func (p *planner) keepVariable(file *gateway.File, source service.Source, name, why string) {
	for _, f := range p.assignmentsIn(file, source, name) {
		p.keep(f, "%s", why)
	}
}

// takeVariable plans to take one variable out of a file, and returns what the file is
// then, or says why it stays.
func (p *planner) takeVariable(r *Rewrite, source service.Source, name string, data []byte) (after []byte, why string) {
	value := source.Values[name]
	for _, holder := range p.result.Env.Holders(name) {
		if !holder.Value.Equal(value) {
			return nil, name + " has another value in " + holder.Where + ": which of them is right only you can tell; remove the other one"
		}
	}
	if why := p.names.conflict(name, value); why != "" {
		return nil, why
	}
	if why := p.unwritable(value); why != "" {
		return nil, why
	}
	removals, err := service.Removals(source.Kind, source.Path, data, name)
	if err != nil || len(removals) == 0 {
		return nil, "it cannot be taken out of the file by itself: edit the file, or run clawdbot gateway install --force after the move"
	}
	var edits []splice
	for _, removal := range removals {
		raw := string(data[removal.ValueStart:removal.ValueEnd])
		held := piece{Name: name}
		if raw != value.Reveal() {
			held = piece{Name: p.quarantine.add(p.key, secret.New(raw), "")}
		}
		edits = append(edits, splice{int64(removal.Start), int64(removal.End), "", []piece{
			{Text: string(data[removal.Start:removal.ValueStart])}, held, {Text: string(data[removal.ValueEnd:removal.End])},
		}})
	}
	after = edited(data, edits)
	r.steps = append(r.steps, step{
		Was: p.key.MAC(data), Now: p.key.MAC(after), WasSize: int64(len(data)), NowSize: int64(len(after)), Undo: inversesOf(edits),
	})
	p.names.give(roleValue{name, value.Reveal()}, name, value)
	for i, f := range p.assignmentsIn(r.File, source, name) {
		r.Findings, r.With = append(r.Findings, f), append(r.With, "")
		if i == 0 {
			p.move(f, name, value, "removed: the gateway reads "+name+" from the .env")
		}
		p.decided[f] = true
	}
	p.taken = append(p.taken, takenVariable{source.Path, name})
	return after, ""
}

// takenVariable is a variable that a file of the service will no longer set.
type takenVariable struct{ path, name string }

// edited returns a small text with edits made.
func edited(data []byte, edits []splice) []byte {
	var out bytes.Buffer
	_ = spliced(&out, bytes.NewReader(data), edits) // neither reading nor writing fails
	return out.Bytes()
}

// fileOf returns the file of that path as the scan has it, or one that only names it.
func (p *planner) fileOf(path string) *gateway.File {
	for _, f := range p.result.Findings {
		if f.File.Path == path {
			return f.File
		}
	}
	return &gateway.File{Path: path, Rel: p.result.View.Home.Rel(path), Surface: "service"}
}

// assignmentsIn returns the findings of a variable's value in a file of the service; one
// made for it where the scan has none.
func (p *planner) assignmentsIn(file *gateway.File, source service.Source, name string) []*scan.Finding {
	value := source.Values[name]
	var found []*scan.Finding
	for _, f := range p.result.Findings {
		if f.File.Path == file.Path && f.Detector != scan.Weak && !p.decided[f] && (f.Value.Equal(value) || strings.Contains(value.Reveal(), f.Value.Reveal())) {
			found = append(found, f)
		}
	}
	if len(found) > 0 {
		return found
	}
	return []*scan.Finding{{
		Rule: "credential", Detector: scan.ByKey, Value: value, Action: scan.Extract, Env: name, Severity: scan.High,
		Location: scan.Location{File: file, Line: max(1, source.Lines[name]), Column: 1},
	}}
}

// withoutTaken returns the sources of the gateway's environment as they will be.
func (p *planner) withoutTaken() []service.Source {
	var sources []service.Source
	for _, source := range p.result.Env.Sources {
		source.Values = maps.Clone(source.Values)
		for _, taken := range p.taken {
			if taken.path == source.Path && source.Path != "" {
				delete(source.Values, taken.name)
			}
		}
		sources = append(sources, source)
	}
	return sources
}
