package scan

import (
	"io/fs"
	"path"
	"path/filepath"
	"strings"

	"github.com/clawsecrets/clawsecrets/internal/gateway"
)

// rest walks the state directory for what the steps before did not read.
func (s *scanner) rest() error {
	home := s.result.View.Home
	return filepath.WalkDir(home.StateDir, func(name string, entry fs.DirEntry, err error) error {
		rel := filepath.ToSlash(home.Rel(name))
		if err != nil {
			s.skip(rel, "unread", cause(err))
			return nil
		}
		if entry.IsDir() {
			if why := excludedDir(rel); why != "" {
				s.skip(rel+"/", "excluded", why)
				return filepath.SkipDir
			}
			return nil
		}
		switch place := gateway.Classify(rel); {
		case place.Skip != "":
			s.skip(rel, "excluded", place.Skip)
		case !isNarrow(place.Surface, rel):
			s.skip(rel, "excluded", "neither config nor credentials: this version does not read it")
		default:
			s.file(name, rel, place)
		}
		return nil
	})
}

// excludedDir returns why a directory of the Home is not read.
func excludedDir(rel string) string {
	base := path.Base(rel)
	switch {
	case base == "clawsecrets" && !strings.Contains(rel, "/"):
		return "our own receipts"
	case base == "sessions" || strings.HasPrefix(base, "sessions.legacy"):
		return "transcripts: this version does not read them"
	case base == "node_modules" || base == ".git":
		return "other people's files"
	}
	if strings.Contains(rel, "/") {
		return ""
	}
	switch base {
	case "logs", "media", "browser", "memory", "cron", "sandboxes", "sandbox", "extensions", "plugins",
		"skills", "hooks", "tools", "workspace", "canvas":
		return base + ": this version does not read it"
	}
	return ""
}

// isNarrow reports whether a file is read when not everything is.
func isNarrow(surface gateway.Surface, rel string) bool {
	switch surface {
	case "config", "backup", "credentials", "device", "auth-profile", "generated", "dotenv":
		return true
	}
	return strings.HasSuffix(rel, ".json") || strings.HasSuffix(rel, ".json5")
}
