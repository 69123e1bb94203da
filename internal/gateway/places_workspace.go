package gateway

import (
	"path"
	"slices"
)

// inWorkspace classifies what lies in an agent's workspace, by its path there. Its notes are
// the most exposed files of all: the agent sends them to the model.
func inWorkspace(within []string) Place {
	place := placed("workspace")
	switch name := within[0]; {
	case len(within) == 1 && slices.Contains(bootstrapFiles(), name):
		place.Note = "sent to the model on every call: take it out, and rotate it"
	case len(within) == 1 && (name == "MEMORY.md" || name == "memory.md"): // OpenClaw sends it on every call, too
		place.Note = "sent to the model when it searches its memory, by later versions on every call: take it out, and rotate it"
	case len(within) > 1 && name == "memory" && path.Ext(within[len(within)-1]) == ".md":
		place.Note = "sent to the model when it searches its memory: take it out, and rotate it"
	case len(within) == 1 && name == "BOOT.md": // gateway/boot.js
		place.Note = "sent to the model whenever the gateway starts: take it out, and rotate it"
	}
	place.ToModel = place.Note != ""
	return place
}

// bootstrapFiles are the files of a workspace that go into every prompt
// (loadWorkspaceBootstrapFiles in agents/workspace.js).
func bootstrapFiles() []string {
	return []string{"AGENTS.md", "SOUL.md", "TOOLS.md", "IDENTITY.md", "USER.md", "HEARTBEAT.md", "BOOTSTRAP.md"}
}
