package extract

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/clawsecrets/clawsecrets/internal/gateway"
	"github.com/clawsecrets/clawsecrets/internal/secret"
	"github.com/clawsecrets/clawsecrets/scan"
)

// Problem is one thing that is not as extract left it.
type Problem struct {
	// Where names the file and, where it has one, the line: clawdbot.json:12:9.
	Where string
	What  string // what is wrong, without any value
	Type  string // what to type, or what to do
	// Warning is set for what comes back by the gateway's own doing and cannot be
	// kept away: it does not fail the verification.
	Warning bool
	// Mode is set where a file is readable by others: what [Fix] would give it.
	Mode fs.FileMode
	path string
}

// Verification is what verify looked at and found.
type Verification struct {
	References int // references in the config that resolve
	Problems   []Problem
}

// Failed reports whether anything is wrong that can be put right.
func (v *Verification) Failed() bool {
	return slices.ContainsFunc(v.Problems, func(p Problem) bool { return !p.Warning })
}

// Verify checks that a Home still is as extract left it: every reference resolves,
// no secret lies in clear that extract would move, nothing that the gateway reads before .env sets one
// of its names otherwise, the .env reads the same in every reader, and nobody else
// can read what holds secrets.
func Verify(scanned *scan.Result, key secret.Key) (*Verification, error) {
	receipt, _, err := loadReceipt(scanned.View.State(), key)
	if err != nil {
		return nil, err
	}
	v := &verifier{scanned: scanned, key: key, receipt: receipt, result: &Verification{}}
	v.references()
	if err := v.comebacks(); err != nil {
		return nil, err
	}
	v.shadows()
	v.readers()
	v.pins()
	v.modes()
	v.unread()
	return v.result, nil
}

type verifier struct {
	scanned *scan.Result
	key     secret.Key
	receipt *Receipt
	result  *Verification
}

func (v *verifier) problem(p Problem) { v.result.Problems = append(v.result.Problems, p) }

func (v *verifier) references() {
	missing := map[string]bool{}
	positions := map[*gateway.File]func(offset int) (line, column int){}
	for _, m := range v.scanned.Resolved.Missing {
		if missing[m.Name] {
			continue
		}
		missing[m.Name] = true
		if positions[m.Leaf.File] == nil {
			positions[m.Leaf.File] = m.Leaf.Node.Document().Positions()
		}
		line, column := positions[m.Leaf.File](m.Leaf.Node.Start())
		v.problem(Problem{
			Where: fmt.Sprintf("%s:%d:%d", m.Leaf.File.Rel, line, column),
			What:  m.Leaf.Pattern() + " refers to " + m.Name + ", which is not set: the gateway refuses to start",
			Type:  "add " + m.Name + "=… to " + v.scanned.View.Home.EnvPath(),
		})
	}
	v.result.References = len(v.scanned.References) - len(missing)
}

// comebacks finds what the next extract would move: values that an earlier one moved
// and that have come back, and secrets that are new. It also finds copies of the .env's values in files that the gateway writes by itself.
func (v *verifier) comebacks() error {
	plan, err := Make(v.scanned)
	if bad, ok := errors.AsType[*gateway.FileError](err); ok && bad.Path == v.scanned.View.Home.EnvPath() {
		return nil // the .env cannot be added to; readers says where and why
	}
	if err != nil {
		return err
	}
	moved := map[string]bool{}
	for _, name := range v.receipt.Names {
		moved[name.Name] = true
	}
	for _, m := range plan.Moves {
		f := m.Finding
		switch {
		case f.File.Surface == "generated":
		case moved[m.Name]:
			v.problem(Problem{Where: where(f), What: v.place(f) + "holds the value of " + m.Name + " in clear again", Type: "clawsecrets extract"})
		default:
			v.problem(Problem{Where: where(f), What: v.place(f) + "holds a secret in clear, which can move to " + m.Name, Type: "clawsecrets extract"})
		}
	}
	names := map[string]string{}
	for _, entry := range v.scanned.Env.Dotenv.Entries() {
		names[entry.Value] = entry.Name
	}
	for _, f := range v.scanned.Findings {
		name, held := names[f.Value.Reveal()]
		if held && f.Detector != scan.Weak && (f.File.Surface == "generated" || f.File.Surface == "backup") {
			v.problem(Problem{
				Where: where(f), What: "holds the value of " + name + " in clear", Warning: true,
				Type: "the gateway wrote this file itself; delete it when you do not need it",
			})
		}
	}
	return nil
}

func (v *verifier) place(f *scan.Finding) string {
	if f.Leaf == nil {
		return ""
	}
	return f.Leaf.Pattern() + " "
}

