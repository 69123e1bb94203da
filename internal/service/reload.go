package service

import (
	"cmp"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"unicode"
)

// Reload returns the commands after which the service managers use the files of
// these sources as they are now, for a person to type: each once, in the order of
// the sources. The sources are those that were changed; uid is the gateway's user.
//
// Files that are read whenever a service starts need none. A running gateway keeps
// its environment until it is restarted, which the commands for launchd alone do.
// Those for the system's service manager have to be typed as root.
func Reload(sources []Source, uid int) []string {
	var commands []string
	for _, source := range sources {
		for _, command := range reloadCommands(source, uid) {
			if !slices.Contains(commands, command) {
				commands = append(commands, command)
			}
		}
	}
	return commands
}

func reloadCommands(source Source, uid int) []string {
	switch source.Kind {
	case SourceUnit, SourceDropIn:
		if source.System {
			return []string{"systemctl daemon-reload"}
		}
		return []string{"systemctl --user daemon-reload"}
	case SourceEnvironmentD:
		// A reload adds to the manager's environment and takes nothing out of it.
		return []string{fmt.Sprintf("systemctl restart user@%d.service  # ends all that this user's service manager runs", uid)}
	case SourcePlist:
		domain := fmt.Sprintf("gui/%d", uid)
		if source.System {
			domain = "system"
		}
		label := cmp.Or(source.Label, strings.TrimSuffix(filepath.Base(source.Path), ".plist"))
		return []string{
			"launchctl bootout " + shellQuote(domain+"/"+label),
			"launchctl bootstrap " + domain + " " + shellQuote(source.Path),
		}
	}
	return nil
}

// shellQuote returns word so that a shell reads it as one word.
func shellQuote(word string) string {
	special := func(r rune) bool {
		return !strings.ContainsRune("/._-+:@%", r) && !unicode.IsLetter(r) && !unicode.IsDigit(r)
	}
	if word != "" && !strings.ContainsFunc(word, special) {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}
