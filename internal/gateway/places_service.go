package gateway

import (
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/clawsecrets/clawsecrets/internal/service"
)

// starts reports whether something is known that starts this gateway. Of a Home that
// was named, [service.Environment] returns such only where it is proven.
func starts(env *Env) bool {
	if env.Running != nil {
		return true
	}
	for _, source := range env.Sources {
		switch source.Kind {
		case service.SourceUnit, service.SourceDropIn, service.SourcePlist:
			return true
		}
	}
	return false
}

// services returns the files that set the gateway's environment, older versions of
// units and property lists beside them, and those of the node host, which holds the
// gateway's token too.
func (o *outside) services() []candidate {
	var found []candidate
	for _, source := range o.Env.Sources {
		c := candidate{path: source.Path, inside: "service-env", why: "a " + source.Kind + " of the gateway's service"}
		switch source.Kind {
		case service.SourceProcess, service.SourceServiceEnv:
			continue // no file, and one of the state directory
		case service.SourceWorkingDirectory:
			c.surface, c.why = "dotenv", "the gateway loads it in its working directory"
		case service.SourceUnit, service.SourcePlist:
			for _, name := range copiesOf(source.Path) {
				found = append(found, candidate{path: name, inside: "service-env", why: "an older version of the gateway's service"})
			}
		}
		found = append(found, c)
	}
	add := func(why string, paths []string) {
		for _, path := range paths {
			found = append(found, candidate{path: path, inside: "service-env", why: why, claim: likely})
		}
	}
	home := o.Home.UserHome
	units, agents := filepath.Join(home, ".config", "systemd", "user"), filepath.Join(home, "Library", "LaunchAgents")
	const node, removed, other = "the service of a node host", "a service that was removed", "the service of a gateway"
	add(node, entries(units, "clawdbot-node.service", ""))
	add(node, entries(filepath.Join(units, "clawdbot-node.service.d"), "", ".conf"))
	add(node, entries(agents, "com.clawdbot.node.plist", ""))
	for _, prefix := range []string{"com.clawdbot.", "com.steipete.clawdbot."} {
		add(removed, entries(filepath.Join(home, ".Trash"), prefix, ""))
		if o.Home.Explicit { // so that it is said that they are left out
			add(other, entries(agents, prefix, ".plist"))
		}
	}
	if o.Home.Explicit {
		add(other, entries(units, "clawdbot-gateway", ".service"))
	}
	return found
}

// logs returns the logs of the fixed directory. All gateways of the machine write to it.
func (o *outside) logs() []candidate {
	dirs := o.LogDirs
	if dirs == nil && filepath.Separator == '/' {
		dirs = []string{"/tmp/clawdbot", "/tmp/moltbot", "/tmp/openclaw"}
	}
	var found []candidate
	for _, dir := range dirs {
		for _, path := range entries(dir, "", "") {
			if strings.Contains(filepath.Base(path), ".log") {
				found = append(found, candidate{path: path, inside: "logs", why: "what the gateway and its commands print", claim: likely, shared: true})
			}
		}
	}
	return found
}

// compose returns compose files and the .env beside each, from where people keep them:
// beside the state directory, in the home directory, in a checkout of the product, and
// where the gateway is started.
func (o *outside) compose() []candidate {
	home := o.Home.UserHome
	dirs := []string{
		filepath.Dir(o.Home.StateDir), home,
		filepath.Join(home, "clawdbot"), filepath.Join(home, "moltbot"), filepath.Join(home, "openclaw"),
	}
	if dir := o.variable("CLAWDBOT_GIT_DIR"); dir != "" {
		dirs = append(dirs, o.absolute(dir))
	}
	dirs = append(dirs, o.workingDir())
	const why = "a compose file where the gateway is kept"
	var found []candidate
	for _, dir := range dirs {
		files := append(entries(dir, "docker-compose", ""), entries(dir, "compose", "")...)
		for _, path := range files {
			name := filepath.Base(path)
			if !strings.HasSuffix(name, ".yml") && !strings.HasSuffix(name, ".yaml") {
				continue
			}
			found = append(found,
				candidate{path: path, inside: "service-env", why: why, claim: likely},
				candidate{path: filepath.Join(dir, ".env"), surface: "dotenv", why: "compose reads it beside " + name, claim: likely})
		}
	}
	return found
}

// archives returns the backups that a person or the product (openclaw backup create) has packed,
// from where those are left: the home directory, beside the state directory, and where the
// gateway is started.
func (o *outside) archives() []candidate {
	var found []candidate
	for _, dir := range []string{o.Home.UserHome, filepath.Dir(o.Home.StateDir), o.workingDir()} {
		for _, path := range entries(dir, "", "") {
			if isBackupArchive(filepath.Base(path)) {
				found = append(found, candidate{path: path, inside: "backup.tar.gz", why: "a backup of a gateway, by its name", claim: likely})
			}
		}
	}
	return found
}

// isBackupArchive reports whether an archive is a backup of one of the products, by its name.
func isBackupArchive(name string) bool {
	name = strings.ToLower(name)
	return isArchive(name) && strings.Contains(name, "backup") &&
		slices.ContainsFunc(products(), func(p Product) bool { return strings.Contains(name, string(p)) })
}

// workingDir returns where the gateway is started, the home directory if it is not
// known: a user's service begins there.
func (o *outside) workingDir() string {
	if o.Env.Running != nil && o.Env.Running.Dir != "" {
		return o.Env.Running.Dir
	}
	for _, source := range o.Env.Sources {
		if source.Kind == service.SourceWorkingDirectory && source.Unreadable == "" {
			return filepath.Dir(source.Path)
		}
	}
	return o.Home.UserHome
}

// gatewayHome returns the home directory that "~" stands for in the gateway: that of
// its process or service where that says so.
func (o *outside) gatewayHome() string {
	for _, source := range o.Env.Sources {
		home := source.Values["HOME"].Reveal()
		if source.Kind != service.SourceWorkingDirectory && filepath.IsAbs(home) {
			return home
		}
	}
	return o.Home.UserHome
}

// ownedByGateway reports whether a file is a regular one of the state directory's
// owner, or ours; true where the system does not tell.
func (o *outside) ownedByGateway(path string) bool {
	info, err := os.Lstat(path)
	if err != nil || !info.Mode().IsRegular() {
		return false
	}
	owner, known := service.FileOwner(path)
	gateways, ok := service.FileOwner(o.Home.StateDir)
	return !known || !ok || owner == gateways || owner == os.Getuid()
}

// copiesOf returns what lies beside a file under its name and a further ending.
func copiesOf(file string) []string {
	var copies []string
	for _, path := range entries(filepath.Dir(file), filepath.Base(file), "") {
		if rest := strings.TrimPrefix(filepath.Base(path), filepath.Base(file)); rest != "" && strings.ContainsAny(rest[:1], ".~-") {
			copies = append(copies, path)
		}
	}
	return copies
}

// entries returns the paths of what a directory holds, other directories left out, by
// the beginning and the end of the name; none where it cannot be listed.
func entries(dir, prefix, suffix string) []string {
	list, err := os.ReadDir(dir)
	if err != nil {
		return nil
	}
	var paths []string
	for _, entry := range list {
		if name := entry.Name(); !entry.IsDir() && strings.HasPrefix(name, prefix) && strings.HasSuffix(name, suffix) {
			paths = append(paths, filepath.Join(dir, name))
		}
	}
	return paths
}
