package scan

import (
	"io/fs"
	"os"
	"path/filepath"

	"github.com/clawsecrets/clawsecrets/internal/gateway"
	"github.com/clawsecrets/clawsecrets/internal/rules"
	"github.com/clawsecrets/clawsecrets/internal/secret"
)

// pathName is the name of a file or directory that a walk has met.
type pathName struct{ path, shown string }

// pathNames records the known values that stand in names of files and directories. Backups,
// logs and shells show names to anybody, and nothing but a new name takes a value out.
func (p *places) pathNames(known []rules.Known) {
	if len(known) == 0 || p.options.GitleaksOnly {
		return
	}
	values, rule := make([]string, len(known)), map[string]string{}
	for i, k := range known {
		values[i], rule[k.Value] = k.Value, k.Rule
	}
	search := NewNameSearch(nil, values...)
	for _, name := range p.met {
		base, seen := filepath.Base(name.path), map[string]bool{}
		for _, span := range search.known(base) {
			value := base[span.From:span.To]
			if id, ok := rule[value]; ok && !seen[value] {
				seen[value] = true
				p.pathName(name, id, value)
			}
		}
	}
}

func (p *places) pathName(name pathName, rule, value string) {
	var mode fs.FileMode
	if info, err := os.Stat(filepath.Dir(name.path)); err == nil {
		mode = info.Mode().Perm() // who reads the folder reads the name
	}
	// Not of the surface of what is in the file: nobody is to look for the value there.
	file := &gateway.File{Path: name.path, Rel: name.shown, Surface: "unknown", Mode: mode}
	p.record(&Finding{
		Rule: rule, Detector: Known, Value: secret.New(value), Action: Keep, Note: "in its name: rename it",
		Location: Location{File: file},
	})
}