func where(f *scan.Finding) string {
	return fmt.Sprintf("%s:%d:%d", f.File.Rel, f.Line, f.Column)
}

// shadows finds what the gateway reads before the .env and so beats it.
func (v *verifier) shadows() {
	env := v.scanned.Env
	if unknown := env.Unknown(); unknown != "" {
		v.problem(Problem{Where: "environment", What: unknown, Type: "make it readable, or run clawsecrets as the gateway's user"})
	}
	for _, entry := range env.Dotenv.Entries() {
		for _, holder := range env.Holders(entry.Name) {
			if holder.Where == ".env" || holder.Value.Equal(secret.New(entry.Value)) {
				continue
			}
			v.problem(Problem{
				Where: holder.Where,
				What:  "sets " + entry.Name + " to something else than the .env does, and the gateway takes this one",
				Type:  "remove " + entry.Name + " there (for a service: clawdbot daemon install --force), and restart the gateway",
			})
		}
	}
}

// readers reports entries that npm dotenv and godotenv read differently.
func (v *verifier) readers() {
	env := v.scanned.Env
	if env.File == nil {
		return
	}
	for _, problem := range env.Dotenv.Problems() {
		v.problem(Problem{
			Where: fmt.Sprintf(".env:%d:%d", problem.Line, problem.Column),
			What:  problem.Problem, Type: "correct the line",
		})
	}
}

// pins warns of what would make the gateway rewrite its config at its next start.
func (v *verifier) pins() {
	if len(v.scanned.References) == 0 {
		return
	}
	for _, pin := range v.scanned.View.Pins(v.scanned.Resolved, v.scanned.Env) {
		v.problem(Problem{
			Where: v.scanned.View.Home.Rel(v.scanned.View.Home.ConfigPath),
			What:  "the gateway will switch on the plugin " + pin.Plugin + " at its next start, and write every secret back into the config as it does",
			Type:  "clawsecrets extract",
		})
	}
}

// unread reports what could not be read: nothing can be said of that.
func (v *verifier) unread() {
	for _, skipped := range v.scanned.Coverage.Skipped {
		if skipped.Class == "unread" {
			v.problem(Problem{
				Where: skipped.File, What: "could not be read: " + skipped.Why,
				Type: "make it readable, or run clawsecrets as its owner",
			})
		}
	}
}

// modes checks who can read what holds secrets, in the Home and nowhere else.
func (v *verifier) modes() {
	home := v.scanned.View.Home
	check := func(path string, want fs.FileMode) {
		inside, err := home.Contains(path)
		if err != nil || !inside {
			return // what is not there cannot be read, and what lies elsewhere is not ours to judge
		}
		info, err := os.Stat(path)
		if err != nil {
			return
		}
		if info.Mode().Perm()&^want != 0 {
			v.problem(Problem{
				Where: home.Rel(path), What: fmt.Sprintf("has mode %04o", info.Mode().Perm()),
				Type: fmt.Sprintf("chmod %04o %s", want, path), Mode: want, path: path,
			})
		}
	}
	check(home.StateDir, 0o700)
	check(filepath.Join(home.StateDir, "credentials"), 0o700)
	for _, file := range v.secretFiles() {
		check(file, 0o600)
	}
}

func (v *verifier) secretFiles() []string {
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
	for _, f := range v.scanned.Findings {
		if !slices.Contains(files, f.File.Path) && !f.File.Outside() {
			files = append(files, f.File.Path)
		}
	}
	return files
}

// Fix gives files and directories that others can read the modes they should have,
// and returns how many it changed. It cannot be led out of the Home by a link.
func Fix(view *gateway.View, problems []Problem) (fixed int, err error) {
	root, err := os.OpenRoot(view.Home.StateDir)
	if err != nil {
		return 0, err
	}
	defer root.Close()
	for _, p := range problems {
		if p.Mode == 0 {
			continue
		}
		if err := chmodInside(root, view.Home.Rel(p.path), p.Mode); err != nil {
			return fixed, err
		}
		fixed++
	}
	return fixed, nil
}

// chmodInside changes the mode of an open file or directory: by name another could be
// put in its place.
func chmodInside(root *os.Root, name string, mode fs.FileMode) error {
	info, err := root.Stat(name)
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() && !info.IsDir() {
		return &fs.PathError{Op: "chmod", Path: name, Err: errors.New("is neither a file nor a directory")}
	}
	file, err := root.Open(name)
	if err != nil {
		return err
	}
	return errors.Join(file.Chmod(mode), file.Close())
}
