package extract

import (
	"errors"
	"fmt"

	"github.com/clawsecrets/clawsecrets/internal/gateway"
	"github.com/clawsecrets/clawsecrets/internal/service"
	"github.com/clawsecrets/clawsecrets/scan"
)

// planAll plans what the next extract would do with everything that it may be given.
func (v *verifier) planAll() (*Plan, error) {
	plan, err := MakeAll(v.scanned, v.key, Options{Sessions: true, Service: true, Now: v.options.Now})
	if bad, ok := errors.AsType[*gateway.FileError](err); ok && bad.Path == v.scanned.View.Home.EnvPath() {
		return nil, nil // the .env cannot be added to; readers says where and why
	}
	return plan, err
}

// copies finds what the next extract would take away: values that an earlier one moved
// and that have come back, copies of them in any other file, and secrets that are new. A
// copy that extract leaves is named too, with what to do about it.
func (v *verifier) copies() {
	if v.plan == nil {
		return
	}
	for _, c := range v.group(v.plan) {
		v.problem(v.copyProblem(c))
	}
}

// fate is what extract would do about a finding.
type fate int

const (
	stays   fate = iota
	moves        // to the .env
	goes         // from a file that nothing is resolved from
	shadows      // from a file that sets variables for the gateway
)

// lying is one value in one file: several places are one line.
type lying struct {
	first  *scan.Finding
	places int
	name   string // the variable, "" where an earlier run took the value out of everything
	fate   fate
	held   bool   // the .env or the quarantine holds the value
	why    string // it stays
}

// group returns what lies in clear, by file and variable, in the order of the scan.
func (v *verifier) group(plan *Plan) []*lying {
	type place struct {
		path, name string
		fate       fate
	}
	var all []*lying
	known := map[place]*lying{}
	fates, whys := planned(plan)
	names := v.heldNames()
	for _, f := range v.scanned.Findings {
		if f.Detector == scan.Weak || f.File == v.scanned.Env.File {
			continue
		}
		name, held := names.of(f)
		fate := fates[f].fate
		if fate == moves && !held {
			name = fates[f].name
		}
		if !held && fate != moves || v.shadowed[assignment{f.File.Path, name}] || name == "" && fate == stays && atHome(f) {
			continue
		}
		if fate == stays && v.setsVariables(f.File.Path) {
			fate = shadows
		}
		at := place{f.File.Path, name, fate}
		if known[at] == nil {
			known[at] = &lying{first: f, name: name, fate: fate, held: held, why: whys[f]}
			all = append(all, known[at])
		}
		known[at].places++
	}
	return all
}

// atHome reports whether a finding is where the gateway itself keeps the secret: copies of
// it that were taken out are none of this place.
func atHome(f *scan.Finding) bool {
	switch f.File.Surface {
	case "config", "include", "auth-profile", "credentials", "device", "generated":
		return true
	}
	return false
}

type plannedFate struct {
	fate fate
	name string
}

// planned returns what a plan does about each finding, and why those stay that do.
func planned(plan *Plan) (fates map[*scan.Finding]plannedFate, whys map[*scan.Finding]string) {
	fates, whys = map[*scan.Finding]plannedFate{}, map[*scan.Finding]string{}
	for _, rewrite := range plan.Rewrites {
		for _, f := range rewrite.Findings {
			fates[f] = plannedFate{fate: goes}
			if rewrite.service {
				fates[f] = plannedFate{fate: shadows}
			}
		}
	}
	for _, m := range plan.Moves {
		if fates[m.Finding].fate != shadows {
			fates[m.Finding] = plannedFate{moves, m.Name}
		}
	}
	for _, kept := range plan.Kept {
		whys[kept.Finding] = kept.Why
	}
	return fates, whys
}

// setsVariables reports whether a file sets variables for the gateway's service.
func (v *verifier) setsVariables(path string) bool {
	for _, source := range v.scanned.Env.Sources {
		if source.Path == path && source.Kind != service.SourceWorkingDirectory {
			return true
		}
	}
	return false
}

// copyProblem says what lies in clear, and what to do about it.
func (v *verifier) copyProblem(c *lying) Problem {
	p := Problem{Where: where(c.first), What: v.lies(c)}
	switch c.fate {
	case moves:
		p.Command = extractCommand()
		if c.first.File.Surface == "generated" { // the gateway makes the file again
			p.Warning, p.Do = true, c.first.Note
		}
	case goes:
		p.Command = extractCommand()
		if c.first.File.Surface == "session" {
			p.Command = extractCommand("--sessions")
		}
	case shadows:
		p.Command = extractCommand("--service")
		if c.why != "" {
			p.Command, p.Do = nil, c.why
		}
	default:
		p.Warning = true
		p.Command, p.Do = advice(c.first, c.why)
	}
	return p
}

// lies says of what the value is, and how often it stands in the file.
func (v *verifier) lies(c *lying) string {
	subject := ""
	switch f := c.first; {
	case f.Leaf != nil:
		subject = f.Leaf.Pattern() + " "
	case f.File.Surface == "archive" && f.Pointer != "":
		subject = f.Pointer + " in it "
	}
	what := subject + "holds the value of " + c.name + " in clear"
	switch {
	case c.name == "":
		what = subject + "holds a value in clear that was taken out elsewhere (" + c.first.Rule + ")"
	case !c.held:
		what = subject + "holds a secret in clear, which can move to " + c.name
	case c.fate == moves && v.moved(c.name):
		what += " again"
	}
	if c.places > 1 {
		what += fmt.Sprintf(", in %d places", c.places)
	}
	if note := c.first.Note; note != "" && c.first.File.Surface == "git-history" {
		what += " (" + note + ")" // the file and the commit
	}
	return what
}

func where(f *scan.Finding) string {
	if f.Line == 0 || f.File.Surface == "archive" { // a line there is one of a file within
		return f.File.Rel
	}
	return fmt.Sprintf("%s:%d:%d", f.File.Rel, f.Line, f.Column)
}
