package extract

import (
	"errors"
	"fmt"
	"slices"

	"github.com/clawsecrets/clawsecrets/internal/dotenv"
	"github.com/clawsecrets/clawsecrets/internal/gateway"
)

// assemble turns the edits into new file contents and the names into a new .env.
func (p *planner) assemble() error {
	for _, file := range p.order() {
		change, err := p.edits[file].change(p.Moves, slices.Concat(p.result.Findings, p.result.LeftOut))
		if err != nil {
			return err
		}
		p.Changes = append(p.Changes, change)
	}
	return p.assembleEnv()
}

// order returns the files in the order in which they are written: the main config
// first, since it is there that plugins are pinned, then includes; auth stores
// only after the config that may take their keys over, the main agent's as the last
// of them: while it has a key, every other agent has it too, so that a run after a
// crash decides as this one does; generated copies last.
func (p *planner) order() []*gateway.File {
	var files []*gateway.File
	for file, edits := range p.edits {
		if len(edits.edits) > 0 {
			files = append(files, file)
		}
	}
	main := p.result.Agents[0].Store // LoadAgents puts the main agent first
	rank := func(f *gateway.File) int {
		surfaces := []gateway.Surface{"config", "include", "auth-profile", "generated"}
		after := 2 * slices.Index(surfaces, f.Surface)
		if f == main {
			after++
		}
		return after
	}
	slices.SortFunc(files, func(a, b *gateway.File) int {
		if byKind := rank(a) - rank(b); byKind != 0 {
			return byKind
		}
		if a.Path < b.Path {
			return -1
		}
		return 1
	})
	return files
}

func (p *planner) assembleEnv() error {
	view, env := p.result.View, p.result.Env
	change := &EnvChange{Dir: view.State(), Was: view.State().Absent(".env")}
	if env.File != nil {
		change.Was = env.File.Snapshot
	}
	file := dotenv.Parse(change.Was.Data)
	var added []dotenv.Assignment
	seen := map[string]bool{}
	for _, m := range p.Moves {
		if _, exists := file.Get(m.Name); exists || seen[m.Name] {
			continue
		}
		seen[m.Name] = true
		added = append(added, dotenv.Assignment{Name: m.Name, Value: m.Value})
		change.Added = append(change.Added, m.Name)
	}
	if len(added) == 0 {
		return nil
	}
	if err := file.SetAll(added); err != nil {
		return envError(view.Home.EnvPath(), err)
	}
	change.New = file.Bytes()
	p.Env = change
	return nil
}

// envError puts the place of what is wrong with a .env in front, as for any file.
func envError(path string, err error) error {
	if read, ok := errors.AsType[*dotenv.ReadError](err); ok && read.Line > 0 {
		problem := read.Problem
		if read.Name != "" {
			problem = read.Name + ": " + problem
		}
		return &gateway.FileError{Path: path, Line: read.Line, Column: read.Column, Problem: problem}
	}
	return fmt.Errorf("%s: %w", path, err)
}
