package extract

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/clawsecrets/clawsecrets/internal/rules"
	"github.com/clawsecrets/clawsecrets/internal/secret"
	"github.com/clawsecrets/clawsecrets/internal/service"
	"github.com/clawsecrets/clawsecrets/scan"
)

// shadows finds what the gateway reads before the .env and so beats it: with another value
// now, or with the same one until somebody changes the .env.
func (v *verifier) shadows(ctx context.Context) {
	v.shadowed = map[assignment]bool{}
	names := v.envNames()
	sources := slices.Concat(v.scanned.Env.Sources, v.composeSources(), v.launchctlSources(ctx, names))
	for _, source := range sources {
		if source.Unreadable != "" {
			v.problem(Problem{
				Where: source.Name(), What: "sets variables for the gateway and cannot be read: " + source.Unreadable,
				Do: "make it readable, or run clawsecrets as the gateway's user",
			})
		}
	}
	for _, name := range names {
		value, _ := v.scanned.Env.Dotenv.Get(name)
		for _, source := range sources {
			v.shadow(variable{name, secret.New(value)}, source, sources)
		}
	}
}

// launchctlSources returns what launchd gives to everything that it starts for the person. Of
// a Home that was named it is asked only where launchd is known to start its gateway.
func (v *verifier) launchctlSources(ctx context.Context, names []string) []service.Source {
	starts := func(s service.Source) bool { return s.Kind == service.SourcePlist }
	if v.scanned.View.Home.Explicit && !slices.ContainsFunc(v.scanned.Env.Sources, starts) {
		return nil
	}
	return service.LaunchctlGetenv(ctx, names)
}

// variable is one of the .env.
type variable struct {
	name  string
	value secret.Value
}

// envNames returns the names that the .env sets, each once.
func (v *verifier) envNames() []string {
	var names []string
	for _, entry := range v.scanned.Env.Dotenv.Entries() {
		if !slices.Contains(names, entry.Name) {
			names = append(names, entry.Name)
		}
	}
	return names
}

// isOwnEnv reports whether a source is the Home's own .env, which a service may read too:
// what changes there has an effect.
func (v *verifier) isOwnEnv(source service.Source) bool {
	if source.Path == "" {
		return false
	}
	own, err := os.Stat(v.scanned.View.Home.EnvPath())
	if err != nil {
		return false
	}
	other, err := os.Stat(source.Path)
	return err == nil && os.SameFile(own, other)
}

// shadow reports a source that sets a variable of the .env.
func (v *verifier) shadow(variable variable, source service.Source, all []service.Source) {
	value, sets := source.Values[variable.name]
	same := sets && value.Equal(variable.value)
	unknown := slices.Contains(source.UnknownNames, variable.name)
	switch {
	case !sets && !unknown, same && !v.matters(variable.name), same && v.isOwnEnv(source):
		return
	case source.Kind == service.SourceProcess && repeats(variable.name, value, all):
		return // what started it is named, or reads the .env
	}
	p := Problem{Where: source.Where(variable.name), What: shadowing(variable.name, source.Kind, same, unknown)}
	p.Command, p.Do = v.unshadow(variable.name, source)
	v.problem(p)
	v.shadowed[assignment{source.Path, variable.name}] = true
}

// shadowing says what a source does to a variable of the .env: it has the same value now, an
// unknown one, or another.
func shadowing(name, kind string, same, unknown bool) string {
	switch {
	case unknown:
		return "sets " + name + " to something that only the service manager knows, and the gateway takes this one"
	case kind == service.SourceProcess && same:
		return "was started with " + name + " in its environment, so that a change in .env has no effect"
	case kind == service.SourceProcess:
		return "was started with another " + name + " than the .env has, and uses that one"
	case same:
		return "sets " + name + " itself, so that a change in .env has no effect"
	}
	return "sets " + name + " to something else than the .env does, and the gateway takes this one"
}

// matters reports whether a variable holds a secret or may: extract moved it, the config
// refers to it, or its name or its value is that of one.
func (v *verifier) matters(name string) bool {
	return rules.SecretKey(name) || v.moved(name) || v.scanned.References[name] > 0 ||
		slices.ContainsFunc(v.scanned.Findings, func(f *scan.Finding) bool { return f.File == v.scanned.Env.File && f.Env == name })
}

// repeats reports whether a file sets the variable as a process has it.
func repeats(name string, value secret.Value, sources []service.Source) bool {
	return slices.ContainsFunc(sources, func(s service.Source) bool {
		set, ok := s.Values[name]
		return ok && s.Kind != service.SourceProcess && set.Equal(value)
	})
}

const restart = ", then restart the gateway"

// unshadow returns what to type, and what else to do, so that the .env counts.
func (v *verifier) unshadow(name string, source service.Source) (command []string, do string) {
	if v.isOwnEnv(source) {
		return nil, "the service reads the .env by rules of its own: write the value so that it needs no quotes" + restart
	}
	if editable(source.Kind) {
		return v.unshadowService(name, source)
	}
	switch source.Kind {
	case service.SourceProcess:
		return nil, "restart the gateway; if the variable is there again, it comes from what starts it: a shell, its profile, or a script"
	case sourceCompose:
		return nil, "delete the line, then make the container anew: docker compose up -d"
	case service.SourceLaunchctl:
		return []string{"launchctl", "unsetenv", name}, restart[len(", "):]
	default:
		return nil, "delete the line" + restart
	}
}

// reinstall says what the product's own command does about a variable in the unit or property
// list that it has written: it writes the gateway's token and the config's env block there,
// resolved, whenever it is run (commands/daemon-install-helpers.js).
func (v *verifier) reinstall(name string) string {
	command := v.productCommand() + " gateway install --force"
	if _, exported := v.scanned.Resolved.InlineEnv()[name]; exported || name == "CLAWDBOT_GATEWAY_TOKEN" {
		return command + " only writes it there again, with the value of that moment: leave that"
	}
	return "or " + command + ", which writes the file without it"
}

// productCommand is the gateway's command, with the profile of the Home.
func (v *verifier) productCommand() string {
	home := v.scanned.View.Home
	command := string(home.Product)
	if profile, ok := strings.CutPrefix(filepath.Base(home.StateDir), "."+command+"-"); ok {
		command += " --profile " + profile
	}
	return command
}
