package service

import (
	"path/filepath"
	"strings"

	"github.com/clawsecrets/clawsecrets/internal/secret"
)

// agentPrefix begins the label of every gateway that the product installs, by its
// profile; nodeLabel is its node host, which is no gateway (daemon/constants.js).
const (
	agentPrefix = "com.clawdbot."
	nodeLabel   = "com.clawdbot.node"
	legacyLabel = "com.steipete.clawdbot.gateway"
)

// launchdSources returns the sources of every launchd service that starts a
// gateway of this Home.
func (q *EnvironmentQuery) launchdSources() []Source {
	sources := q.unlisted(SourcePlist, q.launchAgentsDirs())
	for _, dir := range q.launchAgentsDirs() {
		for _, name := range fileNames(dir, ".plist") {
			label := strings.TrimSuffix(name, ".plist")
			if label == legacyLabel || strings.HasPrefix(label, agentPrefix) && label != nodeLabel {
				sources = append(sources, q.plistSources(filepath.Join(dir, name), label)...)
			}
		}
	}
	return sources
}

func (q *EnvironmentQuery) plistSources(file, label string) []Source {
	text, err := ReadFile(file)
	var agent *LaunchAgent
	if err == nil {
		agent, err = ParseLaunchAgent(file, text)
	}
	if err != nil {
		if q.Explicit {
			return nil
		}
		return newGroups(nil, map[string]error{file: err}).take(nil, SourcePlist, file)
	}
	values, unknown := known(agent.Environment)
	s := start{
		home: q.Home, args: agent.ProgramArguments, unknown: unknown, dir: "/",
		environment: []map[string]secret.Value{values},
	}
	if profile, ok := strings.CutPrefix(label, agentPrefix); ok && profile != "gateway" {
		s.unitName = gatewayUnit + "-" + profile
	}
	if agent.WorkingDirectory != "" {
		s.dir = agent.WorkingDirectory
	}
	if home := values["HOME"].Reveal(); home != "" {
		s.home, s.proven = home, true
	}
	s = s.withWorkingDirectory()
	if !q.owns(s) {
		return nil
	}
	sources := newGroups(agent.Environment, nil).take(nil, SourcePlist, file)
	sources[0].Label = agent.Label
	sources[0].System = filepath.Base(filepath.Dir(file)) == "LaunchDaemons"
	return append(sources, workingDirectorySource(s.dir, 0)...)
}
