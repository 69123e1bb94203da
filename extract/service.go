package extract

import (
	"bytes"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/clawsecrets/clawsecrets/internal/gateway"
	"github.com/clawsecrets/clawsecrets/internal/secret"
	"github.com/clawsecrets/clawsecrets/internal/service"
	"github.com/clawsecrets/clawsecrets/scan"
)

// service plans what becomes of the variables that the gateway's service sets: a value
// there beats the .env for ever. One that holds a secret moves to the .env under its own
// name, and goes from every file that sets it, where all of them agree: else one that was
// beaten before would come to light.
func (p *planner) service() {
	files := p.serviceFiles()
	for _, name := range p.serviceVariables(files) {
		if why := p.takeVariable(files, name); why != "" {
			p.keepVariable(files, name, why)
		}
	}
	for _, file := range files {
		if len(file.steps) == 0 {
			continue
		}
		file.edits = []splice{{end: int64(len(file.data)), text: string(file.now)}}
		p.Rewrites = append(p.Rewrites, file.Rewrite)
		p.reload(file.source)
	}
}

// serviceFile is one file that sets variables for the service.
type serviceFile struct {
	*Rewrite
	source service.Source
	data   []byte // as it is
	now    []byte // as it will be
	why    string // it cannot be written, "" if it can
}

// serviceFiles reads the files of the service's own, also those that set nothing that
// counts.
func (p *planner) serviceFiles() []*serviceFile {
	var files []*serviceFile
	seen := map[string]bool{}
	for _, source := range p.result.Env.Sources {
		if !editable(source.Kind) || seen[source.Path] || filepath.Clean(source.Path) == p.result.View.Home.EnvPath() {
			continue
		}
		seen[source.Path] = true
		files = append(files, p.serviceFile(source))
	}
	return files
}

func (p *planner) serviceFile(source service.Source) *serviceFile {
	file := &serviceFile{source: source, Rewrite: &Rewrite{File: p.fileOf(source.Path), service: true}}
	dir, name, err := p.locate(file.File)
	if err == nil {
		file.dir = dir
		file.was, err = dir.ReadParts(name, func(part []byte) error { file.data = append(file.data, part...); return nil })
	}
	file.now = file.data
	switch {
	case err != nil:
		file.why = "it cannot be written: " + cause(err)
	case file.was.Links > 1:
		file.why = "the file has a second name (a hard link), which would keep the old contents"
	case source.Kind == service.SourceEnvironmentFile || source.Kind == service.SourceServiceEnv:
		file.why = p.readElsewhere(source.Path)
	}
	return file
}

// editable reports whether a source of that kind is a file of the service's own.
func editable(kind string) bool {
	switch kind {
	case service.SourceUnit, service.SourceDropIn, service.SourceEnvironmentFile, service.SourceServiceEnv, service.SourcePlist:
		return true
	}
	return false
}

