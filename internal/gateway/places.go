package gateway

import (
	"path"
	"strings"

	"github.com/clawsecrets/clawsecrets/internal/durable"
)

// Place says what a file is by where it lies, before anything is read of it.
type Place struct {
	// Surface is the kind of file; "unknown" for one that no generation of the
	// product is known to make. It is "" where Skip is set.
	Surface Surface
	// Action is what fits a secret found here: extract, redact, rotate, delete or
	// keep. A file can give a reason for another one, as the rule that found it can.
	Action string
	// Note says in one line what else there is to know of a secret here, "" for nothing.
	Note string
	// ToModel is set for a file whose text the agent sends to the model, and so to whoever
	// runs it.
	ToModel bool
	// Skip says why the file, or all that a directory holds, is not read, and what to
	// do about it; "" if it is.
	Skip string
}

// The actions that fit a place.
const (
	extractIt = "extract" // can move to .env
	redactIt  = "redact"  // nothing resolves it: can be blotted out
	rotateIt  = "rotate"  // cannot be taken out: make it worthless at its issuer
	deleteIt  = "delete"  // the file is a leftover
	keepIt    = "keep"    // whoever uses it needs it there
)

// Classify returns what the state directory holds at rel, a path relative to it with
// slashes, of a file or of a directory. Everything is read that there is no reason to
// leave out, also what is not known. It looks at the path only.
func Classify(rel string) Place {
	rel = path.Clean(rel)
	segments := strings.Split(rel, "/")
	if why := excluded(segments); why != "" {
		return Place{Skip: why}
	}
	for _, segment := range segments {
		if durable.IsStaging(segment) {
			return leftover() // of a write that was cut short
		}
	}
	base := path.Base(rel)
	switch {
	case strings.HasSuffix(base, ".json.lock"), strings.HasSuffix(base, ".jsonl.lock"):
		return placed("lock")
	case isArchive(base):
		return placed("archive")
	case isDatabase(base) && segments[0] != "dns": // a zone file, which is text
		return placed("database")
	case len(segments) == 1:
		return rootFile(base)
	}
	return inFolder(segments)
}

// placed returns a place of the surface, with the action that fits most of its files.
func placed(surface Surface) Place {
	return Place{Surface: surface, Action: defaultAction(surface)}
}

// leftover is a copy that nothing reads any more.
func leftover() Place { return Place{Surface: "backup", Action: deleteIt} }

func defaultAction(surface Surface) string {
	switch surface {
	case "config", "include", "auth-profile", "service", "backup":
		return extractIt
	case "generated", "session", "log", "history":
		return redactIt
	case "database", "git-history":
		return rotateIt
	case "media", "archive":
		return deleteIt
	default:
		// credentials and device: the gateway refreshes them itself. Code, jobs, shell
		// files and workspaces: what runs them needs the value, by whatever name.
		return keepIt
	}
}

// excluded returns why a path is not read, "" if it is.
func excluded(segments []string) string {
	if isOurs(segments) {
		return "our own records: extract --forget removes them"
	}
	for _, segment := range segments {
		switch segment {
		case ".git":
			return "the history of a repository, which git compresses: scan it with gitleaks git; a secret that was committed stays there, so rotate it"
		case "node_modules":
			return "installed packages: other people's files"
		}
	}
	base := segments[len(segments)-1]
	switch {
	case segments[0] == "browser" && len(segments) > 2 && segments[2] == "user-data":
		return "a browser profile, with cookies and passwords that the browser encrypts: end the sessions where they are logged in, then delete the profile"
	case len(segments) == 1 && base == "exec-approvals.sock":
		return "a socket: it holds no data"
	case strings.HasSuffix(base, "-shm") && isDatabase(strings.TrimSuffix(base, "-shm")):
		return "an index that SQLite keeps of its -wal: it holds no data of its own"
	}
	return ""
}

// isOurs reports whether a path is that of a file which we keep in the state directory, or of
// a write to one. What else lies in that folder is somebody else's.
func isOurs(segments []string) bool {
	if segments[0] != "clawsecrets" || len(segments) < 2 {
		return false
	}
	switch segments[1] {
	case "receipt.json", "quarantine.env", "rotation.json", "lock":
		return true
	}
	return durable.IsStaging(segments[1])
}

// isArchive reports whether a file is an archive, or compressed, by its name.
func isArchive(base string) bool {
	switch strings.ToLower(path.Ext(base)) {
	case ".tar", ".tgz", ".tzst", ".gz", ".zst", ".zip":
		return true
	}
	return false
}

// isDatabase reports whether a file is a SQLite database by its name, the log that
// belongs to one, or a copy: main.sqlite, main.sqlite-wal, main.sqlite.doctor.bak.
func isDatabase(base string) bool {
	base = strings.TrimSuffix(strings.TrimSuffix(base, "-wal"), "-journal")
	switch path.Ext(base) {
	case ".sqlite", ".sqlite3", ".db":
		return true
	}
	return strings.Contains(base, ".sqlite.") || strings.Contains(base, ".sqlite3.")
}
