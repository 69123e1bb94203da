package extract

import (
	"cmp"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/clawsecrets/clawsecrets/internal/durable"
	"github.com/clawsecrets/clawsecrets/internal/gateway"
	"github.com/clawsecrets/clawsecrets/internal/json5"
	"github.com/clawsecrets/clawsecrets/internal/secret"
	"github.com/clawsecrets/clawsecrets/internal/transcript"
	"github.com/clawsecrets/clawsecrets/scan"
)

// copies plans the files that the gateway wrote secrets into and resolves nothing from:
// transcripts, logs, backups and what it has imported. A live value gives way to a
// marker that names its variable, any other goes to the quarantine.
func (p *planner) copies() error {
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
		if err := p.rewrite(file, byFile[file]); err != nil {
			return err
		}
	}
	return nil
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
func (p *planner) rewrite(file *gateway.File, findings []*scan.Finding) error {
	keep := func(why string) error {
		for _, f := range findings {
			p.keep(f, "%s", why)
		}
		return nil
	}
	dir, name, outside, err := p.locate(file)
	if err != nil {
		return keep("it cannot be written: " + cause(err))
	}
	r := &Rewrite{File: file, dir: dir, outside: outside}
	m := p.measurer(r, findings)
	fresh := len(p.quarantine.fresh)
	r.was, err = dir.ReadParts(name, m.part)
	if err != nil {
		return keep("it cannot be read: " + cause(err))
	}
	r.steps = []step{m.finish()}
	r.edits = m.edits
	switch {
	case m.changed:
		p.quarantine.forget(fresh)
		return keep("the file was written to meanwhile: run again")
	case r.was.Links > 1:
		p.quarantine.forget(fresh)
		return keep("the file has a second name (a hard link), which would keep the old contents")
	}
	p.grown(r, m)
	for _, s := range p.spots(file, findings) {
		for _, f := range s.findings {
			if !p.decided[f] {
				p.decided[f] = true
				r.Findings, r.With = append(r.Findings, f), append(r.With, s.text)
			}
		}
	}
	if len(r.edits) > 0 {
		p.Rewrites = append(p.Rewrites, r)
	}
	return nil
}

// locate returns through which directory a file is written.
func (p *planner) locate(file *gateway.File) (dir *durable.Dir, name string, outside bool, err error) {
	view := p.result.View
	dir, name, err = view.Locate(file.Path)
	if err != nil || dir != nil {
		return dir, name, false, err
	}
	if !filepath.IsAbs(file.Rel) {
		return nil, "", false, errors.New("it leads out of the state directory")
	}
	// Anybody can make the folder that gateways log to.
	if info, err := os.Lstat(filepath.Dir(file.Path)); file.Surface == "log" && (err != nil || !info.IsDir()) {
		return nil, "", false, errors.New("its folder is a symbolic link")
	}
	dir, name, err = view.LocateOutside(file.Path)
	return dir, name, true, err
}

// measurer returns what reads a file and decides its edits.
func (p *planner) measurer(r *Rewrite, findings []*scan.Finding) *measurer {
	m := &measurer{
		spots: p.spots(r.File, findings), before: p.key.NewMAC(), after: p.key.NewMAC(),
		take:   p.takeSpot,
		put:    p.takeText,
		refuse: func(s spot, why string) { p.keepSpot(s, why) },
	}
	switch base := path.Base(filepath.ToSlash(r.File.Path)); {
	case r.File.Surface == "session" && transcript.IsTranscript(base):
		m.adjust = transcript.Adjust
	case strings.Contains(base, ".jsonl"):
		m.adjust = staysJSON(json.Valid)
	case strings.Contains(base, ".json"):
		m.adjust, m.whole = staysJSON(isJSON5), true
	}
	if earlier := p.receipt.copy(r.File.Rel); earlier != nil {
		m.prefix = &prefixMAC{p.key.NewMAC(), earlier.Steps[len(earlier.Steps)-1].NowSize}
	}
	return m
}

// grown notes where a file goes on behind what an earlier run has left of it.
func (p *planner) grown(r *Rewrite, m *measurer) {
	if m.prefix != nil && m.prefix.left == 0 {
		r.steps[0].prefix = m.prefix.mac.Sum()
	}
}

func (p *planner) keepSpot(s spot, why string) {
	for _, f := range s.findings {
		if !p.decided[f] {
			p.keep(f, "%s", why)
		}
	}
}

func isJSON5(text []byte) bool {
	_, err := json5.Parse(text)
	return err == nil
}

// staysJSON returns an adjust that refuses what would make a record that is valid
// invalid: a secret that was found across the marks of the format.
func staysJSON(valid func(text []byte) bool) func([]byte, int, []transcript.Span) ([]transcript.Span, []string) {
	return func(record []byte, _ int, spans []transcript.Span) (remove []transcript.Span, refused []string) {
		refused = make([]string, len(spans))
		var after []byte
		at := 0
		for _, span := range spans {
			after = append(append(after, record[at:span.Start]...), "[redacted]"...)
			at = span.End
		}
		after = append(after, record[at:]...)
		if valid(record) && !valid(after) {
			for i := range refused {
				refused[i] = "it is no part of one string, and the file would be damaged without it"
			}
		}
		return nil, refused
	}
}