// serviceVariables returns the variables that hold a secret, sorted.
func (p *planner) serviceVariables(files []*serviceFile) []string {
	names := map[string]bool{}
	for _, file := range files {
		for name, value := range file.source.Values {
			if p.isSecret(file, name, value) {
				names[name] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(names))
}

// takeVariable plans to take a variable out of every file that sets it, or says why it
// stays.
func (p *planner) takeVariable(files []*serviceFile, name string) (why string) {
	if !p.options.Service {
		return name + " is set here and beats the .env for ever: add --service to move it"
	}
	holders := p.result.Env.Holders(name)
	value := holders[0].Value
	for _, holder := range holders {
		if !holder.Value.Equal(value) {
			return differs(name, holder.Where)
		}
	}
	if why := p.names.conflict(name, value); why != "" {
		return why
	}
	if why := p.unwritable(value); why != "" {
		return why
	}
	for _, file := range files {
		if why := file.cannotLose(name, value); why != "" {
			return why
		}
	}
	p.names.give(roleValue{name, value.Reveal()}, name, value)
	for _, file := range files {
		p.takeFrom(file, name, value)
	}
	return ""
}

func differs(name, where string) string {
	return name + " has another value in " + where + ": which of them is right only you can tell; remove the other one"
}

// cannotLose says why a variable cannot be taken out of a file, "" if it can or is not
// in it.
func (f *serviceFile) cannotLose(name string, value secret.Value) string {
	removals, err := service.Removals(f.source.Kind, f.source.Path, f.now, name)
	switch {
	case err != nil:
		return "it cannot be taken out of " + f.source.Path + " by itself: edit the file, or run clawdbot gateway install --force after the move"
	case len(removals) > 0 && f.why != "":
		return f.why
	}
	for _, removal := range removals {
		if removal.Unknown || !removal.Value.Equal(value) {
			return differs(name, f.source.Path)
		}
	}
	return ""
}

// takeFrom plans to take a variable out of one file. What a file says of a variable
// depends on those beside it, so they go one after the other.
func (p *planner) takeFrom(f *serviceFile, name string, value secret.Value) {
	p.takenFindings(f, name, value)
	removals, err := service.Removals(f.source.Kind, f.source.Path, f.now, name)
	if err != nil || len(removals) == 0 {
		return // cannotLose has seen it
	}
	var edits []splice
	for _, removal := range removals {
		raw := string(f.now[removal.ValueStart:removal.ValueEnd])
		held := piece{Name: name}
		if raw != value.Reveal() {
			held = piece{Name: p.quarantine.add(p.key, secret.New(raw), "")}
		}
		edits = append(edits, splice{int64(removal.Start), int64(removal.End), "", []piece{
			{Text: string(f.now[removal.Start:removal.ValueStart])}, held, {Text: string(f.now[removal.ValueEnd:removal.End])},
		}})
	}
	after := edited(f.now, edits)
	f.steps = append(f.steps, step{
		Was: p.key.MAC(f.now), Now: p.key.MAC(after), WasSize: int64(len(f.now)), NowSize: int64(len(after)), Undo: inversesOf(edits),
	})
	f.now = after
	p.taken = append(p.taken, takenVariable{f.source.Path, name})
}

// takenFindings decides the findings that go with a variable.
func (p *planner) takenFindings(f *serviceFile, name string, value secret.Value) {
	for i, finding := range p.assigned(f, name, value) {
		f.Findings, f.With = append(f.Findings, finding), append(f.With, "")
		if i == 0 {
			p.move(finding, name, value, "removed: the gateway reads "+name+" from the .env")
		}
		p.decided[finding] = true
	}
}

// keepVariable keeps what a variable holds in every file that sets it.
func (p *planner) keepVariable(files []*serviceFile, name, why string) {
	for _, file := range files {
		value := file.source.Values[name]
		for _, f := range p.assigned(file, name, value) {
			p.keep(f, "%s", why)
		}
	}
}

// assigned returns the findings that stand in the values that a file gives to a variable,
// one made for it where the scan has none there.
func (p *planner) assigned(f *serviceFile, name string, value secret.Value) []*scan.Finding {
	removals, _ := service.Removals(f.source.Kind, f.source.Path, f.data, name) // none where it cannot be told
	var found []*scan.Finding
	for _, removal := range removals {
		before := len(found)
		for _, finding := range p.findingsIn(f.File) {
			if removal.ValueStart <= finding.Start && finding.End <= removal.ValueEnd && !p.decided[finding] {
				found = append(found, finding)
			}
		}
		if len(found) == before {
			held := removal.Value
			if held.IsZero() {
				held = value
			}
			found = append(found, &scan.Finding{
				Rule: "credential", Detector: scan.ByKey, Value: held, Action: scan.Extract, Env: name, Severity: scan.High,
				Location: scan.Location{File: f.File, Line: max(1, removal.Line), Column: 1, Start: removal.ValueStart, End: removal.ValueEnd},
			})
		}
	}
	return found
}

// findingsIn returns the findings of a file, by whatever name the scan has it.
func (p *planner) findingsIn(file *gateway.File) []*scan.Finding {
	var found []*scan.Finding
	for _, f := range p.result.Findings {
		if f.File == file && f.Detector != scan.Weak && f.End > f.Start {
			found = append(found, f)
		}
	}
	return found
}

// fileOf returns the file of that path as the scan has it, maybe under the name that a
// symbolic link leads to, or one that only names it.
func (p *planner) fileOf(path string) *gateway.File {
	real, err := filepath.EvalSymlinks(path)
	for _, f := range p.result.Findings {
		if f.File.Path == path || err == nil && f.File.Path == real {
			return f.File
		}
	}
	return &gateway.File{Path: path, Rel: p.result.View.Home.Rel(path), Surface: "service"}
}

// takenVariable is a variable that a file of the service will no longer set.
type takenVariable struct{ path, name string }

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

// edited returns a small text with edits made.
func edited(data []byte, edits []splice) []byte {
	var out bytes.Buffer
	_ = spliced(&out, bytes.NewReader(data), edits) // neither reading nor writing fails
	return out.Bytes()
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
