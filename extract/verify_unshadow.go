package extract

import (
	"path/filepath"
	"strings"

	"github.com/clawsecrets/clawsecrets/internal/service"
	"github.com/clawsecrets/clawsecrets/scan"
)

// unshadowService is unshadow for a file of the service's own: extract takes the variable out of
// it, or says why it does not.
func (v *verifier) unshadowService(name string, source service.Source) (command []string, do string) {
	written := source.Kind == service.SourceUnit || source.Kind == service.SourcePlist // by the product
	taken, why := v.serviceFate(name, source)
	switch {
	case taken && written:
		return extractCommand("--service"), v.reinstall(name) + restart
	case taken:
		return extractCommand("--service"), "or delete the line" + restart
	case why != "":
		return nil, why + restart
	case written:
		return nil, "take the variable out; " + v.reinstall(name) + restart
	}
	return nil, "delete the line" + restart
}

// serviceFate reports whether the plan takes a variable out of a file of the service, and if
// not, why: "" where the plan has nothing to do with it.
func (v *verifier) serviceFate(name string, source service.Source) (taken bool, why string) {
	if v.plan == nil {
		return false, ""
	}
	for _, move := range v.plan.Moves {
		if move.Name == name && isFile(move.Finding, source.Path) {
			return true, ""
		}
	}
	for _, kept := range v.plan.Kept {
		if f := kept.Finding; isFile(f, source.Path) && isOf(f, name, source) {
			return false, kept.Why
		}
	}
	return false, ""
}

// isFile reports whether a finding lies in a file, under whatever name the scan has it.
func isFile(f *scan.Finding, path string) bool {
	if f.File.Path == path {
		return true
	}
	real, err := filepath.EvalSymlinks(path)
	return err == nil && f.File.Path == real
}

// isOf reports whether a finding in a source stands in the value of a variable.
func isOf(f *scan.Finding, name string, source service.Source) bool {
	if f.Env == name {
		return true
	}
	line := source.Lines[name]
	return (line == 0 || line == f.Line) && strings.Contains(source.Values[name].Reveal(), f.Value.Reveal())
}
