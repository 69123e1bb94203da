package extract

import (
	"bytes"
	"path/filepath"
	"slices"
	"strings"

	"github.com/clawsecrets/clawsecrets/internal/gateway"
	"github.com/clawsecrets/clawsecrets/internal/rules"
	"github.com/clawsecrets/clawsecrets/internal/secret"
	"github.com/clawsecrets/clawsecrets/internal/service"
	"github.com/clawsecrets/clawsecrets/scan"
)

// isSecret reports whether a variable that a file sets holds a secret and nothing that a
// program needs before it has read a .env: by its name, because its value was found to
// be one, or because it is a URL with one in it.
func (p *planner) isSecret(file *serviceFile, name string, value secret.Value) bool {
	if value.IsZero() || ofTheProcess(name) {
		return false
	}
	text := value.Reveal()
	if p.values()[text] || rules.SecretKey(name) && rules.Weak(text, 0) == rules.None && len(gateway.References(text)) == 0 {
		return true
	}
	return strings.Contains(text, "://") && slices.ContainsFunc(p.findingsIn(file.File), func(f *scan.Finding) bool {
		return strings.Contains(text, f.Value.Reveal())
	})
}

// ofTheProcess reports whether a variable says how a process runs or where it finds its
// files: the system, node or the gateway reads it before any .env.
func ofTheProcess(name string) bool {
	switch name {
	case "HOME", "PATH", "SHELL", "USER", "LOGNAME", "PWD", "TERM", "LANG", "TZ", "HOSTNAME", "TMPDIR", "TMP", "TEMP", "DOTENV_KEY":
		return true
	}
	for _, prefix := range []string{"NODE_", "NPM_", "LD_", "DYLD_", "LC_", "XDG_", "SYSTEMD_", "DBUS_", "SSL_", "OPENSSL_", "GIT_", "PYTHON", "JAVA_"} {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	for _, ending := range []string{"_STATE_DIR", "_CONFIG_PATH", "_PROFILE", "_PORT", "_DIR", "_HOME", "_PATH", "_FILE", "_HOST", "_PROXY"} {
		if strings.HasSuffix(name, ending) {
			return true
		}
	}
	return false
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

// readElsewhere says why an environment file is not ours to change: a file outside of
// the state directory serves any program, and another unit may read one inside.
func (p *planner) readElsewhere(path string) string {
	if filepath.IsAbs(p.result.View.Home.Rel(path)) {
		return path + " is a file of yours, which other programs may read: take the variable out there"
	}
	var own, dirs []string
	for _, source := range p.result.Env.Sources {
		own = append(own, source.Path)
		if dir := filepath.Dir(source.Path); source.Kind == service.SourceUnit && !slices.Contains(dirs, dir) {
			dirs = append(dirs, dir)
		}
	}
	for _, dir := range dirs {
		units, _ := filepath.Glob(filepath.Join(dir, "*.service")) // the patterns are well-formed
		more, _ := filepath.Glob(filepath.Join(dir, "*.service.d", "*.conf"))
		for _, unit := range slices.Concat(units, more) {
			text, err := service.ReadFile(unit)
			if !slices.Contains(own, unit) && err == nil && bytes.Contains(text, []byte(filepath.Base(path))) {
				return unit + " reads the file, too: take the variable out of it, and give that one a file of its own"
			}
		}
	}
	return ""
}
