package extract

import (
	"path/filepath"
	"slices"
	"strings"

	"github.com/clawsecrets/clawsecrets/internal/dotenv"
	"github.com/clawsecrets/clawsecrets/internal/gateway"
	"github.com/clawsecrets/clawsecrets/internal/secret"
	"github.com/clawsecrets/clawsecrets/internal/service"
)

// sourceCompose is a kind of source that is looked for here alone, beside those of package
// service.
const sourceCompose = "compose .env"

// composeSources returns the .env files that stand beside a compose file: what they set is
// given to the container, and beats the .env as any other environment does.
func (v *verifier) composeSources() []service.Source {
	outside := gateway.Outside(gateway.OutsideQuery{
		Home: v.scanned.View.Home, Resolved: v.scanned.Resolved, Env: v.scanned.Env,
		Getenv: v.options.Getenv, LogDirs: []string{},
	})
	var sources []service.Source
	for _, file := range outside {
		beside := func(other gateway.OutsideFile) bool {
			return other.Skip == "" && filepath.Dir(other.Path) == filepath.Dir(file.Path) && isComposeFile(filepath.Base(other.Path))
		}
		if file.Skip == "" && file.Surface == "dotenv" && filepath.Base(file.Path) == ".env" && slices.ContainsFunc(outside, beside) {
			sources = append(sources, composeSource(file.Path))
		}
	}
	return slices.DeleteFunc(sources, v.isSource)
}

func isComposeFile(base string) bool {
	return (strings.HasPrefix(base, "compose") || strings.HasPrefix(base, "docker-compose")) &&
		(strings.HasSuffix(base, ".yml") || strings.HasSuffix(base, ".yaml"))
}

// isSource reports whether the gateway's environment has the same file already: in its
// working directory.
func (v *verifier) isSource(source service.Source) bool {
	return slices.ContainsFunc(v.scanned.Env.Sources, func(known service.Source) bool { return known.Path == source.Path })
}

// composeSource reads a .env. One that cannot be read is named by the scan.
func composeSource(path string) service.Source {
	source := service.Source{Kind: sourceCompose, Path: path, Values: map[string]secret.Value{}, Lines: map[string]int{}}
	data, err := service.ReadFile(path)
	if err != nil {
		return source
	}
	for _, entry := range dotenv.Parse(data).Entries() {
		source.Values[entry.Name] = secret.New(entry.Value)
		source.Lines[entry.Name] = entry.Line
	}
	return source
}
