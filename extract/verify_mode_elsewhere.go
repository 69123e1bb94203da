package extract

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/clawsecrets/clawsecrets/internal/gateway"
	"github.com/clawsecrets/clawsecrets/scan"
)

// looseElsewhere reports a file of the Home that lies elsewhere, mostly by a link, and that
// others can read. Its mode is for the person to change: what is there may serve others.
func (v *verifier) looseElsewhere(path string, info fs.FileInfo, tight func(fs.FileMode) fs.FileMode) {
	mode := info.Mode().Perm()
	real, err := filepath.EvalSymlinks(path)
	if err != nil || !v.holdsSecrets(path) || !reachable(real, mode) {
		return
	}
	what := fmt.Sprintf("has mode %04o", mode)
	if real != path {
		what = fmt.Sprintf("leads to %s, which has mode %04o", real, mode)
	}
	v.problem(Problem{
		Where: v.scanned.View.Home.Rel(path), What: what,
		Command: chmod(looseMode{path: real, mode: tight(mode)}), Do: "the file lies outside of the state directory, where --fix changes nothing",
	})
}

// holdsSecrets reports whether a file or directory is one for secrets, as the .env is, or has
// one in it. A config that only refers to them may be read by anybody.
func (v *verifier) holdsSecrets(path string) bool {
	if v.scanned.Config.Main == nil || !slices.ContainsFunc(v.scanned.Config.Files, func(file *gateway.File) bool { return file.Path == path }) {
		return true
	}
	return slices.ContainsFunc(v.scanned.Findings, func(f *scan.Finding) bool {
		return f.File.Path == path && f.Detector != scan.Weak
	})
}

// reachable reports whether somebody else can read a file of that mode, through all
// directories above it.
func reachable(real string, mode fs.FileMode) bool {
	group, others := mode&0o070 != 0, mode&0o007 != 0
	for dir := filepath.Dir(real); group || others; dir = filepath.Dir(dir) {
		info, err := os.Stat(dir)
		if err != nil {
			return true // nobody knows
		}
		group, others = group && info.Mode()&0o011 != 0, others && info.Mode()&0o001 != 0
		if dir == filepath.Dir(dir) {
			break
		}
	}
	return group || others
}

// ownFiles returns our own directory in the Home, and the files in it.
func (v *verifier) ownFiles() []string {
	own := filepath.Join(v.scanned.View.Home.StateDir, Folder)
	entries, err := os.ReadDir(own)
	if err != nil {
		return nil // there is none, or it is no directory of ours
	}
	paths := []string{own}
	for _, entry := range entries {
		if entry.Type().IsRegular() {
			paths = append(paths, filepath.Join(own, entry.Name()))
		}
	}
	return paths
}
