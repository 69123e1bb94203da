package extract

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/clawsecrets/clawsecrets/internal/gateway"
)

// references finds what the config refers to and nothing sets.
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
			Do:    "add " + m.Name + "=… to " + v.scanned.View.Home.EnvPath(),
		})
	}
	v.result.References = len(v.scanned.References) - len(missing)
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
			What:  problem.Problem, Do: "correct the line",
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
			Where:   v.scanned.View.Home.Rel(v.scanned.View.Home.ConfigPath),
			What:    "the gateway will switch on the plugin " + pin.Plugin + " at its next start, and write every secret back into the config as it does",
			Command: extractCommand(),
		})
	}
}

// unread reports what could not be read: nothing can be said of that.
func (v *verifier) unread() {
	for _, skipped := range v.scanned.Coverage.Skipped {
		if skipped.Class == "unread" {
			v.problem(Problem{
				Where: skipped.File, What: "could not be read: " + skipped.Why,
				Do: v.readable(skipped.File),
			})
		}
	}
}

// readable says what to do about a file or directory that could not be read, or not all of it.
func (v *verifier) readable(name string) string {
	path := filepath.FromSlash(name)
	if !filepath.IsAbs(path) {
		path = filepath.Join(v.scanned.View.Home.StateDir, path)
	}
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return "delete it, if nothing needs it"
	}
	if err == nil && (info.Mode().IsRegular() || info.IsDir()) { // opening anything else may block
		file, err := os.Open(path)
		if err == nil {
			_ = file.Close()
			return "its mode is not the reason: unpack it or look into it yourself, and delete it if you do not need it"
		}
	}
	return "make it readable, or run clawsecrets as its owner"
}