// spots returns where the findings of a file stand, in order, those that touch one
// another as one.
func (p *planner) spots(file *gateway.File, findings []*scan.Finding) []spot {
	sorted := slices.Clone(findings)
	slices.SortStableFunc(sorted, func(a, b *scan.Finding) int {
		return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(b.End, a.End))
	})
	var spots []spot
	for _, f := range sorted {
		if last := len(spots) - 1; last >= 0 && int64(f.Start) < spots[last].end {
			spots[last].findings = append(spots[last].findings, f)
			spots[last].end = max(spots[last].end, int64(f.End))
			continue
		}
		spots = append(spots, spot{start: int64(f.Start), end: int64(f.End), findings: []*scan.Finding{f}})
	}
	for i := range spots {
		spots[i].text = p.marker(file, spots[i].findings[0])
	}
	return spots
}

// marker returns what stands in the place of a secret: in a backup of the config the
// reference that the config has, else a text that nobody can take for a value.
func (p *planner) marker(file *gateway.File, f *scan.Finding) string {
	name := p.live[f.Value.Reveal()]
	if name != "" && f.Pointer != "" && gateway.IsConfigCopy(path.Base(filepath.ToSlash(file.Path))) && !p.behindDollar(f) {
		return "${" + cmp.Or(p.nameAt(f), name) + "}"
	}
	if name != "" {
		return "[redacted:" + name + "]"
	}
	return "[redacted:" + p.ruleFor(f) + ":" + p.key.Fingerprint(f.Value) + "]"
}

// behindDollar reports whether a reference would read as an escaped one.
func (p *planner) behindDollar(f *scan.Finding) bool {
	data := f.File.Data
	return f.Start == 0 || f.Start > len(data) || data[f.Start-1] == '$'
}

// nameAt returns the variable that the config has where a backup has the finding, "" if
// that holds another value.
func (p *planner) nameAt(f *scan.Finding) string {
	name := p.nameByPath[f.Pointer]
	if p.held[name] == f.Value.Reveal() {
		return name
	}
	return ""
}

// ruleFor returns the rule that a value is named by, the same wherever it stands and
// whichever run finds it.
func (p *planner) ruleFor(f *scan.Finding) string {
	return cmp.Or(p.quarantine.ruleOf(p.key, f.Value), p.firstRule[f.Value.Reveal()], f.Rule)
}

// takeSpot returns what restores a spot, and puts in quarantine what is nowhere else.
func (p *planner) takeSpot(s spot, raw []byte) piece {
	for _, f := range s.findings {
		if p.live[f.Value.Reveal()] == "" {
			p.quarantine.add(p.key, f.Value, p.ruleFor(f))
		}
	}
	if name := p.live[string(raw)]; name != "" {
		return piece{Name: name}
	}
	return piece{Name: p.quarantine.add(p.key, secret.New(string(raw)), "")}
}

// takeText returns what restores a text that goes with a secret: the secret may be a part
// of it, in whatever form.
func (p *planner) takeText(text []byte) piece {
	return piece{Name: p.quarantine.add(p.key, secret.New(string(text)), "")}
}

// liveNames returns the variable of each value that the .env will hold: of several the
// first by name, so that every run chooses the same.
func (p *planner) liveNames() map[string]string {
	p.held = map[string]string{}
	for _, entry := range p.result.Env.Dotenv.Entries() {
		p.held[entry.Name] = entry.Value
	}
	for _, m := range p.Moves {
		p.held[m.Name] = m.Value.Reveal()
	}
	names := map[string]string{}
	for name, value := range p.held {
		if other, ok := names[value]; value != "" && (!ok || name < other) {
			names[value] = name
		}
	}
	p.namesByPath()
	p.firstRule = map[string]string{}
	for _, f := range p.result.Findings {
		if _, ok := p.firstRule[f.Value.Reveal()]; !ok && f.Detector != scan.Weak {
			p.firstRule[f.Value.Reveal()] = f.Rule
		}
	}
	return names
}

// namesByPath notes which variable stands, or will stand, alone at each config path.
func (p *planner) namesByPath() {
	p.nameByPath = map[string]string{}
	if p.result.Config == nil {
		return
	}
	for _, leaf := range p.result.Config.Leaves {
		if names := gateway.References(leaf.Text); len(names) == 1 && leaf.Text == "${"+names[0]+"}" {
			p.nameByPath[pointerTo(leaf.Path)] = names[0]
		}
	}
	for _, m := range p.Moves {
		if leaf := m.Finding.Leaf; leaf != nil {
			p.nameByPath[pointerTo(leaf.Path)] = m.Name
		}
	}
}

func pointerTo(tokens []string) string {
	pointer := ""
	for _, token := range tokens {
		pointer += "/" + json5.EscapePointer(token)
	}
	return pointer
}

// cause says in words why a file could not be read or written, without its name.
func cause(err error) string {
	if pathError, ok := errors.AsType[*fs.PathError](err); ok {
		return pathError.Err.Error()
	}
	return err.Error()
}
